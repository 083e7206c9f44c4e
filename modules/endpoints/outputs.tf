# Generated from hp_tf/layers/endpoints/definition.py by `hptf synth`; edit there.

output "s3_endpoint_id" {
  description = "Id of the S3 gateway endpoint, usable: every route table leads to it. Null when s3 is false."
  value       = one(aws_vpc_endpoint.s3[*].id)

  depends_on = [aws_vpc_endpoint_route_table_association.s3]
}

output "dynamodb_endpoint_id" {
  description = "Id of the DynamoDB gateway endpoint, usable. Null when dynamodb is false."
  value       = one(aws_vpc_endpoint.dynamodb[*].id)

  depends_on = [aws_vpc_endpoint_route_table_association.dynamodb]
}

output "interface_endpoint_ids" {
  description = "Ids of the interface endpoints by service, usable: their security group lets HTTPS in."
  value       = { for service, endpoint in aws_vpc_endpoint.interface : service => endpoint.id }

  depends_on = [
    aws_vpc_security_group_ingress_rule.https,
    aws_vpc_endpoint_security_group_association.given,
  ]
}
