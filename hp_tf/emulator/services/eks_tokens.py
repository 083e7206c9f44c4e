"""Who may use a cluster's Kubernetes API: the token's signature tells the caller, the access entries what it may.

A token is a presigned STS URL. EKS sends it to STS with the cluster's own name in a signed header, so that a token for
another cluster is nobody's. Source: the AWS IAM authenticator's token format.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from hp_tf.emulator.services.eks_store import EksCluster, EksStore

_PREFIX = "Bearer k8s-aws-v1."
_VALID_SECONDS = 15 * 60
_CREDENTIAL = re.compile(r"([^/]+)/(\d{8})/([a-z0-9-]+)/sts/aws4_request")
_SESSION = re.compile(r"(arn:[a-z-]+):sts:(:\d{12}):assumed-role/([^/]+)/.+")


class EksTokens:
    """Checks the callers of the Kubernetes API."""

    def __init__(self, store: EksStore) -> None:
        self._store = store
        self._world = store.world

    def allows(self, kube_name: str, authorization: str) -> bool | None:
        """Whether a caller may use a cluster. None: nobody whom the cluster knows.

        Args:
            kube_name: the cluster's name in the Kubernetes path.
            authorization: the request's header.
        """
        cluster = next((found for found in self._store.clusters.values() if found.kube_name == kube_name), None)
        if cluster is None:
            return None
        caller = self._caller(cluster, authorization)
        if caller is None:
            return None
        if cluster.attributes["accessConfig"]["authenticationMode"] == "CONFIG_MAP" and _same(cluster.creator, caller):
            return True
        entry = next((entry for name, entry in cluster.entries.items() if _same(name, caller)), None)
        if entry is None:
            return None
        # What the groups are bound to is not looked up.
        return bool(entry.policies or entry.attributes["kubernetesGroups"])

    def _caller(self, cluster: EksCluster, authorization: str) -> str | None:
        """The principal whose key signed the token for this cluster, lately."""
        if not authorization.startswith(_PREFIX):
            return None
        encoded = authorization.removeprefix(_PREFIX)
        try:
            url = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)).decode("ascii")
            query = {key: values[-1] for key, values in parse_qs(urlsplit(url).query).items()}
            credential = _CREDENTIAL.fullmatch(query["X-Amz-Credential"])
            signed = datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            signature = query["X-Amz-Signature"]
        except (binascii.Error, KeyError, ValueError):
            return None
        if credential is None or query.get("Action") != "GetCallerIdentity":
            return None
        key, _, region = credential.groups()
        secret = self._world.secret_of(key)
        if secret is None or self._world.clock() - signed.timestamp() > _VALID_SECONDS:
            return None
        keys = Credentials(key, secret)
        if not hmac.compare_digest(_signature(url, cluster.name, keys, region, query["X-Amz-Date"]), signature):
            return None
        return role_behind(self._world.cloud.caller_arn(region, key))


def role_behind(arn: str) -> str:
    """The role of a session's ARN, without the path, which the ARN does not tell; any other ARN as it is."""
    return _SESSION.sub(r"\1:iam:\2:role/\3", arn)


def _same(principal: str, caller: str) -> bool:
    return principal == caller or re.sub(r":role/.*/", ":role/", principal) == caller


def _signature(url: str, cluster_name: str, keys: Credentials, region: str, date: str) -> str:
    """What the URL's signature is if it was made for a cluster of this name."""
    unsigned = re.sub(r"&?X-Amz-Signature=[^&]*", "", url)
    request = AWSRequest("GET", unsigned, headers={"x-k8s-aws-id": cluster_name})
    request.context["timestamp"] = date
    # Typed loosely: the stubs do not know the steps of signing.
    auth = SigV4QueryAuth(keys, "sts", region)
    return str(auth.signature(auth.string_to_sign(request, auth.canonical_request(request)), request))
