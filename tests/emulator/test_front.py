from __future__ import annotations

import http.client
import io
import json
import threading
from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.exceptions import ClientError

from hp_tf.emulator.awsjson import Caller, Service
from hp_tf.emulator.calls import Calls
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.control import Identity
from hp_tf.emulator.daemon import Emulator
from hp_tf.emulator.front import Front
from hp_tf.emulator.kube.store import KubeClusters
from hp_tf.emulator.web import Request, Response
from hp_tf.emulator.world import World
from tests.emulator.conftest import ACCOUNT, REGION, Base, get

KEY = "emulator-key"


def _front() -> Front:
    """A front without anything behind it."""
    nothing: Any = None
    cloud: Any = SimpleNamespace(knows=lambda key: key == "a-sessions")
    world = World(ACCOUNT, REGION, cloud, KubeClusters(), "http://127.0.0.1:1", "", KEY)
    return Front(Identity("i", 1, ACCOUNT, REGION), world, nothing, Calls())


def _ask(path: str, **headers: str) -> tuple[int, dict[str, Any]]:
    """Status and JSON of a GET to a front without anything behind it."""
    environ: dict[str, Any] = {"REQUEST_METHOD": "GET", "PATH_INFO": path, "wsgi.input": io.BytesIO()}
    environ |= {f"HTTP_{name.upper()}": value for name, value in {"host": "127.0.0.1:1", **headers}.items()}
    seen: list[str] = []
    body = b"".join(_front()(environ, lambda status, headers: seen.append(status)))
    return int(seen[0].split()[0]), json.loads(body)


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost", "bucket.localhost:80", "[::1]:1", ""])
def test_it_answers_to_the_names_of_this_machine(host: str) -> None:
    assert _ask("/_hptf/health", host=host)[0] == 200


@pytest.mark.parametrize("host", ["evil.example:4566", "127.0.0.1.evil.example", "localhost.evil.example", "[::1"])
@pytest.mark.parametrize("path", ["/_hptf/health", "/k8s/k/version", "/bucket/state"])
def test_a_name_that_a_web_page_points_here_is_refused(host: str, path: str) -> None:
    assert _ask(path, host=host)[0] == 403


def test_its_own_routes_are_for_those_who_can_read_its_file() -> None:
    assert _ask("/_hptf/settings", x_hptf_key=KEY)[0] == 200
    for wrong in ({}, {"x_hptf_key": "emulator"}, {"x_hptf_key": KEY, "origin": "http://127.0.0.1:1"}):
        status, answer = _ask("/_hptf/settings", **wrong)
        assert (status, answer["__type"]) == (403, "AccessDenied")


def _signed(key: str) -> str:
    return f"AWS4-HMAC-SHA256 Credential={key}/20260101/{REGION}/eks/aws4_request, SignedHeaders=host, Signature=0"


@pytest.mark.parametrize("key", [KEY, "a-sessions"])
def test_calls_with_a_key_of_this_emulator_are_answered(key: str) -> None:
    assert _ask("/clusters", authorization=_signed(key))[0] == 200


@pytest.mark.parametrize("headers", [{}, {"authorization": _signed("test")}, {"authorization": "AWS test:x"}])
def test_strangers_are_refused_whatever_they_ask_for(headers: dict[str, str]) -> None:
    status, answer = _ask("/clusters", **headers)
    assert (status, answer["__type"]) == (403, "InvalidClientTokenId")
    assert "hptf local env" in answer["message"]


def test_states_in_s3_are_refused_to_strangers(emulator: Emulator, aws: EmulatorSession, base: Base) -> None:
    s3 = EmulatorSession(emulator.endpoint, REGION, "emulator").client("s3")
    with pytest.raises(ClientError) as caught:
        s3.get_object(Bucket=base.bucket, Key="lifecycle/on_create.sh")
    assert _error(caught)[::2] == ("InvalidAccessKeyId", 403)
    iam = aws.client("iam")
    iam.create_user(UserName="u")
    key = iam.create_access_key(UserName="u")["AccessKey"]["AccessKeyId"]
    user = EmulatorSession(emulator.endpoint, REGION, key)
    assert user.client("sts").get_caller_identity()["Arn"].endswith("user/u")


