"""A plan without changes, a small change, and all from nothing: hptf, one hand-written root, a loop over the layers.

The bars are set on a root as a hand would run it. hptf changes one thing of Go in the Terraform it runs, which is no
merit of running layers together: the same root with that setting is a row of its own, so that both can be read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.by_hand import Loop, Single, Way
from bench.environments import federated
from bench.report import LEAST_ROUNDS, Row, Section
from bench.roots import STATE_BUCKET, ByHand
from bench.scene import GO_SETTING, REGION, Scene
from bench.timing import interleave, median
from hp_tf.run.project import find_modules

if TYPE_CHECKING:
    from hp_tf.emulator.daemon import Emulator

LEAST_RESOURCES = 70
ENVIRONMENT = "bench"
OURS, SINGLE, LOOP = "hptf", "one root", "layer by layer"
TUNED = f"one root with {GO_SETTING}"
PLAN, APPLY = "no-change plan", "plan and apply from nothing"
SMALL_PLAN, SMALL_APPLY = "plan of one changed count", "apply of one changed count"
BARS = {PLAN: 0.85, SMALL_PLAN: 0.9, SMALL_APPLY: 1.0, APPLY: 1.0}
WORKERS, MORE_WORKERS = 2, 3


@dataclass(frozen=True)
class Rounds:
    """How often each way is measured, by its name; a way that is left out is not."""

    plan: Mapping[str, int]
    small: Mapping[str, int]
    apply: Mapping[str, int]


# The tuned root has no bar and explains a figure only: fewer rounds of it do.
ROUNDS = Rounds(
    plan={OURS: 7, SINGLE: 7, LOOP: 7, TUNED: 3},
    small={OURS: 7, SINGLE: 7},
    apply={OURS: 7, SINGLE: 7, LOOP: 7, TUNED: 1},
)
QUICK = Rounds(plan={OURS: 7, SINGLE: 7, LOOP: 1, TUNED: 1}, small={OURS: 1, SINGLE: 1}, apply={OURS: 1, SINGLE: 1})


class _Hptf:
    """hptf, by the commands a user gives."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.peaks: list[float] = []

    def warm(self) -> None:
        """Initialise its root: a first plan does."""
        self._scene.run_hptf("plan", ENVIRONMENT)

    def plan(self) -> float:
        """Plan without changes."""
        return self._measured("plan", ENVIRONMENT, "--detailed-exitcode")

    def plan_changes(self) -> float:
        """Plan a change: where there is none it is an error."""
        return self._measured("plan", ENVIRONMENT, "--detailed-exitcode", good=(2,))

    def apply(self) -> float:
        """Plan and apply."""
        return self._measured("apply", ENVIRONMENT, "--auto-approve")

    def _measured(self, *arguments: str, good: tuple[int, ...] = (0,)) -> float:
        done = self._scene.run_hptf(*arguments, good=good)
        self.peaks.append(done.peak_mb)
        return done.seconds


