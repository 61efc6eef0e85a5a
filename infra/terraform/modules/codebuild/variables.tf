variable "name" {
  description = "Name of the pipeline and prefix of every other name, such as abalone-dev."
  type        = string
  nullable    = false
}

variable "environment" {
  description = "Kedro's environment, dev or prd, which train runs."
  type        = string
  nullable    = false

  validation {
    condition     = contains(["dev", "prd"], var.environment)
    error_message = "environment is dev or prd, as the folders of conf/ are."
  }
}

variable "key_arn" {
  description = "Key of KMS for artifacts, logs, reports and data."
  type        = string
  nullable    = false
}

variable "artifacts_bucket_arn" {
  description = "Bucket of the pipeline's artifacts."
  type        = string
  nullable    = false
}

variable "data_bucket_arn" {
  description = "Bucket of data and models."
  type        = string
  nullable    = false
}

variable "job_repository_arn" {
  description = "Repository of ECR of the jobs' image."
  type        = string
  nullable    = false
}

variable "serving_repository_arn" {
  description = "Repository of ECR of the prediction service's image."
  type        = string
  nullable    = false
}

variable "execution_role_arn" {
  description = "Role of the jobs of SageMaker, which train passes on."
  type        = string
  nullable    = false
}

variable "model_package_group_arn" {
  description = "Group of the registered models."
  type        = string
  nullable    = false
}

variable "sagemaker_pipeline_arn" {
  description = "Pipeline of SageMaker that train updates and starts."
  type        = string
  nullable    = false
}

variable "monitoring_pipeline_arn" {
  description = "Pipeline of SageMaker that train updates, for a schedule to start it."
  type        = string
  nullable    = false
}

variable "ingestion_engine" {
  description = "What makes the tables that train trains on: pandas or glue."
  type        = string
  nullable    = false
}

variable "parameter_prefix" {
  description = "Prefix of the parameters in SSM, such as /abalone/dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^(/[a-zA-Z0-9_.-]+)+$", var.parameter_prefix))
    error_message = "parameter_prefix starts with a slash and does not end with one: give /abalone/dev, for example."
  }
}

variable "image" {
  description = "Image of the builds: of Amazon Linux 2023 on x86_64, as the hosts are."
  type        = string
  default     = "aws/codebuild/amazonlinux-x86_64-standard:5.0"
  nullable    = false
}

variable "log_retention_days" {
  description = "Days that logs are kept."
  type        = number
  nullable    = false
}
