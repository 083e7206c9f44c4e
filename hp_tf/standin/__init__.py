"""Stand-in providers: what Terraform talks to in place of `awscc` and `helm` when the target is the embedded AWS.

`server.serve` starts them and returns the value of `TF_REATTACH_PROVIDERS`. They serve emulated targets only.

schema.py and values.py     the committed schemas, and Terraform's values as Python's
planning.py and checks.py   what a provider decides: the plan of a change, and whether a configuration is valid
servicer.py, protobuf.py    Terraform's plugin protocol 6
awscc.py, cloudcontrol.py   the backend of awscc_sagemaker_cluster
helm.py and its helpers     the backend of helm_release
relay.py and server.py      the sockets
"""
