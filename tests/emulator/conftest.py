"""One emulator for all tests of a worker, emptied between them, and the resources that many tests begin with."""

from __future__ import annotations

import base64
import gzip
import json
import os
import ssl
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from hp_tf.aws.presign import Keys
from hp_tf.aws.token import sign
from hp_tf.emulator import daemon
from hp_tf.emulator.calls import Settings
from hp_tf.emulator.clients import EmulatorSession

ACCOUNT = "111122223333"
REGION = "us-west-2"
TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[daemon.Emulator]:
    directory = tmp_path_factory.mktemp("emulator")
    yield daemon.start(directory, account_id=ACCOUNT, region=REGION, environ=os.environ)
    daemon.stop(directory)


@pytest.fixture
def emulator(running: daemon.Emulator) -> daemon.Emulator:
    """The emulator, empty and with its default settings."""
    running.call("POST", "/_hptf/reset", {})
    running.call("POST", "/_hptf/settings", asdict(Settings()))
    return running


class KeepingSession(EmulatorSession):
    """Makes each client once: loading a service's model takes longer than most tests."""

    def __init__(self, endpoint: str, region: str, access_key: str) -> None:
        super().__init__(endpoint, region, access_key)
        self._kept: dict[str, Any] = {}

    def client(self, service_name: str, **options: Any) -> Any:
        if options:
            return super().client(service_name, **options)
        if service_name not in self._kept:
            self._kept[service_name] = super().client(service_name)
        return self._kept[service_name]


@pytest.fixture(scope="session")
def kept_session(running: daemon.Emulator) -> KeepingSession:
    return KeepingSession(running.endpoint, REGION, running.access_key)


@pytest.fixture
def aws(emulator: daemon.Emulator, kept_session: KeepingSession) -> EmulatorSession:
    return kept_session


@dataclass(frozen=True)
class Base:
    """A VPC with two subnets, a security group that EFA accepts, a role, a lifecycle script, and the way to it."""

    vpc: str
    subnets: list[str]
    group: str
    role: str
    bucket: str
    s3_endpoint: str


@pytest.fixture
def base(aws: EmulatorSession) -> Base:
    ec2 = aws.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{zone}.0/24", AvailabilityZoneId=f"usw2-az{zone}")["Subnet"][
            "SubnetId"
        ]
        for zone in (1, 2)
    ]
    [table] = ec2.describe_route_tables(Filters=[{"Name": "vpc-id", "Values": [vpc]}])["RouteTables"]
    way = ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Gateway",
        ServiceName=f"com.amazonaws.{REGION}.s3",
        RouteTableIds=[table["RouteTableId"]],
    )["VpcEndpoint"]["VpcEndpointId"]
    group = ec2.create_security_group(GroupName="nodes", Description="nodes", VpcId=vpc)["GroupId"]
    everything = [{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]
    ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=everything)
    ec2.authorize_security_group_egress(GroupId=group, IpPermissions=everything)
    role = aws.client("iam").create_role(RoleName="nodes", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="sagemaker-scripts", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="sagemaker-scripts", Key="lifecycle/on_create.sh", Body=b"#!/bin/sh\n")
    return Base(vpc, subnets, group, role, "sagemaker-scripts", way)


def make_eks(aws: EmulatorSession, base: Base, name: str = "k", **more: Any) -> dict[str, Any]:
    """An EKS cluster on the base, with the emulator's access key beside what EKS tells, for `kube`."""
    arguments = {"accessConfig": {"authenticationMode": "API"}, **more}
    network = {"subnetIds": base.subnets}
    cluster: dict[str, Any] = aws.client("eks").create_cluster(
        name=name, roleArn=base.role, resourcesVpcConfig=network, **arguments
    )["cluster"]
    return {**cluster, "accessKey": aws.access_key}


@pytest.fixture
def eks(aws: EmulatorSession, base: Base) -> dict[str, Any]:
    return make_eks(aws, base)


def kube_token(name: str, key: str, secret: str | None = None, session: str | None = None) -> str:
    """A token for a cluster, as hptf makes it. The emulator's own key is its secret too."""
    return sign(name, REGION, Keys(key, secret or key, session), now=datetime.now(UTC))


def kube(
    cluster: dict[str, Any],
    method: str,
    path: str,
    body: Any = None,
    *,
    token: str | None = None,
    accept: str = "application/json",
) -> Any:
    """Call the cluster's Kubernetes API, with its certificate checked; its JSON answer whatever the status."""
    token = kube_token(cluster["name"], cluster["accessKey"]) if token is None else token
    authority = base64.b64decode(cluster["certificateAuthority"]["data"]).decode()
    request = urllib.request.Request(
        cluster["endpoint"] + path,
        data=None if body is None else json.dumps(body).encode(),
        method=method,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Accept": accept},
    )
    opener = urllib.request.build_opener(
        urllib.request.ProxyHandler({}),
        urllib.request.HTTPSHandler(context=ssl.create_default_context(cadata=authority)),
    )
    try:
        with opener.open(request, timeout=20) as response:
            return json.loads(response.read())
    except urllib.error.HTTPError as error:
        return json.loads(error.read())


def put_release(cluster: dict[str, Any], chart: str, *, name: str = "any", status: str = "deployed") -> None:
    """A Secret as helm keeps it for a release."""
    document = {
        "name": name,
        "namespace": "kube-system",
        "version": 1,
        "info": {"status": status},
        "chart": {"metadata": {"name": chart, "version": "0.1.0"}},
    }
    packed = base64.b64encode(gzip.compress(json.dumps(document).encode()))
    secret = {
        "metadata": {"name": f"sh.helm.release.v1.{name}.v1", "labels": {"owner": "helm", "status": status}},
        "type": "helm.sh/release.v1",
        "data": {"release": base64.b64encode(packed).decode()},
    }
    made = kube(cluster, "POST", "/api/v1/namespaces/kube-system/secrets", secret)
    assert made["kind"] == "Secret", made


def post(emulator: daemon.Emulator, path: str, body: dict[str, Any]) -> Any:
    return emulator.call("POST", path, body)


def begin_lasting(emulator: daemon.Emulator) -> None:
    """From here on changes last until `end_lasting`."""
    post(emulator, "/_hptf/settings", {"transition_seconds": 3600.0})


def end_lasting(emulator: daemon.Emulator) -> None:
    """Let the changes that last come to their end."""
    post(emulator, "/_hptf/settings", {"ahead_seconds": 3600.0})


def get(emulator: daemon.Emulator, path: str) -> Any:
    return emulator.call("GET", path)


@pytest.fixture
def empty_folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for an emulator of a test's own, stopped afterwards."""
    folder = tmp_path / "own"
    yield folder
    daemon.stop(folder)
