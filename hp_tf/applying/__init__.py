"""Carry out a plan: stages, locks, equivalence with what was reviewed, completion."""