def measure(scene: Scene, rounds: Rounds, *, note: Callable[[str], None]) -> Section:
    """Build the environment all three ways, again and again; then plan all three while they stand side by side."""
    ours_file = scene.root / "envs" / f"{ENVIRONMENT}.yaml"
    ours_file.write_text(federated("bench-hptf"))
    running = scene.emulator(ENVIRONMENT)
    environ = scene.terraform_environ(running)
    by_hand = scene.root / "by-hand"
    by_hand.mkdir()
    written = {}
    for name in ("single", "layers"):
        (by_hand / f"{name}.yaml").write_text(federated(f"bench-{name}"))
        written[name] = ByHand.of(by_hand / f"{name}.yaml", find_modules())
    written["single"].write_single(by_hand / "single")
    needs = written["layers"].write_layers(by_hand / "layers")
    ours = _Hptf(scene)
    as_it_comes = {name: value for name, value in environ.items() if name != "GOGC"}
    single = Single(scene.terraform, by_hand / "single", as_it_comes)
    stand: dict[str, Way] = {
        OURS: ours,
        SINGLE: single,
        LOOP: Loop(scene.terraform, by_hand / "layers", as_it_comes, needs),
    }
    # The same folder and the same state as the one root's.
    ways = {**stand, TUNED: Single(scene.terraform, by_hand / "single", environ)}

    def empty(_: str) -> None:
        scene.reset(ENVIRONMENT)
        make_bucket(running)

    empty("")
    for way in stand.values():
        way.warm()
    note(APPLY)
    applied = interleave(
        {name: way.apply for name, way in ways.items()},
        rounds.apply,
        before=empty,
        note=note,
    )
    empty("")
    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda way: way.apply(), stand.values()))
    count = single.root.resources()
    note(f"{PLAN}, {count} resources")
    planned = interleave(
        {name: way.plan for name, way in ways.items()},
        rounds.plan,
        note=note,
    )
    workers = dict.fromkeys((OURS, SINGLE), WORKERS)

    def change(name: str) -> None:
        """Change the count of one group in what a way is given."""
        workers[name] = WORKERS + MORE_WORKERS - workers[name]
        if name == OURS:
            ours_file.write_text(federated("bench-hptf", workers[name]))
        else:
            (by_hand / "single.yaml").write_text(federated("bench-single", workers[name]))
            ByHand.of(by_hand / "single.yaml", find_modules()).rewrite_single(by_hand / "single")

    note(SMALL_PLAN)
    change(OURS)
    change(SINGLE)
    small_plan = interleave({OURS: ours.plan_changes, SINGLE: single.root.plan}, rounds.small, note=note)
    change(OURS)
    change(SINGLE)
    note(SMALL_APPLY)
    small_apply = interleave(
        {OURS: ours.apply, SINGLE: single.root.apply_at_once}, rounds.small, before=change, note=note
    )
    scene.down(ENVIRONMENT)
    return Section(
        f"federation: {count} resources in {len(needs)} layers",
        [
            Row("resources", count, "", remark=f"at least {LEAST_RESOURCES} wanted"),
            *_rows(PLAN, planned),
            *_rows(SMALL_PLAN, small_plan),
            *_rows(SMALL_APPLY, small_apply),
            *_rows(APPLY, applied),
        ],
        raw={
            "resources": count,
            "plan": planned,
            "small_plan": small_plan,
            "small_apply": small_apply,
            "apply": applied,
            "hptf_peaks_mb": ours.peaks,
        },
    )


def make_bucket(running: Emulator) -> None:
    """Make the bucket the hand-written roots keep their states in."""
    from hp_tf.emulator import clients

    s3 = clients.session(running).client("s3")
    s3.create_bucket(Bucket=STATE_BUCKET, CreateBucketConfiguration={"LocationConstraint": REGION})
    s3.put_bucket_versioning(Bucket=STATE_BUCKET, VersioningConfiguration={"Status": "Enabled"})


def _rows(what: str, measured: Mapping[str, list[float]]) -> list[Row]:
    medians = {name: median(seconds) for name, seconds in measured.items() if seconds}
    rows = [Row(f"{what}: {name}", seconds, "s", remark=_remark(measured[name])) for name, seconds in medians.items()]
    rounds = min(len(measured[OURS]), len(measured[SINGLE]))
    ratio = medians[OURS] / medians[SINGLE]
    rows.append(Row(f"{what}: {OURS} / {SINGLE}", ratio, "x", BARS[what], judged=rounds >= LEAST_ROUNDS))
    if TUNED in medians:
        rows.append(Row(f"{what}: {OURS} / {TUNED}", medians[OURS] / medians[TUNED], "x"))
    if LOOP in medians:
        rows.append(Row(f"{what}: {LOOP} / {OURS}", medians[LOOP] / medians[OURS], "x"))
    return rows


def _remark(seconds: list[float]) -> str:
    if len(seconds) == 1:
        return "one run"
    return f"median of {len(seconds)}, {min(seconds):.2f} to {max(seconds):.2f}"
