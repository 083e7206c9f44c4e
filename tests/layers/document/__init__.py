"""The folder of a small layer, as its author writes it: `test_a_layer_is_one_folder` puts it into a copy of hptf."""
