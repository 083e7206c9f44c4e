"""Kill hptf and Terraform at random moments, take away disks and states, and hold what follows to what is promised.

`python -m tools.soak --kills 60 --seed 1`, from the root. A life is one environment on an emulator of its own: cut off
several times while it is made, completed, cut off while it is destroyed, destroyed. A failing life is told with its
seed and its folder is kept; the tests of tests/end_to_end/test_crashes.py are what such lives have taught.
"""
