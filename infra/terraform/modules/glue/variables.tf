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
  description = "Environment of conf/ that the job runs in, such as dev."
  type        = string
  nullable    = false
}

variable "data_bucket" {
  description = "Bucket of the data."
  type        = string
  nullable    = false
}

variable "data_bucket_arn" {
  description = "ARN of the bucket of the data."
  type        = string
  nullable    = false
}

variable "artifacts_bucket" {
  description = "Bucket that the job's script and packages are uploaded to."
  type        = string
  nullable    = false
}

variable "artifacts_bucket_arn" {
  description = "ARN of the bucket of the script and packages."
  type        = string
  nullable    = false
}

variable "package_directory" {
  description = "Folder with etl.py, abalone.whl, conf.tar.gz and requirements.txt, which `make glue` builds."
  type        = string
  nullable    = false
}

variable "worker_type" {
  description = "Size of a worker."
  type        = string
  default     = "G.1X"
  nullable    = false

  validation {
    condition     = contains(["G.1X", "G.2X", "G.4X", "G.8X"], var.worker_type)
    error_message = "worker_type is G.1X, G.2X, G.4X or G.8X."
  }
}

variable "number_of_workers" {
  description = "Number of workers, of which one is the driver."
  type        = number
  default     = 2
  nullable    = false

  validation {
    condition     = var.number_of_workers >= 2 && var.number_of_workers <= 50
    error_message = "number_of_workers is 2 to 50: a Spark job has a driver and at least one executor."
  }
}

variable "timeout_minutes" {
  description = "After how long a run is stopped."
  type        = number
  default     = 30
  nullable    = false

  validation {
    condition     = var.timeout_minutes >= 1 && var.timeout_minutes <= 120
    error_message = "timeout_minutes is 1 to 120, as the state machine that follows a run gives up after 5 hours, and may have waited for the run before: give the job more workers."
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
