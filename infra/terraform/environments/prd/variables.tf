variable "region" {
  description = "Region of AWS."
  type        = string
  default     = "eu-west-1"
  nullable    = false
}

variable "source_code" {
  description = "Where the code is, as the stack describes it; by default a repository of CodeCommit, branch main."
  type = object({
    type       = optional(string, "codecommit")
    branch     = optional(string, "main")
    provider   = optional(string, "GitHub")
    repository = optional(string)
  })
  default  = {}
  nullable = false
}

variable "alert_emails" {
  description = "Addresses that alarms, failures and the budget are told to."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "monthly_limit_usd" {
  description = "What a month may cost, in US dollars, before people are told."
  type        = number
  default     = 900
  nullable    = false
}

variable "allowed_cidrs" {
  description = "Addresses that may ask the hosts for predictions; by default none."
  type        = list(string)
  default     = []
  nullable    = false

  validation {
    condition     = length(var.allowed_cidrs) == 0 || var.certificate_arn != null
    error_message = "Production answers nobody in plain HTTP: give certificate_arn, too."
  }
}

variable "certificate_arn" {
  description = "Certificate of the load balancer; null: plain HTTP."
  type        = string
  default     = null
}

variable "force_destroy" {
  description = "Whether a destroy empties buckets and repositories of images, and takes what is protected; set it by an apply first."
  type        = bool
  default     = false
  nullable    = false
}

variable "emulated" {
  description = "Whether the account is emulated on this machine, which `make local-aws` says by itself."
  type        = bool
  default     = false
  nullable    = false
}
