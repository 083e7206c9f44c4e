"""A life: an environment is made, cut off several times, held to what its file says, and destroyed, cut off again."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path

from tests.end_to_end.project import Ended, Project
from tools.soak import injections
from tools.soak.machines import LOST, WAYS, Machines, kill, shell, under_way, wait_for_moment
from tools.soak.record import Entry, Life

CLUSTER = "module.hyperpod.awscc_sagemaker_cluster.this"
RELEASE = "module.helm.helm_release.this"
# What hptf says to do, as it says it.
UNLOCK = re.compile(r"hptf unlock [^\n`]+")
KEEP = re.compile(r"--keep '([^']+)'")
# What is stuck in a cluster goes on with consent.
ALLOW = re.compile(r"--allow '(release-stuck=[^']+)'")
NAMED = re.compile(r"(\S+) was (?:being made|made as)|found (\S+) as")
# How often a command that fails is repeated as its hints say.
TRIES = 4


class Driver:
    """Lives one life.

    Args:
        chance: all that is random in it.
        machines: what it is lived on.
        life: where it is written down.
        making, destroying: how many cuts of each.
        hit: the address whose creation the last cut of the making hits; None: no certain one.
        ways: to die; each comes up before one comes again.
    """

    def __init__(
        self,
        chance: random.Random,
        machines: Machines,
        life: Life,
        *,
        making: int,
        destroying: int,
        hit: str | None,
        ways: Sequence[str],
        note: Callable[[str], None],
    ) -> None:
        self._chance = chance
        self._machines = machines
        self._life = life
        self._making = making
        self._destroying = destroying
        self._hit = hit
        self._note = note
        self._all_ways = ways
        self._ways: list[str] = []
        self._named: set[str] = set()

    @property
    def _project(self) -> Project:
        return self._machines.now

    def live(self) -> None:
        """Live it.

        Raises:
            AssertionError: that says what is not as promised.
        """
        self._project.run("local up")
        for left in reversed(range(self._making)):
            hit = None if left else self._hit
            operations = {"cloudcontrol": "CreateResource"} if hit else injections.MAKING
            if not self._cut("apply", operations, hit):
                break
        self._through("apply")
        self._complete()
        self._lose_a_state()
        self._hide_the_release()
        for _ in range(self._destroying):
            if not self._cut("destroy", injections.UNMAKING):
                break
        self._through("destroy")
        assert self._project.resources() == {}, f"left after destroy: {self._project.resources()}"
        assert self._project.known() == {}, f"left in states: {self._project.known()}"
        assert not self._machines.leftovers(), f"still at work: {self._machines.leftovers()}"

    def _cut(self, verb: str, operations: dict[str, str], address: str | None = None) -> bool:
        """Start a command and end it somewhere on its way; False if it came to its end."""
        late = injections.make_late(self._project, self._chance, operations)
        options: tuple[str, ...] = ()
        for _ in range(TRIES):
            running = self._project.start(verb, "--auto-approve", *options)
            if wait_for_moment(self._project, running, self._chance, address):
                break
            said = self._ended(running)
            if said.code == 0:
                return False
            options = self._follow(verb, said)
        else:
            raise AssertionError(f"{verb} does not go on:\n{said.text}")
        work = under_way(self._project)
        way = kill(self._machines, running, self._way())
        if way != LOST:
            self._ended(running)
        self._enter(way, f"{verb}: {address}" if address else verb, under_way=work, late=late)
        time.sleep(self._chance.choice((0, 0, self._chance.uniform(0, 10))))
        return True

    def _way(self) -> str:
        if not self._ways:
            self._ways = list(self._all_ways)
            self._chance.shuffle(self._ways)
        return self._ways.pop()

    def _through(self, verb: str) -> None:
        """Run a command to its end, doing what it says where it stops."""
        options: tuple[str, ...] = ()
        for _ in range(TRIES):
            running = self._project.start(verb, "--auto-approve", *options)
            running.wait(timeout=900)
            said = self._ended(running)
            if said.code == 0:
                return
            options = self._follow(verb, said)
        raise AssertionError(f"{verb} does not come to its end:\n{said.text}")

    def _follow(self, verb: str, said: Ended) -> tuple[str, ...]:
        """Do what a command that failed says, and return the options that it asks for."""
        kept = sorted(set(KEEP.findall(said.text)))
        unlocking = sorted(set(UNLOCK.findall(said.out + said.err)))
        for line in unlocking:
            done = shell(self._project, line)
            assert done.code == 0, f"{line} ended with {done.code}: {done.text}"
            self._enter("locks left behind", verb, outcome="freed as the message says")
        allowed = sorted(set(ALLOW.findall(said.text)))
        if not unlocking and not ((kept or allowed) and verb == "apply"):
            raise AssertionError(f"{verb} failed and says nothing that could be done:\n{said.text}")
        words = [("--keep", address) for address in kept] + [("--allow", item) for item in allowed]
        return tuple(word for pair in words for word in pair)

    def _ended(self, running: subprocess.Popen[str]) -> Ended:
        text = self._project.said(running)
        assert "Traceback" not in text and "hptf itself failed" not in text, text
        self._named |= {one or other for one, other in NAMED.findall(text)}
        return Ended(running.returncode, text, "")

    def _complete(self) -> None:
        """Hold a complete environment to its states, its file and its account."""
        project = self._project
        self._life.resources = len(project.known())
        self._life.named = len(self._named)
        assert project.differences() == {}, f"account against states: {project.differences()}"
        planned = project.run("plan", "--detailed-exitcode", expect=None)
        assert planned.code == 0, f"the plan is not empty:\n{planned.text}"
        # The account holds what the states know: what is open was never made.
        project.say_gone()
        self._note("complete")

    def _lose_a_state(self) -> None:
        lost = injections.lose_state(self._project, self._chance)
        for verb in ("plan", "apply"):
            options = ("--auto-approve",) if verb == "apply" else ()
            said = self._project.run(verb, *options, expect=None)
            assert said.code not in (0, 2), (
                f"{verb} goes on though the state of {lost.layer} is {lost.how}:\n{said.text}"
            )
            assert lost.key in said.text, f"the state that is {lost.how} is not named:\n{said.text}"
        injections.bring_back(self._project, lost)
        self._empty_plan("after the state was brought back")
        self._enter(f"state {lost.how}", "plan, apply", outcome="refused, named; brought back, plan empty")

    def _hide_the_release(self) -> None:
        if RELEASE not in self._project.known():
            return
        status = injections.hide_releases(self._project, self._chance)
        said = self._project.run("plan", "--detailed-exitcode", expect=None)
        assert said.code == 1 or (said.code == 0 and "to add" not in said.text), (
            f"the release is forgotten:\n{said.text}"
        )
        gone = self._project.run("destroy", "--layer", "helm", "--auto-approve", expect=None)
        assert gone.code != 0, f"destroyed what could not be read:\n{gone.text}"
        self._project.let_go()
        self._empty_plan("after the release could be read again")
        self._enter(f"release unreadable ({status})", "plan, destroy", outcome="refused; read again, plan empty")

    def _empty_plan(self, when: str) -> None:
        said = self._project.run("plan", "--detailed-exitcode", expect=None)
        assert said.code == 0, f"the plan is not empty {when}:\n{said.text}"

    def _enter(self, kind: str, during: str, *, under_way: int = 0, late: int = 0, outcome: str = "") -> None:
        self._life.entries.append(Entry(kind, during, under_way, late, outcome))
        self._note(f"{during}: {kind}, {under_way} under way, {late} calls late{f': {outcome}' if outcome else ''}")


def live(
    seed: int,
    prepare: Callable[[Project], None],
    *,
    making: int,
    destroying: int,
    hit: str | None = CLUSTER,
    ways: Sequence[str] = WAYS,
    say: Callable[[str], None],
) -> Life:
    """Live the life of a seed, and say what was not as promised; its folder is kept then.

    Args:
        prepare: changes the environment's file on every new machine.
        making, destroying, hit, ways: as for `Driver`.
    """
    folder = Path(tempfile.mkdtemp(prefix=f"soak-{seed}-"))
    life, begun = Life(seed), time.monotonic()
    machines = Machines(folder, prepare)

    def note(line: str) -> None:
        say(f"[{seed}] {time.monotonic() - begun:.0f} s: {line}")

    try:
        chance = random.Random(seed)
        Driver(chance, machines, life, making=making, destroying=destroying, hit=hit, ways=ways, note=note).live()
    except Exception as error:  # whatever it is, the other lives go on
        life.failure = str(error) or type(error).__name__
        note(f"FAILED, see {folder}: {''.join(traceback.format_exception(error))}")
    finally:
        machines.close()
    life.seconds = time.monotonic() - begun
    if not life.failure:
        shutil.rmtree(folder)
    return life
