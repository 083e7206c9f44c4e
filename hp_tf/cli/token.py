"""`hptf token`: the exec plugin that gives Kubernetes clients their credential. It starts fast and imports little."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import UTC, datetime


def main(arguments: Sequence[str]) -> int:
    """Print the ExecCredential of a cluster, and return the exit code."""
    parser = argparse.ArgumentParser(prog="hptf token", description="Print a Kubernetes credential for an EKS cluster.")
    parser.add_argument("--cluster-name", required=True)
    parser.add_argument("--region", required=True)
    parser.add_argument("--profile")
    parser.add_argument("--role-arn")
    given = parser.parse_args(arguments)

    from hp_tf.aws.token import credentials_for, exec_credential
    from hp_tf.errors import HptfError

    endpoint = os.environ.get("AWS_ENDPOINT_URL_STS") or os.environ.get("AWS_ENDPOINT_URL")
    try:
        credentials = credentials_for(given.region, given.profile, given.role_arn, os.environ)
        document = exec_credential(
            given.cluster_name, given.region, credentials, now=datetime.now(UTC), endpoint=endpoint
        )
    except HptfError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    sys.stdout.write(document + "\n")
    return 0
