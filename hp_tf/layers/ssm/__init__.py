"""The ssm layer."""
