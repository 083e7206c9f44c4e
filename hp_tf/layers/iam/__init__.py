"""The iam layer."""
