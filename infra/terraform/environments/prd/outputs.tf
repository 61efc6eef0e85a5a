output "abalone" {
  description = "Names and addresses, for commands."
  value = {
    data_bucket        = module.abalone.data_bucket
    artifacts_bucket   = module.abalone.artifacts_bucket
    execution_role_arn = module.abalone.execution_role_arn
    key_arn            = module.abalone.key_arn
    pipeline_name      = module.abalone.pipeline_name
    function_names     = module.abalone.function_names
    state_machine_arns = module.abalone.state_machine_arns
    topic_arn          = module.abalone.topic_arn
    url                = module.abalone.url
  }
}

output "next_commands" {
  description = "What to do next, in order."
  value       = module.abalone.next_commands
}
