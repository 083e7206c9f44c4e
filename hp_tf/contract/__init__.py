"""The language that layers are declared in: inputs, outputs, roles, rules, resource types."""
