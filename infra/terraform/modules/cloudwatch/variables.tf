variable "name" {
  type        = string
  description = "Prefix of every resource's name, such as abalone-dev."
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name has to be 3 to 31 small letters, digits and dashes, and start with a letter."
  }
}

variable "environment" {
  type        = string
  description = "Value of the dimension `environment` of the model's metrics, such as dev."
  nullable    = false
}

variable "key_arn" {
  type        = string
  description = "ARN of the KMS key that encrypts what is stored here."
  nullable    = false
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

variable "load_balancer_arn_suffix" {
  type        = string
  description = "Load balancer of the hosts, as CloudWatch names it (app/...)."
  nullable    = false
}

variable "target_group_arn_suffix" {
  type        = string
  description = "Target group of the hosts, as CloudWatch names it (targetgroup/...)."
  nullable    = false
}

variable "autoscaling_group_name" {
  type        = string
  description = "Auto Scaling group of the hosts."
  nullable    = false
}

variable "production_endpoint_name" {
  type        = string
  description = "SageMaker endpoint in production."
  nullable    = false
}

variable "pipeline_name" {
  type        = string
  description = "CodePipeline pipeline whose failures are told."
  nullable    = false
}

variable "state_machine_arns" {
  type        = map(string)
  description = "State machines whose failures are told, by purpose."
  nullable    = false
}

variable "function_names" {
  type        = map(string)
  description = "Lambda functions whose errors are told, by purpose."
  nullable    = false
}

variable "dead_letter_queue_names" {
  type        = map(string)
  description = "Queues of the events that nothing took, by what lost them; each that waits there is told."
  nullable    = false
}

variable "sagemaker_pipeline_arns" {
  type        = list(string)
  description = "SageMaker pipelines whose failures are told."
  nullable    = false
}

variable "monitoring_is_scheduled" {
  type        = bool
  description = "Whether the monitoring pipeline runs every day, so that its silence is alarmed on."
  default     = false
  nullable    = false
}

variable "data_bucket" {
  type        = string
  description = "Bucket of the data, whose size is on the dashboard."
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

variable "monthly_limit_usd" {
  type        = number
  description = "What the account may cost in a month, in US dollars."
  nullable    = false

  validation {
    condition     = var.monthly_limit_usd > 0
    error_message = "monthly_limit_usd has to be more than 0."
  }
}

variable "billing_alarm" {
  type        = bool
  description = "Whether to alarm on the account's bill; its metric exists in us-east-1 alone."
  default     = false
  nullable    = false
}

variable "production_variant_name" {
  type        = string
  description = "Variant of the endpoint in production."
  default     = "main"
  nullable    = false
}

variable "limits" {
  type = object({
    latency_p99_seconds = optional(number, 1)
    errors              = optional(number, 5)
    refusals            = optional(number, 50)
    rmse                = optional(number, 2.5)
    interval_coverage   = optional(number, 0.85)
  })
  description = "Where alarms go off: seconds, errors and refusals in a minute, rings, share of ring counts."
  default     = {}
  nullable    = false

  validation {
    condition     = alltrue([for limit in values(var.limits) : limit > 0])
    error_message = "limits has to hold numbers above 0."
  }

  validation {
    condition     = var.limits.interval_coverage < 1
    error_message = "limits.interval_coverage has to be a share below 1, such as 0.85."
  }
}
