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

variable "definitions_directory" {
  description = "Folder of etl.asl.json, system_test.asl.json and retraining.asl.json."
  type        = string
  nullable    = false
}

variable "glue_job_name" {
  description = "Job that the ETL runs."
  type        = string
  nullable    = false
}

variable "glue_job_arn" {
  description = "ARN of the job."
  type        = string
  nullable    = false
}

variable "function_arns" {
  description = "ARNs of the functions launch_etl, evaluate_endpoint, register_model and launch_retraining, by these names."
  type        = map(string)
  nullable    = false

  validation {
    condition     = length(setsubtract(["launch_etl", "evaluate_endpoint", "register_model", "launch_retraining"], keys(var.function_arns))) == 0
    error_message = "function_arns lacks a function: give function_arns of the module lambda."
  }
}

variable "topic_arn" {
  description = "Topic that is told of failures."
  type        = string
  nullable    = false
}

variable "parameter_prefix" {
  description = "Path of the parameters of this environment, such as /abalone/dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(/[A-Za-z0-9_.-]+)+$", var.parameter_prefix))
    error_message = "parameter_prefix begins with a slash and does not end in one, as in /abalone/dev."
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

variable "log_level" {
  description = "Which events of an execution are logged: ALL or ERROR."
  type        = string
  default     = "ALL"
  nullable    = false

  validation {
    condition     = contains(["ALL", "ERROR"], var.log_level)
    error_message = "log_level is ALL or ERROR."
  }
}

variable "emulated" {
  description = "Whether the API is an emulator: leaves out tracing."
  type        = bool
  default     = false
  nullable    = false
}
