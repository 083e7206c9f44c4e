# Generated from hp_tf/layers/endpoints/definition.py by `hptf synth`; edit there.

output "s3_endpoint_id" {
  description = "Id of the S3 gateway endpoint, usable: every route table leads to it. Null when s3 is false."
  value       = one(aws_vpc_endpoint.s3[*].id)

  depends_on = [aws_vpc_endpoint_route_table_association.s3]
}
