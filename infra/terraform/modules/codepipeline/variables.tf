variable "name" {
  description = "Name of the pipeline and prefix of every other name, such as abalone-dev."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name))
    error_message = "name is 3 to 20 lower-case letters, digits and hyphens: CodePipeline cuts its folder to 20."
  }
}

variable "key_arn" {
  description = "Key of KMS of the artifacts."
  type        = string
  nullable    = false
}

variable "artifacts_bucket" {
  description = "Name of the bucket of the artifacts."
  type        = string
  nullable    = false
}

variable "artifacts_bucket_arn" {
  description = "The same, by ARN."
  type        = string
  nullable    = false
}

variable "source_code" {
  description = "Where the code is: a repository of CodeCommit, by name and ARN, or owner/name behind a connection."
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
    error_message = "source_code.repository_arn is missing: the pipeline's role needs it to read from CodeCommit."
  }

  validation {
    condition = var.source_code.type != "codeconnections" || (
      var.source_code.connection_arn != null && can(regex("^[^/]+/[^/]+$", var.source_code.repository))
    )
    error_message = "A connection needs source_code.connection_arn, and source_code.repository as owner/name."
  }
}

variable "project_names" {
  description = "Names of the projects of CodeBuild: verify, image, train, deploy."
  type        = object({ verify = string, image = string, train = string, deploy = string })
  nullable    = false
}

variable "project_arns" {
  description = "ARNs of the projects of CodeBuild, by the same keys."
  type        = object({ verify = string, image = string, train = string, deploy = string })
  nullable    = false
}

variable "launch_etl_function_name" {
  description = "Function that starts the ETL state machine and reports its result to the pipeline."
  type        = string
  nullable    = false
}

variable "launch_etl_function_arn" {
  description = "The same, by ARN."
  type        = string
  nullable    = false
}

variable "system_test_state_machine_arn" {
  description = "State machine that tests the staging endpoint."
  type        = string
  nullable    = false
}

variable "cloudformation_role_arn" {
  description = "Role that CloudFormation makes the endpoints with."
  type        = string
  nullable    = false
}

variable "staging" {
  description = "The staging endpoint: its name, its stack in CloudFormation, further parameters of the template."
  type        = object({ stack = string, endpoint = string, parameters = optional(map(string), {}) })
  nullable    = false

  validation {
    condition     = length(jsonencode(var.staging.parameters)) <= 900
    error_message = "CodePipeline takes 1,000 characters of parameters: leave out what the template has by default."
  }
}

variable "production" {
  description = "The production endpoint: its name, its stack in CloudFormation, further parameters of the template."
  type        = object({ stack = string, endpoint = string, parameters = optional(map(string), {}) })
  nullable    = false

  validation {
    condition     = length(jsonencode(var.production.parameters)) <= 900
    error_message = "CodePipeline takes 1,000 characters of parameters: leave out what the template has by default."
  }
}

variable "codedeploy_application_name" {
  description = "Application of CodeDeploy."
  type        = string
  nullable    = false
}

variable "codedeploy_application_arn" {
  description = "The same, by ARN."
  type        = string
  nullable    = false
}

variable "codedeploy_deployment_group_name" {
  description = "Deployment group of CodeDeploy."
  type        = string
  nullable    = false
}

variable "codedeploy_deployment_group_arn" {
  description = "The same, by ARN."
  type        = string
  nullable    = false
}

variable "require_approval" {
  description = "Whether a person has to approve before production."
  type        = bool
  nullable    = false
}

variable "topic_arn" {
  description = "Topic of SNS that is told of an approval that is waited for."
  type        = string
  nullable    = false
}

variable "execution_mode" {
  description = "Of executions that wait for a stage, only the newest goes on (SUPERSEDED), or each (QUEUED)."
  type        = string
  default     = "SUPERSEDED"
  nullable    = false

  validation {
    condition     = contains(["SUPERSEDED", "QUEUED"], var.execution_mode)
    error_message = "execution_mode is SUPERSEDED or QUEUED: in parallel, executions would undo each other's release."
  }
}
