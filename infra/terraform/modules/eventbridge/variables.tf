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

variable "data_bucket" {
  description = "Bucket whose new objects are watched."
  type        = string
  nullable    = false
}

variable "landing_prefix" {
  description = "Prefix that batches land under."
  type        = string
  default     = "data/01_raw/landing/"
  nullable    = false

  validation {
    condition     = endswith(var.landing_prefix, "/") && !startswith(var.landing_prefix, "/")
    error_message = "landing_prefix ends in a slash and does not begin with one, as in data/01_raw/landing/."
  }
}

variable "source_code" {
  description = "Where the code comes from; only CodeCommit needs a rule, a connection starts the pipeline itself."
  type = object({
    type           = string
    repository     = string
    repository_arn = optional(string)
    branch         = string
    connection_arn = optional(string)
  })
  nullable = false

  validation {
    condition     = contains(["codecommit", "codeconnections"], var.source_code.type)
    error_message = "source_code.type is codecommit or codeconnections."
  }

  validation {
    condition     = var.source_code.type != "codecommit" || var.source_code.repository_arn != null
    error_message = "source_code needs repository_arn for codecommit: give repository_arn of the module codecommit."
  }
}

variable "pipeline_arn" {
  description = "Delivery pipeline that a change of the code starts."
  type        = string
  nullable    = false
}

variable "launch_etl_function_name" {
  description = "Function that a new batch is handed to."
  type        = string
  nullable    = false
}

variable "launch_etl_function_arn" {
  description = "ARN of the function that a new batch is handed to."
  type        = string
  nullable    = false
}

variable "retraining_state_machine_arn" {
  description = "State machine that decides on retraining."
  type        = string
  nullable    = false
}

variable "monitoring_pipeline_arn" {
  description = "SageMaker pipeline that looks at what is served."
  type        = string
  nullable    = false
}

variable "monitoring_schedule" {
  description = "When that pipeline runs, such as rate(1 day); null: when somebody starts it."
  type        = string
  default     = null

  validation {
    condition     = var.monitoring_schedule == null || can(regex("^(rate|cron)\\(.+\\)$", var.monitoring_schedule))
    error_message = "monitoring_schedule is rate(…) or cron(…), as in rate(1 day), or null."
  }
}

variable "retraining_schedule" {
  description = "When retraining is asked for by itself, such as rate(30 days); null: never."
  type        = string
  default     = null

  validation {
    condition     = var.retraining_schedule == null || can(regex("^(rate|cron)\\(.+\\)$", var.retraining_schedule))
    error_message = "retraining_schedule is rate(…) or cron(…), as in rate(30 days), or null."
  }
}

variable "retraining_on_new_data" {
  description = "Whether a new batch asks for retraining, too; cool-down and share of new data bound how often that happens."
  type        = bool
  default     = true
  nullable    = false
}
