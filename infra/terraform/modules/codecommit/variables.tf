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
