"""The eks layer."""
