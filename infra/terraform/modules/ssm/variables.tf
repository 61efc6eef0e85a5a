variable "prefix" {
  type        = string
  description = "Path that every parameter is below, such as /abalone/dev."
  nullable    = false

  validation {
    condition     = can(regex("^(/[a-z0-9-]+)+$", var.prefix)) && !can(regex("^/(aws|ssm)", var.prefix))
    error_message = "prefix has to be a path such as /abalone/dev, and must not begin with /aws or /ssm."
  }
}

variable "parameters" {
  type        = map(string)
  description = "Values by name below the prefix, such as pipeline/bucket. No secrets: values are readable text."
  nullable    = false

  validation {
    condition     = alltrue([for name in keys(var.parameters) : can(regex("^[a-z0-9_-]+(/[a-z0-9_-]+)*$", name))])
    error_message = "A parameter's name has to be a relative path in small letters, such as pipeline/bucket."
  }
}
