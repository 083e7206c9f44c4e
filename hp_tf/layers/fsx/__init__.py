"""The fsx layer."""
