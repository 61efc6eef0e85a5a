variable "name" {
  type        = string
  description = "Prefix of every resource's name, such as abalone-dev."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name has to be 3 to 31 small letters, digits and dashes, and start with a letter."
  }
}

variable "provider_type" {
  type        = string
  description = "Who hosts the repository."
  default     = "GitHub"
  nullable    = false

  validation {
    condition     = contains(["GitHub", "GitLab", "Bitbucket"], var.provider_type)
    error_message = "provider_type has to be GitHub, GitLab or Bitbucket."
  }
}
