output "parameter_arns" {
  description = "ARNs of the parameters, by name below the prefix."
  value       = { for name, parameter in aws_ssm_parameter.this : name => parameter.arn }
}
