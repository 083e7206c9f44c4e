"""Expressions over a layer's inputs: immutable trees, and functions that evaluate, render and search them."""
