variable "region" {
  type        = string
  description = "Region of the bucket; it may differ from that of the environments."
  default     = "eu-west-1"
  nullable    = false

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "region has to be one of AWS's, such as eu-west-1."
  }
}

variable "force_destroy" {
  type        = bool
  description = "Whether destroying the bucket deletes every state in it. Destroy the environments first."
  default     = false
  nullable    = false
}
