# Generated from hp_tf/layers/security/definition.py by `hptf synth`; edit there.

output "security_group_id" {
  description = "Id of the security group, usable: all its rules are in place."
  value       = local.security_group_id

  depends_on = [
    aws_vpc_security_group_ingress_rule.self,
    aws_vpc_security_group_ingress_rule.lustre,
    aws_vpc_security_group_ingress_rule.lustre_data,
    aws_vpc_security_group_egress_rule.self,
    aws_vpc_security_group_egress_rule.anywhere,
    aws_vpc_security_group_ingress_rule.nfs,
    aws_vpc_security_group_ingress_rule.ssh,
    aws_vpc_security_group_ingress_rule.ssh_of_group,
  ]
}
