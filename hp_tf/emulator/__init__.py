"""The embedded AWS: one process on loopback that answers as the parts of AWS that hptf's layers use.

`daemon` starts and stops it, `clients` and `inventory` talk to it. Everything else runs inside the process: `front`
takes each request to one of our own services (`services`, `kube`) or to moto. Quotas, capacity and IAM permissions are
not enforced.
"""
