"""For the hptf that tests start: Python imports a module of this name by itself."""

from hp_tf.terraform import commands
from tests.beside import compared

commands.show = compared(commands.show)
