variable "name" {
  description = "Prefix of every name, such as abalone-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name is 3 to 20 lower-case letters, digits and hyphens: give abalone-dev, for example."
  }
}

variable "vpc_id" {
  description = "VPC of the load balancer and the hosts."
  type        = string
  nullable    = false
}

variable "load_balancer_subnet_ids" {
  description = "Subnets of the load balancer, in two zones at least."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.load_balancer_subnet_ids) >= 2
    error_message = "A load balancer needs subnets in two zones at least: give two or more."
  }
}

variable "host_subnet_ids" {
  description = "Subnets of the hosts, which reach AWS by NAT or by addresses that the subnets give them."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.host_subnet_ids) >= 1
    error_message = "Hosts need a subnet: give one at least."
  }
}

variable "instance_type" {
  description = "Type of the hosts; x86_64, as the bundle is made there."
  type        = string
  default     = "t3.small"
  nullable    = false
}

variable "image_id" {
  description = "AMI of Amazon Linux 2023, or resolve:ssm:<parameter> for the one that is current when a host starts."
  type        = string
  default     = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"
  nullable    = false

  validation {
    condition     = can(regex("^(ami-[0-9a-f]+|resolve:ssm:/.+)$", var.image_id))
    error_message = "image_id is an AMI (ami-…) or resolve:ssm:/<name of the parameter that holds one>."
  }
}

variable "volume_gb" {
  description = "Size of a host's disk in GB."
  type        = number
  default     = 16
  nullable    = false
}

variable "minimum_hosts" {
  description = "Hosts that always run."
  type        = number
  nullable    = false

  validation {
    condition     = var.minimum_hosts >= 1
    error_message = "minimum_hosts is 1 at least: CodeDeploy fails where there is no host."
  }
}

variable "maximum_hosts" {
  description = "Hosts that run at most, under load or while they are replaced."
  type        = number
  nullable    = false

  validation {
    condition     = var.maximum_hosts >= var.minimum_hosts
    error_message = "maximum_hosts is below minimum_hosts: raise it."
  }
}

variable "cpu_target_percent" {
  description = "CPU utilisation that the number of hosts is kept at."
  type        = number
  default     = 60
  nullable    = false
}

variable "health_check_grace_seconds" {
  description = "How long a new host may be unhealthy, as all are until the first release."
  type        = number
  default     = 7200
  nullable    = false
}

variable "certificate_arn" {
  description = "Certificate of ACM for HTTPS, to which HTTP is then redirected; null: HTTP only."
  type        = string
  default     = null

  validation {
    condition     = var.certificate_arn == null || can(regex("^arn:[a-z-]+:acm:", var.certificate_arn))
    error_message = "certificate_arn has to be arn:aws:acm:<region>:<account>:certificate/<id>, or null."
  }
}

variable "allowed_cidrs" {
  description = "Networks that may ask the load balancer."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for cidr in var.allowed_cidrs : can(cidrnetmask(cidr))])
    error_message = "allowed_cidrs are IPv4 networks: give 203.0.113.0/24, for example."
  }
}

variable "key_arn" {
  description = "Key of KMS that the objects in the buckets are encrypted with."
  type        = string
  nullable    = false
}

variable "data_bucket_arn" {
  description = "Bucket of models and captures."
  type        = string
  nullable    = false
}

variable "artifacts_bucket_arn" {
  description = "Bucket of the revisions that CodeDeploy brings."
  type        = string
  nullable    = false
}

variable "logs_bucket" {
  description = "Name of the bucket of the load balancer's access logs, which come below load-balancer/."
  type        = string
  nullable    = false
}

variable "parameter_path" {
  description = "Path of the service's settings in SSM, such as /abalone/dev/serving."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(/[a-zA-Z0-9_.-]+)+$", var.parameter_path))
    error_message = "parameter_path has to be like /abalone/dev/serving, without a slash at its end."
  }
}

variable "service_log_group_name" {
  description = "Log group of the service."
  type        = string
  nullable    = false
}

variable "service_log_group_arn" {
  description = "The same, by ARN."
  type        = string
  nullable    = false
}

variable "api_key_parameter_arn" {
  description = "Parameter of SSM with the service's API key, outside of parameter_path; null: there is none."
  type        = string
  default     = null
}

variable "deletion_protection" {
  description = "Whether the load balancer refuses to be deleted."
  type        = bool
  nullable    = false
}

variable "emulated" {
  description = "For emulators: no instance refresh, and no descriptions of rules between security groups."
  type        = bool
  default     = false
  nullable    = false
}
