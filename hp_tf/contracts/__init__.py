"""The layers' contracts: typed inputs, outputs and where values come from. Pydantic only."""
