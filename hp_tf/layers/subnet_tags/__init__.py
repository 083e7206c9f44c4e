"""The subnet_tags layer."""
