"""Development only: generators, the soak, other Pythons."""
