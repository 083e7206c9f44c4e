from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from hp_tf.emulator.awsjson import AwsError
from hp_tf.emulator.calls import Calls, Fault, parse_fault
from hp_tf.emulator.clients import EmulatorSession
from hp_tf.emulator.daemon import Emulator
from tests.emulator.conftest import REGION, get, post
from tests.waiting import wait_for

ONCE = Config(retries={"total_max_attempts": 1})


@pytest.mark.parametrize(
    ("service", "operation", "method", "arguments"),
    [
        ("ec2", "DescribeVpcs", "describe_vpcs", {}),
        ("iam", "ListRoles", "list_roles", {}),
        ("s3", "ListBuckets", "list_buckets", {}),
        ("logs", "DescribeLogGroups", "describe_log_groups", {}),
        ("eks", "ListClusters", "list_clusters", {}),
        ("lambda", "ListFunctions", "list_functions", {}),
    ],
)
def test_a_fault_fails_the_next_calls_in_the_services_own_protocol(
    aws: EmulatorSession, emulator: Emulator, service: str, operation: str, method: str, arguments: dict[str, str]
) -> None:
    fault = {"service": service, "operation": operation, "times": 2, "error": "LimitExceeded", "message": "<full>"}
    post(emulator, "/_hptf/faults", fault)
    client = aws.client(service, config=ONCE)
    for _ in range(2):
        with pytest.raises(ClientError) as caught:
            getattr(client, method)(**arguments)
        assert caught.value.response["Error"]["Code"] == "LimitExceeded"
        assert caught.value.response["Error"]["Message"] == "<full>"
    assert getattr(client, method)(**arguments)
    assert get(emulator, "/_hptf/faults")["faults"] == []


def test_a_delay_alone_makes_a_call_slow(aws: EmulatorSession, emulator: Emulator) -> None:
    client = aws.client("s3")
    client.list_buckets()
    post(emulator, "/_hptf/faults", {"service": "s3", "operation": "*", "delay": 0.6})
    started = time.monotonic()
    client.list_buckets()
    assert time.monotonic() - started >= 0.6
    record = get(emulator, "/_hptf/operations")["operations"][-1]
    assert (record["operation"], record["status"]) == ("ListBuckets", 200) and record["seconds"] >= 0.6


def test_faults_can_be_cleared(aws: EmulatorSession, emulator: Emulator) -> None:
    post(emulator, "/_hptf/faults", {"service": "eks", "operation": "*", "times": 9, "error": "X"})
    emulator.call("DELETE", "/_hptf/faults")
    assert aws.client("eks").list_clusters()


@pytest.mark.parametrize(("method", "path"), [("DELETE", "/_hptf/faults"), ("POST", "/_hptf/reset")])
def test_what_a_fault_made_late_goes_on_without_it(
    aws: EmulatorSession, emulator: Emulator, method: str, path: str
) -> None:
    client = aws.client("s3", config=ONCE)
    post(emulator, "/_hptf/faults", {"service": "s3", "operation": "*", "delay": 600.0})
    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(client.list_buckets)
        wait_for(lambda: not get(emulator, "/_hptf/faults")["faults"], "the call that waits")
        assert not late.done()
        emulator.call(method, path, {})
        assert late.result(timeout=120)["Buckets"] == []


@pytest.mark.parametrize(
    ("document", "named"),
    [({"service": "eks"}, "operation"), ({"servic": "eks"}, "servic"), ({"service": "e", "operation": 1}, "operation")],
)
def test_a_fault_that_makes_no_sense_is_refused(document: dict[str, object], named: str) -> None:
    with pytest.raises(AwsError, match=named):
        parse_fault(document)


@pytest.mark.parametrize("document", [{"nonsense": 1}, {"transition_seconds": "1"}, {"fast_delete": 1}])
def test_a_setting_that_makes_no_sense_is_refused(emulator: Emulator, document: dict[str, object]) -> None:
    with pytest.raises(OSError, match="400"):
        post(emulator, "/_hptf/settings", document)


def test_faults_wait_with_the_given_clock_and_count_down() -> None:
    slept: list[float] = []
    calls = Calls(clock=lambda: 10.0, sleep=slept.append)
    calls.add_fault(Fault("s", "Op", times=1, delay=3.0))
    calls.begin("s", "Other")
    calls.begin("s", "Op")
    calls.begin("s", "Op")
    assert slept == [3.0]
    calls.record("s", "Op", 8.0, 200)
    assert calls.log()[0]["seconds"] == 2.0


def test_the_region_of_a_call_is_its_own(emulator: Emulator, aws: EmulatorSession) -> None:
    elsewhere = EmulatorSession(emulator.endpoint, "eu-west-1", emulator.access_key)
    assert aws.region_name == REGION
    assert elsewhere.client("eks").list_clusters()["clusters"] == []
    zones = elsewhere.client("ec2").describe_availability_zones()["AvailabilityZones"]
    assert {zone["RegionName"] for zone in zones} == {"eu-west-1"}
