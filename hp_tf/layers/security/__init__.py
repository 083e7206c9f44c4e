"""The security layer."""
