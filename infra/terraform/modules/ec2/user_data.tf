data "aws_region" "current" {}

data "aws_partition" "current" {}

locals {
  # Until a host has its packages and its release.
  warmup_seconds = 300

  service_log = "/var/log/abalone/service.log"

  cloudwatch_agent = {
    logs = {
      logs_collected = {
        files = {
          collect_list = [
            {
              file_path       = local.service_log
              log_group_name  = var.service_log_group_name
              log_stream_name = "{instance_id}/service"
            },
            {
              file_path       = "/opt/codedeploy-agent/deployment-root/deployment-logs/codedeploy-agent-deployments.log"
              log_group_name  = var.service_log_group_name
              log_stream_name = "{instance_id}/deployments"
            },
          ]
        }
      }
    }
  }

  user_data = templatefile("${path.module}/user_data.sh.tftpl", {
    region           = data.aws_region.current.name
    dns_suffix       = data.aws_partition.current.dns_suffix
    parameter_path   = var.parameter_path
    service_log      = local.service_log
    cloudwatch_agent = jsonencode(local.cloudwatch_agent)
  })
}
