"""The measurements behind the bars hptf is held to. Run with `python -m bench`."""
