locals {
  dashboard_metrics = merge(local.service_metrics, local.model_metrics)

  # Charts of what is alarmed on, with the threshold drawn in, and of how much there is to do.
  charts = concat(
    [
      for key, metric in local.dashboard_metrics : {
        title = metric.text
        metrics = [
          concat([metric.namespace, metric.metric], flatten([for k, v in metric.dimensions : [k, v]]))
        ]
        stat   = metric.statistic
        period = metric.seconds
        limit  = [{ label = "alarm", value = metric.threshold }]
      }
    ],
    [
      for chart in local.model_charts : {
        title   = chart[0]
        metrics = [for metric in chart[1] : [local.model_namespace, metric, "environment", var.environment]]
        stat    = chart[2]
        period  = chart[3]
        limit   = []
      }
    ],
    [
      {
        title   = "Requests to the hosts"
        metrics = [["AWS/ApplicationELB", "RequestCount", "LoadBalancer", var.load_balancer_arn_suffix]]
        stat    = "Sum"
        period  = 60
        limit   = []
      },
      {
        title   = "Requests to the endpoint"
        metrics = [concat(["AWS/SageMaker", "Invocations"], flatten([for k, v in local.endpoint_dimensions : [k, v]]))]
        stat    = "Sum"
        period  = 60
        limit   = []
      },
      {
        title   = "CPU of the hosts, %"
        metrics = [["AWS/EC2", "CPUUtilization", "AutoScalingGroupName", var.autoscaling_group_name]]
        stat    = "Average"
        period  = 300
        limit   = []
      },
      {
        title   = "Errors of the functions"
        metrics = [for name in values(var.function_names) : ["AWS/Lambda", "Errors", "FunctionName", name]]
        stat    = "Sum"
        period  = 300
        limit   = []
      },
      {
        title = "Failed executions of the state machines"
        metrics = [
          for arn in values(var.state_machine_arns) : ["AWS/States", "ExecutionsFailed", "StateMachineArn", arn]
        ]
        stat   = "Sum"
        period = 300
        limit  = []
      },
      {
        title   = "Data in the bucket, bytes"
        metrics = [["AWS/S3", "BucketSizeBytes", "BucketName", var.data_bucket, "StorageType", "StandardStorage"]]
        stat    = "Average"
        period  = 86400
        limit   = []
      },
    ],
  )
}

resource "aws_cloudwatch_dashboard" "this" {
  dashboard_name = var.name

  dashboard_body = jsonencode({
    widgets = [
      for index, chart in local.charts : {
        type   = "metric"
        x      = index % 3 * 8
        y      = floor(index / 3) * 6
        width  = 8
        height = 6
        properties = {
          title       = chart.title
          region      = local.region
          metrics     = chart.metrics
          stat        = chart.stat
          period      = chart.period
          annotations = { horizontal = chart.limit }
        }
      }
    ]
  })
}
