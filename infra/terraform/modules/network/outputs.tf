output "vpc_id" {
  description = "Id of the network."
  value       = aws_vpc.this.id
}

output "vpc_cidr" {
  description = "Addresses of the network."
  value       = aws_vpc.this.cidr_block
}

output "public_subnet_ids" {
  description = "Subnets of the load balancer, one a zone."
  value       = values(aws_subnet.public)[*].id

  # A load balancer is refused, and a host installs nothing, where there is no way out yet.
  depends_on = [aws_route.internet, aws_route_table_association.public]
}

output "host_subnet_ids" {
  description = "Subnets of the hosts, one a zone: private ones with a NAT gateway, else the public ones."
  value       = var.nat_gateway ? values(aws_subnet.private)[*].id : values(aws_subnet.public)[*].id

  depends_on = [
    aws_route.internet,
    aws_route.nat,
    aws_route_table_association.private,
    aws_route_table_association.public,
    aws_vpc_endpoint.s3,
  ]
}
