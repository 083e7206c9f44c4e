# Generated from hp_tf/layers/subnet_tags/definition.py by `hptf synth`; edit there.

output "tagged_subnet_ids" {
  description = "Private subnets by zone id, once they are tagged."
  value       = var.private_subnet_ids

  depends_on = [aws_ec2_tag.private, aws_ec2_tag.public]
}
