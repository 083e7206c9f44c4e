from __future__ import annotations

from typing import Any

from hp_tf.report.progress import Progress, short
from hp_tf.terraform.events import parse

VPC, SUBNET = "module.network.aws_vpc.this[0]", 'module.network.aws_subnet.private["usw2-az1"]'


def reference(address: str) -> dict[str, Any]:
    return {"addr": address, "module": "module.network", "resource_type": "aws_vpc", "resource_name": "this"}


def planned(progress: Progress, address: str, action: str, kind: str = "planned_change") -> str | None:
    return progress.take(parse({"type": kind, "change": {"resource": reference(address), "action": action}}))


def work(
    progress: Progress, phase: str, address: str, action: str, seconds: int = 0, what: str = "apply"
) -> str | None:
    hook = {"resource": reference(address), "action": action, "elapsed_seconds": seconds}
    return progress.take(parse({"type": f"{what}_{phase}", "hook": hook}))


class Busy(dict[str, int]):
    """Whoever looks something up here is overtaken by a piece of work that ends."""

    def __init__(self, progress: Progress) -> None:
        super().__init__({VPC: 1})
        self.progress = progress

    def get(self, address: str, default: Any = None) -> Any:
        work(self.progress, "complete", SUBNET, "create")
        return super().get(address, default)


def test_counting_while_work_ends_in_another_thread() -> None:
    progress = Progress(lambda: 0.0)
    work(progress, "complete", VPC, "create")
    progress.due = Busy(progress)
    assert progress.counts() == "1/1"
    assert progress.done == 2


def test_an_apply_is_counted_and_told() -> None:
    clock = iter(range(0, 1000, 10))
    progress = Progress(lambda: float(next(clock)))
    assert progress.counts() == ""
    assert planned(progress, VPC, "create") is None
    assert planned(progress, SUBNET, "update") is None
    assert progress.counts() == "0/2"
    assert work(progress, "start", VPC, "create") is None
    assert progress.lines() == ["network: aws_vpc.this[0] creating 10s"]
    assert work(progress, "progress", VPC, "create", 10) is None
    assert work(progress, "progress", VPC, "create", 30) == "network: aws_vpc.this[0] still creating (30s)"
    assert work(progress, "complete", VPC, "create", 31) == "network: aws_vpc.this[0] created (31s)"
    assert progress.counts() == "1/2"
    work(progress, "start", SUBNET, "update")
    assert work(progress, "errored", SUBNET, "update", 2) == ('network: aws_subnet.private["usw2-az1"] failed (2s)')
    assert progress.counts() == "1/2, 1 failed"
    assert progress.lines() == []


def test_a_replacement_is_one_resource_and_two_operations() -> None:
    progress = Progress()
    planned(progress, VPC, "replace")
    assert progress.counts() == "0/1"
    for action, counts in (("delete", "0/1"), ("create", "1/1")):
        work(progress, "start", VPC, action)
        work(progress, "complete", VPC, action)
        assert progress.counts() == counts


def test_what_a_saved_plan_has_due_is_counted_from_the_start() -> None:
    progress = Progress(due={VPC: 2, SUBNET: 1})
    assert progress.counts() == "0/2"
    work(progress, "complete", VPC, "delete")
    work(progress, "complete", SUBNET, "create")
    work(progress, "complete", VPC, "create")
    assert progress.counts() == "2/2"


def test_what_is_no_operation_is_not_waited_for() -> None:
    progress = Progress()
    for action in ("move", "import", "remove", "noop", "read"):
        planned(progress, VPC, action)
    planned(progress, SUBNET, "update", "resource_drift")
    assert progress.counts() == ""
    work(progress, "start", VPC, "read")
    assert work(progress, "complete", VPC, "read") is None
    assert progress.done == 0


def test_reading_is_counted_while_nothing_else_is_known() -> None:
    progress = Progress()
    for _ in range(3):
        assert work(progress, "start", VPC, "", what="refresh") is None
        assert work(progress, "complete", VPC, "", what="refresh") is None
    assert progress.counts() == "3 read"
    planned(progress, VPC, "update")
    assert progress.counts() == "0/1"


def test_the_longest_at_work_come_first_and_the_rest_is_a_number() -> None:
    now = [0.0]
    progress = Progress(lambda: now[0])
    for number in range(12):
        now[0] = float(number)
        work(progress, "start", f"module.network.aws_subnet.s[{number}]", "create")
    now[0] = 20.0
    lines = progress.lines()
    assert lines[0] == "network: aws_subnet.s[0] creating 20s"
    assert lines[8:] == ["and 4 more"]


def test_an_address_for_people() -> None:
    assert short(VPC) == "network: aws_vpc.this[0]"
    assert short("terraform_data.x") == "terraform_data.x"
    assert short('module.network.aws_vpc.this["\x1b"]') == 'network: aws_vpc.this["\\u001b"]'


def test_other_lines_of_the_stream_say_nothing() -> None:
    progress = Progress()
    for raw in ({"type": "version"}, {"type": "change_summary"}, {"type": "apply_start", "hook": {}}, {}):
        assert progress.take(parse(raw)) is None
    assert progress.counts() == ""
