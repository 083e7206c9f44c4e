"""The commands in one namespace, as tests call them."""

from hp_tf.commands.apply import apply
from hp_tf.commands.destroy import destroy
from hp_tf.commands.output import outputs
from hp_tf.commands.plan import plan, review

__all__ = ["apply", "destroy", "outputs", "plan", "review"]
