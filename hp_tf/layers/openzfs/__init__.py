"""The openzfs layer."""
