variable "name" {
  description = "Prefix of every name, such as abalone-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name is 3 to 31 lower-case letters, digits and hyphens, as in abalone-dev."
  }
}

variable "key_arn" {
  description = "Key that encrypts everything this module stores."
  type        = string
  nullable    = false
}

variable "data_bucket_arn" {
  description = "ARN of the bucket of the data."
  type        = string
  nullable    = false
}

variable "job_repository_arn" {
  description = "Repository of the jobs' image."
  type        = string
  nullable    = false
}

variable "serving_repository_arn" {
  description = "Repository of the prediction service's image."
  type        = string
  nullable    = false
}

variable "vpc" {
  description = "Network that the jobs of conf/<env>/sagemaker.yml run in; null: SageMaker's own."
  type = object({
    subnet_ids         = list(string)
    security_group_ids = list(string)
  })
  default = null

  validation {
    condition     = var.vpc == null ? true : length(var.vpc.subnet_ids) > 0 && length(var.vpc.security_group_ids) > 0
    error_message = "vpc has both subnets and security groups, or is null."
  }
}
