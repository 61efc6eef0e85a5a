variable "environment" {
  description = "Name of the environment, as in conf/: dev or prd."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "prd"], var.environment)
    error_message = "environment is dev or prd, as the folders of conf/ are."
  }
}

variable "source_code" {
  description = "Where the code is. codecommit makes a repository; codeconnections makes a connection to a provider, and repository is owner/name there."
  type = object({
    type       = optional(string, "codecommit")
    branch     = optional(string, "main")
    provider   = optional(string, "GitHub")
    repository = optional(string)
  })
  default  = {}
  nullable = false

  validation {
    condition     = contains(["codecommit", "codeconnections"], var.source_code.type)
    error_message = "source_code.type is codecommit or codeconnections."
  }

  validation {
    condition     = var.source_code.type == "codecommit" || var.source_code.repository != null
    error_message = "A connection needs source_code.repository, as owner/name."
  }
}

variable "alert_emails" {
  description = "Addresses that alarms, failures and the budget are told to."
  type        = list(string)
  default     = []
  nullable    = false
}

variable "monthly_limit_usd" {
  description = "What a month may cost, in US dollars; nothing is stopped, people are told."
  type        = number
  nullable    = false
}

variable "network" {
  description = "Addresses of the network, and whether hosts are in private subnets behind a NAT gateway, which costs by the hour."
  type = object({
    cidr        = optional(string, "10.20.0.0/16")
    nat_gateway = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "hosts" {
  description = "Hosts of the prediction service."
  type = object({
    instance_type       = optional(string, "t3.small")
    minimum             = number
    maximum             = number
    deletion_protection = bool
  })
  nullable = false
}

variable "allowed_cidrs" {
  description = "Addresses that may ask the hosts for predictions."
  type        = list(string)
  nullable    = false
}

variable "certificate_arn" {
  description = "Certificate of the load balancer; null: plain HTTP."
  type        = string
  default     = null
}

variable "deployment" {
  description = "How CodeDeploy brings a release to the hosts."
  type = object({
    config_name = optional(string, "CodeDeployDefault.OneAtATime")
    blue_green  = optional(bool, false)
  })
  default  = {}
  nullable = false
}

variable "staging_endpoint" {
  description = "Size of the endpoint that the system test asks."
  type = object({
    instance_type = optional(string, "ml.t2.medium")
    instances     = optional(number, 1)
  })
  default  = {}
  nullable = false
}

variable "production_endpoint" {
  description = "Size of the endpoint in production, and how it changes."
  type = object({
    instance_type      = optional(string, "ml.t2.medium")
    minimum_instances  = optional(number, 1)
    maximum_instances  = optional(number, 1)
    deployment         = optional(string, "BLUE_GREEN")
    capture_percentage = optional(number, 100)
  })
  default  = {}
  nullable = false
}

variable "model" {
  description = "Model that Terraform itself deploys to production; null: the pipeline does."
  type        = object({ image = string, model_data_url = string })
  default     = null
}

variable "require_approval" {
  description = "Whether a person approves before production."
  type        = bool
  nullable    = false
}

variable "etl" {
  description = "Size of the ETL job, and after how long a run of it is stopped."
  type = object({
    worker_type       = optional(string, "G.1X")
    number_of_workers = optional(number, 2)
    timeout_minutes   = optional(number, 30)
  })
  default  = {}
  nullable = false
}

variable "ingestion_engine" {
  description = "What makes the tables: pandas, in the pipeline of SageMaker, or glue, in the ETL job, which that pipeline then goes on from."
  type        = string
  default     = "pandas"
  nullable    = false

  validation {
    condition     = contains(["pandas", "glue"], var.ingestion_engine)
    error_message = "ingestion_engine is pandas or glue."
  }
}

variable "monitoring_schedule" {
  description = "When the monitoring pipeline looks at what is served, such as rate(1 day); null: when somebody starts it. Its silence is alarmed on after two days."
  type        = string
  default     = null
}

variable "retraining" {
  description = "When retraining is asked for besides what monitoring decides, the hours that one run keeps others from starting, and the share by which the landing zone has to have grown for new data to count."
  type = object({
    schedule        = optional(string)
    on_new_data     = optional(bool, true)
    cool_down_hours = optional(number, 24)
    new_data_share  = optional(number, 0.1)
  })
  default  = {}
  nullable = false

  validation {
    condition     = var.retraining.cool_down_hours >= 0
    error_message = "retraining.cool_down_hours is 0 or more."
  }

  validation {
    condition     = var.retraining.new_data_share >= 0
    error_message = "retraining.new_data_share is 0 or more, as in 0.1 for a tenth."
  }
}

variable "thresholds" {
  description = "What a model has to reach in the system test: RMSE and MAE in rings, share of counts inside their interval, milliseconds of the slowest 5 % of requests."
  type = object({
    rmse           = optional(number, 2.3)
    mae            = optional(number, 1.7)
    coverage       = optional(number, 0.85)
    latency_p95_ms = optional(number, 500)
  })
  default  = {}
  nullable = false

  validation {
    condition     = alltrue([for threshold in values(var.thresholds) : threshold > 0]) && var.thresholds.coverage < 1
    error_message = "thresholds are above 0, and coverage is a share below 1, such as 0.85."
  }
}

variable "alarm_limits" {
  description = "Where alarms go off, as the module cloudwatch describes it."
  type = object({
    latency_p99_seconds = optional(number, 1)
    errors              = optional(number, 5)
    refusals            = optional(number, 50)
    rmse                = optional(number, 2.5)
    interval_coverage   = optional(number, 0.85)
  })
  default  = {}
  nullable = false
}

variable "log_retention_days" {
  description = "How long logs are kept; one of the figures that CloudWatch takes."
  type        = number
  default     = 90
  nullable    = false
}

variable "key_deletion_window_days" {
  description = "How long the key can be had back after a destroy."
  type        = number
  default     = 30
  nullable    = false
}

variable "force_destroy" {
  description = "Whether a destroy empties buckets and repositories of images; otherwise it stops at those that hold anything."
  type        = bool
  default     = false
  nullable    = false
}

variable "cloud9_instance_type" {
  description = "Instance of a Cloud9 environment; null: none, as Cloud9 takes no new customers."
  type        = string
  default     = null
}

variable "emulated" {
  description = "Whether the account is emulated on this machine: leaves out what emulators lack."
  type        = bool
  default     = false
  nullable    = false
}
