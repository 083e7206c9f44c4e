"""An emulator with what a cluster and a release stand on, and the names that scenarios have for it."""

from __future__ import annotations

import base64
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from hp_tf.aws.presign import Keys
from hp_tf.aws.token import exec_credential
from hp_tf.emulator import clients, daemon
from hp_tf.emulator.calls import Settings
from hp_tf.emulator.tls import make_certificate
from tests.emulator.conftest import REGION, TRUST, kube, put_release
from tests.standin.conftest import http_server, send, url

Json = dict[str, Any]
KUBERNETES = "conformance"
_CLUSTER = re.compile(r"arn:aws:sagemaker:[\w-]+:\d{12}:cluster/[a-z0-9]{12}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+Z?")


@dataclass
class Refusal:
    """The next answers of the Kubernetes API to requests whose path holds a word."""

    status: int
    path: str = "secrets"
    times: int = 1_000_000


@dataclass
class World:
    """An emulator, empty but for a VPC, roles, a bucket with scripts and an EKS cluster.

    Attributes:
        running: the emulator.
        names: what `$name` in a scenario stands for, and what it is called in a record.
        refusals: of the Kubernetes API; the provider reaches it through a gate of ours.
    """

    running: daemon.Emulator
    names: dict[str, str] = field(default_factory=dict)
    eks: Json = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.session = clients.session(self.running)
        folder = self.running.directory / "gate"
        folder.mkdir(exist_ok=True)
        context, authority = make_certificate(folder)
        self.authority = base64.b64decode(authority).decode()
        self._gate = http_server(self._pass_on)
        self._gate.socket = context.wrap_socket(self._gate.socket, server_side=True)

    def close(self) -> None:
        """Close the gate."""
        self._gate.shutdown()
        self._gate.server_close()

    def begin(self) -> None:
        """Empty the emulator and make what every scenario begins with."""
        self.running.call("POST", "/_hptf/reset", {}, seconds=60)
        self.settings(**asdict(Settings()))
        self.refusals.clear()
        ec2, iam, s3 = (self.session.client(name) for name in ("ec2", "iam", "s3"))
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{zone}.0/24", AvailabilityZoneId=f"usw2-az{zone}")["Subnet"]
            for zone in (1, 2)
        ]
        # Nodes fetch their scripts.
        service = f"com.amazonaws.{REGION}.s3"
        (table,) = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
        ec2.create_vpc_endpoint(VpcId=vpc, ServiceName=service, RouteTableIds=[table["RouteTableId"]])
        group = ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId=vpc)["GroupId"]
        everything = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
        ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=everything)
        ec2.authorize_security_group_egress(GroupId=group, IpPermissions=everything)
        role = iam.create_role(RoleName="nodes", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        scaler = iam.create_role(RoleName="scaler", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
        s3.create_bucket(Bucket="sagemaker-scripts", CreateBucketConfiguration={"LocationConstraint": REGION})
        for script in ("on_create.sh", "other.sh"):
            s3.put_object(Bucket="sagemaker-scripts", Key=f"lifecycle/{script}", Body=b"#!/bin/sh\n")
        self.eks = self.session.client("eks").create_cluster(
            name=KUBERNETES,
            roleArn=role,
            resourcesVpcConfig={"subnetIds": [subnet["SubnetId"] for subnet in subnets]},
            accessConfig={"authenticationMode": "API"},
        )["cluster"]
        self.eks["accessKey"] = self.running.access_key
        put_release(self.eks, "hyperpod-helm-chart")
        self.names = {
            "security_group": group,
            "subnet_1": subnets[0]["SubnetId"],
            "subnet_2": subnets[1]["SubnetId"],
            "role": role,
            "scaler": scaler,
            "scripts": "s3://sagemaker-scripts/lifecycle",
            "eks": self.eks["arn"],
            "host": f"{url(self._gate).replace('http:', 'https:')}/k8s/{KUBERNETES}",
        }

    def settings(self, **values: Any) -> None:
        """Change the emulator's settings."""
        self.running.call("POST", "/_hptf/settings", values)

    def fault(self, **what: Any) -> None:
        """Make the next calls of an operation late, or fail."""
        self.running.call("POST", "/_hptf/faults", what)

    def credential(self) -> str:
        """Return what a credential plugin prints."""
        from datetime import UTC, datetime

        keys = Keys(self.running.access_key, self.running.access_key, None)
        return exec_credential(KUBERNETES, REGION, keys, now=datetime.now(UTC), endpoint=self.running.endpoint)

    def kube(self, method: str, path: str, body: Any = None) -> Any:
        """Call the Kubernetes API, past the gate."""
        return kube(self.eks, method, path, body)

    def filled(self, value: Any) -> Any:
        """Return a scenario's value with its `$names` filled in."""
        if isinstance(value, str):
            for name in sorted(self.names, key=len, reverse=True):
                value = value.replace(f"${name}", self.names[name])
            return value
        if isinstance(value, Mapping):
            return {key: self.filled(item) for key, item in value.items()}
        return [self.filled(item) for item in value] if isinstance(value, list) else value

    def normal(self, value: Any) -> Any:
        """Return a value as records have it: names for ids, no times."""
        text = json.dumps(value)
        for name, held in sorted(self.names.items(), key=lambda item: len(item[1]), reverse=True):
            text = text.replace(held, f"${name}")
        return json.loads(_TIME.sub("$time", _CLUSTER.sub("$cluster", text)))

    def described(self, name: str = "ml") -> Json | None:
        """Return the cluster as the service shows it, None if there is none."""
        client = self.session.client("sagemaker")
        if not any(item["ClusterName"] == name for item in client.list_clusters()["ClusterSummaries"]):
            return None
        found: Json = client.describe_cluster(ClusterName=name)
        tags = client.list_tags(ResourceArn=found["ClusterArn"])["Tags"]
        return {**found, "Tags": {tag["Key"]: tag["Value"] for tag in tags}}

    def _pass_on(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        body = handler.rfile.read(length) if length else None
        for refusal in self.refusals:
            if refusal.times > 0 and refusal.path in handler.path:
                refusal.times -= 1
                status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": refusal.status}
                send(handler, refusal.status, {**status, "message": "refused by the scenario", "reason": "Forbidden"})
                return
        request = urllib.request.Request(
            self.running.endpoint + handler.path,
            data=body,
            method=handler.command,
            headers={
                key: value for key, value in handler.headers.items() if key.lower() not in ("host", "accept-encoding")
            },
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=120) as answer:
                send(handler, answer.status, answer.read(), answer.headers.get("Content-Type", "application/json"))
        except urllib.error.HTTPError as error:
            send(handler, error.code, error.read(), error.headers.get("Content-Type", "application/json"))


def started(folder: Path) -> daemon.Emulator:
    """Return an emulator for scenarios."""
    return daemon.start(folder, account_id="111122223333", region=REGION, environ=os.environ)
