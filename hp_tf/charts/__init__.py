"""Helm charts: fetching a pinned revision once, locking its content, placing it in a root. No Terraform."""
