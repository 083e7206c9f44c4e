"""The hyperpod layer."""
