"""The hyperpod_slurm layer."""
