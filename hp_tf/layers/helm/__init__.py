"""The helm layer."""
