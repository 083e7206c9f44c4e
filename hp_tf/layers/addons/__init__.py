"""The addons layer."""
