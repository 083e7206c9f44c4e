"""The studio layer."""
