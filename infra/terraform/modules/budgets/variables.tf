variable "name" {
  type        = string
  description = "Prefix of every resource's name, such as abalone-dev."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name has to be 3 to 31 small letters, digits and dashes, and start with a letter."
  }
}

variable "monthly_limit_usd" {
  type        = number
  description = "What the account may cost in a month, in US dollars."
  nullable    = false

  validation {
    condition     = var.monthly_limit_usd > 0
    error_message = "monthly_limit_usd has to be more than 0."
  }
}

variable "alert_emails" {
  type        = list(string)
  description = "Addresses that are told; each has to confirm its subscription once."
  default     = []
  nullable    = false

  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "alert_emails has to hold addresses, such as team@example.org."
  }
}

variable "topic_arn" {
  type        = string
  description = "ARN of the SNS topic that is told as well."
  nullable    = false
}
