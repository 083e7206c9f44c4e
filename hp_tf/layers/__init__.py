"""The CDKTF definition of each layer's module: `define(module)` in the file of the layer's name."""
