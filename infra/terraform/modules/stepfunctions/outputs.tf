output "state_machine_arns" {
  description = "ARNs by state machine: etl, system_test, retraining."
  value       = { for key, machine in aws_sfn_state_machine.this : key => machine.arn }
}
