"""Runs over sets of layers."""
