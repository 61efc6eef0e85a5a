variable "name" {
  description = "Prefix of every name, such as abalone-dev."
  type        = string
  nullable    = false
}

variable "autoscaling_group_name" {
  description = "Auto Scaling group whose hosts are deployed to."
  type        = string
  nullable    = false
}

variable "target_group_name" {
  description = "Target group that a host leaves while it is deployed to."
  type        = string
  nullable    = false
}

variable "alarm_names" {
  description = "Alarms of CloudWatch that stop a deployment and roll it back."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.alarm_names) <= 10
    error_message = "CodeDeploy takes 10 alarms at most: combine some in a composite alarm."
  }
}

variable "deployment_config_name" {
  description = "How many hosts are deployed to at a time."
  type        = string
  default     = "CodeDeployDefault.OneAtATime"
  nullable    = false
}

variable "blue_green" {
  description = "Whether a deployment goes to other hosts, which its caller names, instead of those that serve."
  type        = bool
  default     = false
  nullable    = false
}

variable "topic_arn" {
  description = "Topic of SNS that is told of deployments that fail or are rolled back."
  type        = string
  nullable    = false
}

variable "key_arn" {
  description = "Key of KMS that the topic is encrypted with."
  type        = string
  nullable    = false
}
