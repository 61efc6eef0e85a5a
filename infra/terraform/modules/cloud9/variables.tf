variable "name" {
  type        = string
  description = "Prefix of every resource's name, such as abalone-dev."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name has to be 3 to 31 small letters, digits and dashes, and start with a letter."
  }
}

variable "subnet_id" {
  type        = string
  description = "Subnet of the workbench; it needs a way to the internet."
  nullable    = false
}

variable "instance_type" {
  type        = string
  description = "Size of the workbench."
  default     = "t3.small"
  nullable    = false
}

variable "owner_arn" {
  type        = string
  description = "ARN of the user or role that owns the workbench; null for whoever applies."
  default     = null

  validation {
    condition     = var.owner_arn == null || can(regex("^arn:[a-z-]+:(iam|sts)::[0-9]{12}:", var.owner_arn))
    error_message = "owner_arn has to be the ARN of a user or a role, or null."
  }
}
