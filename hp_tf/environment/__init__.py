"""Environments: one YAML file each, read, inherited, checked and wired before anything else happens."""
