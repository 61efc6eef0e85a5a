output "data_bucket" {
  description = "Bucket of the data: ABALONE_BUCKET."
  value       = module.s3.data_bucket
}

output "artifacts_bucket" {
  description = "Bucket of the pipeline's artifacts."
  value       = module.s3.artifacts_bucket
}

output "execution_role_arn" {
  description = "Role of the jobs of SageMaker: ABALONE_EXECUTION_ROLE."
  value       = module.sagemaker.execution_role_arn
}

output "key_arn" {
  description = "Key of everything that is stored: ABALONE_KMS_KEY."
  value       = module.kms.key_arn
}

output "pipeline_name" {
  description = "Delivery pipeline."
  value       = module.codepipeline.pipeline_name
}

output "function_names" {
  description = "Functions, by purpose."
  value       = module.lambda.function_names
}

output "state_machine_arns" {
  description = "State machines, by purpose."
  value       = module.stepfunctions.state_machine_arns
}

output "topic_arn" {
  description = "Topic that people are told by."
  value       = module.cloudwatch.topic_arn
}

output "url" {
  description = "Prediction service on the hosts, after the first release."
  value       = module.ec2.url
}

output "next_commands" {
  description = "What to do next, in order."
  value = concat(
    local.on_codecommit ? [
      "git push ${module.codecommit[0].clone_url} HEAD:${var.source_code.branch}",
      ] : [
      "aws codeconnections get-connection --connection-arn ${local.source_code.connection_arn}  # confirm it in the console first",
    ],
    [
      "aws s3 cp data/01_raw/landing/ s3://${module.s3.data_bucket}/data/01_raw/landing/ --recursive",
      "aws codepipeline get-pipeline-state --name ${module.codepipeline.pipeline_name}",
      "curl ${module.ec2.url}/ping",
    ],
  )
}
