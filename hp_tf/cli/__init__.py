"""The command `hptf`: parse, call one function, render. No logic here, and nothing heavy is imported at the top."""

from hp_tf.cli.main import main

__all__ = ["main"]
