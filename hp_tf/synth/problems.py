"""What a module author can get wrong in a definition, said before a file is written."""

from __future__ import annotations

from hp_tf.errors import HptfError


class DefinitionError(HptfError):
    """A layer's definition or contract cannot become a correct module. The message names the layer and the place."""