class Failing(Service):
    """FSx whose answers cannot be written."""

    def __init__(self, written: Callable[[], None]) -> None:
        super().__init__("fsx", {"DescribeFileSystems": lambda caller, parameters: {}})
        self._written = written

    def answer(self, result: Mapping[str, Any]) -> Response:
        self._written()
        raise RuntimeError("dictionary changed size during iteration")


def test_an_answer_that_cannot_be_written_is_a_named_400() -> None:
    front = _front()
    free: list[bool] = []

    def written() -> None:
        # Another call could come in between if this one had given up the lock.
        other = threading.Thread(target=lambda: free.append(front._lock.acquire(blocking=False)))
        other.start()
        other.join()

    caller = Caller(ACCOUNT, REGION, "aws")
    request = Request("POST", "/", "", {}, b"{}")
    response = front._own(Failing(written), "DescribeFileSystems", caller, request)
    assert response is not None
    assert (response.status, free) == (400, [False])
    assert "RuntimeError: dictionary changed size" in str(response.body)


def _error(caught: pytest.ExceptionInfo[ClientError]) -> tuple[str, str, int]:
    response = caught.value.response
    return response["Error"]["Code"], response["Error"]["Message"], response["ResponseMetadata"]["HTTPStatusCode"]


@pytest.mark.parametrize(
    ("service", "method", "arguments", "name"),
    [
        ("amp", "list_scrapers", {}, "amp.ListScrapers"),
        ("eks", "list_insights", {"clusterName": "k"}, "eks.ListInsights"),
        ("ec2", "describe_ipams", {}, "ec2.DescribeIpams"),
        ("fsx", "create_snapshot", {"Name": "s", "VolumeId": "fsvol-0123456789abcdef0"}, "fsx.CreateSnapshot"),
        ("cloudcontrol", "list_resource_requests", {}, "cloudcontrol.ListResourceRequests"),
    ],
)
def test_what_is_not_there_answers_at_once_with_its_name(
    aws: EmulatorSession, emulator: Emulator, service: str, method: str, arguments: dict[str, str], name: str
) -> None:
    with pytest.raises(ClientError) as caught:
        getattr(aws.client(service), method)(**arguments)
    code, message, status = _error(caught)
    assert (code, status) == ("NotImplementedByEmulator", 400)
    assert message.startswith(name)
    noted = [f"{entry['service']}.{entry['operation']}" for entry in get(emulator, "/_hptf/unsupported")["unsupported"]]
    assert noted == [name]


def test_a_failure_inside_moto_is_a_named_400(emulator: Emulator) -> None:
    parts = urlsplit(emulator.endpoint)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    credential = f"{emulator.access_key}/20260101/{REGION}/dynamodb/aws4_request"
    scope = f"AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=0"
    # No SDK would send this: moto does not expect a table without a name.
    headers = {"Authorization": scope, "X-Amz-Target": "DynamoDB_20120810.CreateTable"}
    connection.request("POST", "/", b"{}", {**headers, "Content-Type": "application/x-amz-json-1.0"})
    response = connection.getresponse()
    document = json.loads(response.read())
    assert response.status == 400
    assert document == {"__type": "EmulatorFailure", "message": "moto failed: KeyError: 'TableName'"}
    assert get(emulator, "/_hptf/unsupported")["unsupported"][0]["operation"] == "CreateTable"


def test_every_service_carries_the_account(aws: EmulatorSession, base: Base) -> None:
    assert aws.client("sts").get_caller_identity()["Account"] == ACCOUNT
    assert base.role.split(":")[4] == ACCOUNT
    key = aws.client("kms").create_key()["KeyMetadata"]["Arn"]
    assert key.split(":")[4] == ACCOUNT
    logs = aws.client("logs")
    logs.create_log_group(logGroupName="g")
    assert logs.describe_log_groups()["logGroups"][0]["arn"].split(":")[4] == ACCOUNT
    vpc = aws.client("ec2").describe_vpcs(VpcIds=[base.vpc])["Vpcs"][0]
    assert vpc["OwnerId"] == ACCOUNT


