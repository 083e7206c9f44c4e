"""What a file gives as existing, made under its own ids.

Each kind of thing has one function, which says in its docstring which facts it knows. A fact that is left out or null
is made to fit.
"""
