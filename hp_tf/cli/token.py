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
    parser.add_argument("--profile", help="profile of the AWS configuration files")
    parser.add_argument("--role-arn", help="role to assume first")
    parser.add_argument("--session-name", default="hptf", help="name of that role's session")
    parser.add_argument("--external-id", help="external id that the role asks for")
    given = parser.parse_args(arguments)

    from hp_tf.aws.token import exec_credential, keys_for
    from hp_tf.errors import HptfError

    role = {"role_arn": given.role_arn, "session_name": given.session_name, "external_id": given.external_id}
    chosen = {name: value for name, value in role.items() if value} if given.role_arn else None
    endpoint = os.environ.get("AWS_ENDPOINT_URL_STS") or os.environ.get("AWS_ENDPOINT_URL")
    try:
        keys = keys_for(given.region, given.profile, chosen, os.environ)
        document = exec_credential(given.cluster_name, given.region, keys, now=datetime.now(UTC), endpoint=endpoint)
    except HptfError as error:
        sys.stderr.write(f"error: {error}\n")
        return error.exit_code
    sys.stdout.write(document + "\n")
    return 0
