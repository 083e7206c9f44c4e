"""The observability layer."""
