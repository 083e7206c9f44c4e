# Generated from hp_tf/layers/openzfs/definition.py by `hptf synth`; edit there.

output "file_system_id" {
  description = "Id of the file system."
  value       = aws_fsx_openzfs_file_system.this.id
}

output "file_system_arn" {
  description = "ARN of the file system."
  value       = aws_fsx_openzfs_file_system.this.arn
}

output "dns_name" {
  description = "DNS name clients mount."
  value       = aws_fsx_openzfs_file_system.this.dns_name
}
