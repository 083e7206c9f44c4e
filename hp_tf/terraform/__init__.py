"""The Terraform process: finding it, running it, reading what it says. Nothing here knows what a layer is made of."""
