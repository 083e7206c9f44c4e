"""What hptf asks AWS itself, with boto3: sessions, lookups, waits, the EKS token, finding what a crash left behind."""
