"""The endpoints layer."""
