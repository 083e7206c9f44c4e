"""Definitions to modules: collect, render HCL, write, check. Needed by `hptf synth` alone."""
