"""What the commands do, for the CLI to call."""
