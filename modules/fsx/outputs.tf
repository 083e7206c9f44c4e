# Generated from hp_tf/layers/fsx/definition.py by `hptf synth`; edit there.

output "file_system_id" {
  description = "Id of the file system."
  value       = aws_fsx_lustre_file_system.this.id
}

output "file_system_arn" {
  description = "ARN of the file system."
  value       = aws_fsx_lustre_file_system.this.arn
}

output "dns_name" {
  description = "DNS name clients mount."
  value       = aws_fsx_lustre_file_system.this.dns_name
}

output "mount_name" {
  description = "Lustre mount name of the file system."
  value       = aws_fsx_lustre_file_system.this.mount_name
}
