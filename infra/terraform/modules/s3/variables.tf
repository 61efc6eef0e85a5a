variable "name" {
  type        = string
  description = "Prefix of every resource's name, such as abalone-dev."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name has to be 3 to 31 small letters, digits and dashes, and start with a letter."
  }
}

variable "key_arn" {
  type        = string
  description = "ARN of the KMS key that encrypts what is stored here."
  nullable    = false
}

variable "temporary_days" {
  type        = number
  description = "Days that what SageMaker jobs hand on to one another, in the data bucket, is kept."
  default     = 60
  nullable    = false

  validation {
    condition     = var.temporary_days >= 1
    error_message = "temporary_days has to be 1 or more."
  }
}

variable "noncurrent_days" {
  type        = number
  description = "Days that a replaced or deleted object can be brought back."
  default     = 90
  nullable    = false

  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "noncurrent_days has to be 1 or more."
  }
}

variable "force_destroy" {
  type        = bool
  description = "Whether destroying a bucket empties it first, with every version of every object."
  default     = false
  nullable    = false
}

variable "log_days" {
  type        = number
  description = "Days that access logs are kept."
  default     = 365
  nullable    = false

  validation {
    condition     = var.log_days >= 1
    error_message = "log_days has to be 1 or more."
  }
}
