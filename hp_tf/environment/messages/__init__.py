"""The wording of mistakes and suggestions, all of it that is longer than a line.

``words`` has what every message needs, ``syntax`` answers text that is no YAML, ``values`` wrong keys and values, and
``supply`` what no layer supplies.
"""
