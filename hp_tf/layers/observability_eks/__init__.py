"""The observability_eks layer."""
