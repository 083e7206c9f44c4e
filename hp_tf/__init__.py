"""Amazon SageMaker HyperPod clusters with Terraform: one YAML file per environment, one module per layer."""

__version__ = "0.1.0"
