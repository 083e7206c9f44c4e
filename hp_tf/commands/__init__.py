"""What the commands do, for the CLI to call: one module for each.

`plan`, `apply`, `destroy` and `output` are the commands, `saved_plans` the plans that are kept between the first two.
`opening` puts together what they need, and `request` says what of a command line is wrong before anything is opened.
"""