def test_zones_have_the_real_ids(aws: EmulatorSession) -> None:
    zones = aws.client("ec2").describe_availability_zones()["AvailabilityZones"]
    assert {zone["ZoneId"] for zone in zones} >= {"usw2-az1", "usw2-az2", "usw2-az3", "usw2-az4"}


def test_managed_policies_and_image_parameters_are_there(aws: EmulatorSession) -> None:
    iam = aws.client("iam")
    for name in ("AmazonEKSClusterPolicy", "AmazonSageMakerClusterInstanceRolePolicy"):
        assert iam.get_policy(PolicyArn=f"arn:aws:iam::aws:policy/{name}")
    name = "/aws/service/eks/optimized-ami/1.33/amazon-linux-2023/x86_64/standard/recommended/image_id"
    assert aws.client("ssm").get_parameter(Name=name)["Parameter"]["Value"].startswith("ami-")


def test_the_log_names_operations_in_every_protocol(aws: EmulatorSession, emulator: Emulator) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_object(Bucket="bucket", Key="deep/key", Body=b"1")
    s3.copy_object(Bucket="bucket", Key="copy", CopySource="bucket/deep/key")
    s3.put_bucket_versioning(Bucket="bucket", VersioningConfiguration={"Status": "Enabled"})
    s3.list_objects_v2(Bucket="bucket")
    s3.head_object(Bucket="bucket", Key="copy")
    aws.client("iam").list_roles()
    aws.client("eks").list_clusters()
    aws.client("logs").describe_log_groups()
    named = [f"{entry['service']}.{entry['operation']}" for entry in get(emulator, "/_hptf/operations")["operations"]]
    assert named == [
        "s3.CreateBucket",
        "s3.PutObject",
        "s3.CopyObject",
        "s3.PutBucketVersioning",
        "s3.ListObjectsV2",
        "s3.HeadObject",
        "iam.ListRoles",
        "eks.ListClusters",
        "logs.DescribeLogGroups",
    ]


def test_reset_forgets_everything(aws: EmulatorSession, emulator: Emulator, base: Base) -> None:
    from hp_tf.emulator.daemon import reset

    assert reset(emulator.directory)
    assert base.vpc not in {vpc["VpcId"] for vpc in aws.client("ec2").describe_vpcs()["Vpcs"]}
    assert aws.client("s3").list_buckets()["Buckets"] == []


def test_a_conditional_write_excludes_a_second_one(aws: EmulatorSession, base: Base) -> None:
    s3 = aws.client("s3")
    s3.put_object(Bucket=base.bucket, Key="state.tflock", Body=b"1", IfNoneMatch="*")
    with pytest.raises(ClientError) as caught:
        s3.put_object(Bucket=base.bucket, Key="state.tflock", Body=b"2", IfNoneMatch="*")
    assert _error(caught)[2] == 412


def test_a_policy_that_demands_tls_does_not_lock_everybody_out(aws: EmulatorSession, base: Base) -> None:
    s3 = aws.client("s3")
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{base.bucket}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    s3.put_bucket_policy(Bucket=base.bucket, Policy=policy)
    assert s3.head_object(Bucket=base.bucket, Key="lifecycle/on_create.sh")


def test_a_presigned_request_is_known_by_its_query(emulator: Emulator) -> None:
    sts = boto3.client(
        "sts",
        region_name=REGION,
        endpoint_url=emulator.endpoint,
        aws_access_key_id=emulator.access_key,
        aws_secret_access_key=emulator.access_key,
    )
    parts = urlsplit(sts.generate_presigned_url("get_caller_identity"))
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=20)
    connection.request("POST", f"{parts.path}?{parts.query}")
    assert ACCOUNT in connection.getresponse().read().decode()
    assert get(emulator, "/_hptf/operations")["operations"][-1]["operation"] == "GetCallerIdentity"
