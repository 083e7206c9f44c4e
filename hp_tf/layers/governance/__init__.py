"""The governance layer."""
