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

variable "force_delete" {
  type        = bool
  description = "Whether destroying a repository deletes the images in it."
  default     = false
  nullable    = false
}

variable "kept_images" {
  type        = number
  description = "Images that a repository keeps; the one in service has to be among them."
  default     = 50
  nullable    = false

  validation {
    condition     = var.kept_images >= 10
    error_message = "kept_images has to be 10 or more, so that what is in service is not deleted."
  }
}
