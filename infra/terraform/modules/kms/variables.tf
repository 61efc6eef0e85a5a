variable "name" {
  type        = string
  description = "Prefix of every resource's name, such as abalone-dev."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name has to be 3 to 31 small letters, digits and dashes, and start with a letter."
  }
}

variable "deletion_window_days" {
  type        = number
  description = "Days in which a deleted key can be brought back."
  default     = 30
  nullable    = false

  validation {
    condition     = var.deletion_window_days >= 7 && var.deletion_window_days <= 30
    error_message = "deletion_window_days has to be 7 to 30: KMS takes no other."
  }
}
