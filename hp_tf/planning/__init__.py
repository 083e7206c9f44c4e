"""From a selection of layers to a plan: root and inputs, states, barriers, checks, saved plans."""
