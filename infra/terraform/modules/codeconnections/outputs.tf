output "connection_arn" {
  description = "ARN of the connection. It is pending until somebody accepts it in the console."
  value       = aws_codeconnections_connection.this.arn
}
