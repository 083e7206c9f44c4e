"""A Kubernetes API small enough to read, large enough for the real helm and kubectl."""
