variable "name" {
  type        = string
  description = "Prefix of every resource's name, such as abalone-dev."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name has to be 3 to 31 small letters, digits and dashes, and start with a letter."
  }
}

variable "cidr" {
  type        = string
  description = "Addresses of the network."
  default     = "10.20.0.0/16"
  nullable    = false

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 15)) && try(tonumber(split("/", var.cidr)[1]) <= 24, false)
    error_message = "cidr has to be an IPv4 block of /24 or larger, such as 10.20.0.0/16."
  }
}

variable "zones" {
  type        = list(string)
  description = "Letters of the availability zones; a load balancer asks for two."
  default     = ["a", "b"]
  nullable    = false

  validation {
    condition     = length(distinct(var.zones)) == 2 && alltrue([for zone in var.zones : can(regex("^[a-f]$", zone))])
    error_message = "zones has to be two letters of zones that the account has, such as [\"a\", \"b\"]."
  }
}

variable "nat_gateway" {
  type        = bool
  description = "Whether hosts are in private subnets behind a NAT gateway, which costs by the hour and by the GB."
  default     = false
  nullable    = false
}

variable "key_arn" {
  type        = string
  description = "ARN of the KMS key that encrypts what is stored here."
  nullable    = false
}

variable "log_retention_days" {
  type        = number
  description = "Days that logs are kept."
  default     = 365
  nullable    = false

  validation {
    condition     = contains([7, 14, 30, 60, 90, 180, 365, 400, 731, 1827], var.log_retention_days)
    error_message = "log_retention_days has to be 7, 14, 30, 60, 90, 180, 365, 400, 731 or 1827."
  }
}
