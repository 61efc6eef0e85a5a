variable "name" {
  description = "Prefix of every name, such as abalone-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "name is 3 to 31 lower-case letters, digits and hyphens, as in abalone-dev."
  }
}

variable "key_arn" {
  description = "Key that encrypts everything this module stores."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "Environment, for tags of what CloudFormation makes, such as dev."
  type        = string
  nullable    = false
}

variable "template" {
  description = "Path of delivery/cloudformation/endpoint.yml."
  type        = string
  nullable    = false
}

variable "endpoint_role_arn" {
  description = "Role of the endpoints."
  type        = string
  nullable    = false
}

variable "data_bucket" {
  description = "Bucket that captured predictions are written to."
  type        = string
  nullable    = false
}

variable "topic_arn" {
  description = "Topic that the endpoints' alarms notify; null: none."
  type        = string
  default     = null
}

variable "staging" {
  description = "Size of the endpoint that the system test asks."
  type = object({
    instance_type = optional(string, "ml.t2.medium")
    instances     = optional(number, 1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = startswith(var.staging.instance_type, "ml.") && var.staging.instances >= 1
    error_message = "staging has an instance_type that begins with ml. and at least 1 instance."
  }
}

variable "production" {
  description = "Size of the endpoint that answers, and how it changes: it scales when maximum_instances is above minimum_instances."
  type = object({
    instance_type      = optional(string, "ml.t2.medium")
    minimum_instances  = optional(number, 1)
    maximum_instances  = optional(number, 1)
    deployment         = optional(string, "BLUE_GREEN")
    capture_percentage = optional(number, 100)
    network_isolation  = optional(bool, true)
  })
  default  = {}
  nullable = false

  validation {
    condition     = startswith(var.production.instance_type, "ml.")
    error_message = "production.instance_type begins with ml., as in ml.m5.large."
  }

  validation {
    condition     = 1 <= var.production.minimum_instances && var.production.minimum_instances <= var.production.maximum_instances
    error_message = "production.minimum_instances is at least 1 and not above maximum_instances."
  }

  validation {
    condition     = contains(["BLUE_GREEN", "ROLLING"], var.production.deployment)
    error_message = "production.deployment is BLUE_GREEN or ROLLING."
  }

  validation {
    condition     = var.production.deployment == "BLUE_GREEN" || var.production.minimum_instances >= 2
    error_message = "production.deployment ROLLING replaces half of the instances at a time: it needs minimum_instances of 2 or more."
  }

  validation {
    condition     = var.production.capture_percentage >= 0 && var.production.capture_percentage <= 100
    error_message = "production.capture_percentage is 0 to 100."
  }
}

variable "monitoring_role_arn" {
  description = "Role under which SageMaker Model Monitor looks through the captures once a day; null: nobody does."
  type        = string
  default     = null
}

variable "model" {
  description = "Model that Terraform itself deploys to the production endpoint; null: CodePipeline does, and Terraform leaves the stacks alone."
  type        = object({ image = string, model_data_url = string })
  default     = null

  validation {
    condition     = var.model == null ? true : can(regex("@sha256:[0-9a-f]{64}$", var.model.image)) && startswith(var.model.model_data_url, "s3://")
    error_message = "model has an image by digest (…@sha256:…) and a model_data_url that begins with s3://."
  }
}

variable "log_retention_days" {
  description = "How long logs are kept; one of the figures that CloudWatch takes."
  type        = number
  default     = 90
  nullable    = false

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "log_retention_days is a figure that CloudWatch takes, such as 30, 90 or 365."
  }
}
