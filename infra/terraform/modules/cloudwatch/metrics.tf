# What is watched, and where its alarm goes off: `periods` times in a row the statistic is at the threshold or past it.
locals {
  host_dimensions = {
    LoadBalancer = var.load_balancer_arn_suffix
    TargetGroup  = var.target_group_arn_suffix
  }
  endpoint_dimensions = {
    EndpointName = var.production_endpoint_name
    VariantName  = var.production_variant_name
  }

  host_metrics = {
    host-errors = {
      text       = "The service on the hosts answers with errors (5xx)."
      namespace  = "AWS/ApplicationELB"
      metric     = "HTTPCode_Target_5XX_Count"
      dimensions = local.host_dimensions
      statistic  = "Sum"
      threshold  = var.limits.errors
      past       = "above"
      seconds    = 60
      periods    = 1
    }
    load-balancer-errors = {
      text       = "The load balancer finds no host that answers (5xx)."
      namespace  = "AWS/ApplicationELB"
      metric     = "HTTPCode_ELB_5XX_Count"
      dimensions = { LoadBalancer = var.load_balancer_arn_suffix }
      statistic  = "Sum"
      threshold  = var.limits.errors
      past       = "above"
      seconds    = 60
      periods    = 1
    }
    unhealthy-hosts = {
      text       = "A host fails its health check."
      namespace  = "AWS/ApplicationELB"
      metric     = "UnHealthyHostCount"
      dimensions = local.host_dimensions
      statistic  = "Maximum"
      threshold  = 1
      past       = "above"
      seconds    = 60
      periods    = 3
    }
    host-latency = {
      text       = "The slowest 1 % of the hosts' answers take too long, in seconds."
      namespace  = "AWS/ApplicationELB"
      metric     = "TargetResponseTime"
      dimensions = local.host_dimensions
      statistic  = "p99"
      threshold  = var.limits.latency_p99_seconds
      past       = "above"
      seconds    = 60
      periods    = 3
    }
  }

  endpoint_metrics = {
    endpoint-errors = {
      text       = "The endpoint answers with errors (5xx)."
      namespace  = "AWS/SageMaker"
      metric     = "Invocation5XXErrors"
      dimensions = local.endpoint_dimensions
      statistic  = "Sum"
      threshold  = var.limits.errors
      past       = "above"
      seconds    = 60
      periods    = 1
    }
    endpoint-refusals = {
      text       = "The endpoint refuses what it is asked (4xx)."
      namespace  = "AWS/SageMaker"
      metric     = "Invocation4XXErrors"
      dimensions = local.endpoint_dimensions
      statistic  = "Sum"
      threshold  = var.limits.refusals
      past       = "above"
      seconds    = 60
      periods    = 3
    }
    endpoint-latency = {
      text       = "The slowest 1 % of the endpoint's answers take too long, in microseconds."
      namespace  = "AWS/SageMaker"
      metric     = "ModelLatency"
      dimensions = local.endpoint_dimensions
      statistic  = "p99"
      threshold  = var.limits.latency_p99_seconds * 1000000
      past       = "above"
      seconds    = 60
      periods    = 3
    }
  }

  function_metrics = {
    for purpose, name in var.function_names : "function-${replace(purpose, "_", "-")}" => {
      text       = "The function ${name} fails."
      namespace  = "AWS/Lambda"
      metric     = "Errors"
      dimensions = { FunctionName = name }
      statistic  = "Sum"
      threshold  = 1
      past       = "above"
      seconds    = 300
      periods    = 1
    }
  }

  queue_metrics = {
    for purpose, name in var.dead_letter_queue_names : "dead-letters-${purpose}" => {
      text       = "An event that nothing took waits in the queue ${name}."
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = name }
      statistic  = "Maximum"
      threshold  = 1
      past       = "above"
      seconds    = 300
      periods    = 1
    }
  }
}
