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

variable "package" {
  description = "Path of lambdas.zip, which `make lambdas` builds."
  type        = string
  nullable    = false
}

variable "data_bucket" {
  description = "Bucket of the data."
  type        = string
  nullable    = false
}

variable "data_bucket_arn" {
  description = "ARN of the bucket of the data."
  type        = string
  nullable    = false
}

variable "parameter_prefix" {
  description = "Path of the parameters of this environment, such as /abalone/dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(/[A-Za-z0-9_.-]+)+$", var.parameter_prefix))
    error_message = "parameter_prefix begins with a slash and does not end in one, as in /abalone/dev."
  }
}

variable "pipeline_name" {
  description = "Delivery pipeline that retraining starts."
  type        = string
  nullable    = false
}

variable "pipeline_arn" {
  description = "ARN of the delivery pipeline."
  type        = string
  nullable    = false
}

variable "etl_state_machine_arn" {
  description = "State machine that launch_etl starts."
  type        = string
  nullable    = false
}

variable "model_package_group_name" {
  description = "Group of the registered models."
  type        = string
  nullable    = false
}

variable "model_package_group_arn" {
  description = "ARN of the group of the registered models."
  type        = string
  nullable    = false
}

variable "endpoint_arns" {
  description = "Endpoints that may be evaluated."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.endpoint_arns) > 0
    error_message = "endpoint_arns names at least one endpoint: give endpoint_arns of the module endpoint."
  }
}

variable "topic_arn" {
  description = "Topic that is told of events that no function could handle."
  type        = string
  nullable    = false
}

variable "log_retention_days" {
  description = "How long logs are kept; one of the figures that CloudWatch takes."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is a figure that CloudWatch takes, such as 30, 90 or 365."
  }
}

variable "reserved_concurrency" {
  description = "Concurrent executions that are kept for a function, and its limit; a function that is not named shares the account's. A new account has too few to reserve any."
  type        = map(number)
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for limit in values(var.reserved_concurrency) : limit >= 1])
    error_message = "reserved_concurrency is at least 1 for each function: 0 would stop it."
  }
}

variable "extra_environment" {
  description = "Further variables of every function, such as the addresses of an emulator."
  type        = map(string)
  default     = {}
  nullable    = false
}

variable "emulated" {
  description = "Whether the API is an emulator: leaves out tracing."
  type        = bool
  default     = false
  nullable    = false
}
