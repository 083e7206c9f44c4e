"""Facts of Terraform resource types: the types several layers make, by AWS service, and what all are declared with."""
