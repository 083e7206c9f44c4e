"""States: one per layer at rest, one for a set of layers while Terraform runs.

`document` reads a state, `merge` joins and parts them, `stores` keeps them, `locks` guards them, `snapshot` says what
they were, `session` and `backend` put them behind Terraform's http backend, `recovery` finishes what a crash left half
done, and `markers` remembers which layers were completed.
"""
