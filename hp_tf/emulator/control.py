"""What the emulator says about itself, and how tests steer it: everything under /_hptf."""

from __future__ import annotations

import json
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, get_args

from hp_tf.emulator.awsjson import AwsError, json_error
from hp_tf.emulator.calls import Calls, GroupOrder, Settings, parse_fault
from hp_tf.emulator.web import Request, Response, json_response


@dataclass(frozen=True)
class Identity:
    """Which emulator this is. `instance` is drawn at random at every start."""

    instance: str
    pid: int
    account_id: str
    region: str


class Control:
    """The routes: health, reset, operations, unsupported, resources, faults, settings, seeds."""

    def __init__(
        self,
        identity: Identity,
        calls: Calls,
        settings: Settings,
        inventory: Callable[[], dict[str, list[str]]],
        reset: Callable[[], None],
        clear_faults: Callable[[], None],
        seed: Callable[[Sequence[Mapping[str, Any]]], list[dict[str, str]]],
    ) -> None:
        self._identity = identity
        self._calls = calls
        self._settings = settings
        self._inventory = inventory
        self._reset = reset
        self._clear_faults = clear_faults
        self._seed = seed

    def answer(self, request: Request) -> Response:
        """Answer a request under /_hptf."""
        name = request.path.removeprefix("/_hptf/").rstrip("/")
        routes: Mapping[tuple[str, str], Callable[[Request], Any]] = {
            ("GET", "health"): lambda _: {**asdict(self._identity), "rss_mb": resident_megabytes()},
            ("POST", "reset"): lambda _: self._do(self._reset),
            ("GET", "operations"): lambda _: {"operations": self._calls.log()},
            ("GET", "unsupported"): lambda _: {"unsupported": self._calls.unsupported_calls()},
            ("GET", "resources"): lambda _: self._inventory(),
            ("GET", "faults"): lambda _: {"faults": self._calls.faults()},
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): lambda _: self._do(self._clear_faults),
            ("GET", "settings"): lambda _: asdict(self._settings),
            ("POST", "settings"): self._change_settings,
            ("POST", "seeds"): lambda given: {"made": self._seed(self._document(given).get("seeds", ()))},
        }
        handler = routes.get((request.method, name))
        try:
            if handler is None:
                raise AwsError("NotFound", f"there is no {request.method} {request.path}", status=404)
            return json_response(handler(request))
        except AwsError as error:
            return json_error(error)

    def _do(self, action: Callable[[], None]) -> dict[str, Any]:
        action()
        return {}

    def _document(self, request: Request) -> dict[str, Any]:
        try:
            document = json.loads(request.body)
        except ValueError as error:
            raise AwsError("ValidationException", f"the body is not JSON: {error}") from error
        if not isinstance(document, dict):
            raise AwsError("ValidationException", "the body is not a JSON object")
        return document

    def _add_fault(self, request: Request) -> dict[str, Any]:
        self._calls.add_fault(parse_fault(self._document(request)))
        return {"faults": self._calls.faults()}

    def _change_settings(self, request: Request) -> dict[str, Any]:
        for key, value in self._document(request).items():
            known = getattr(self._settings, key, None)
            if known is None:
                raise AwsError("ValidationException", f"there is no setting {key!r}")
            if isinstance(known, str):
                if value not in get_args(GroupOrder):
                    raise AwsError("ValidationException", f"{key} is one of {', '.join(get_args(GroupOrder))}")
            elif isinstance(known, bool) != isinstance(value, bool) or not isinstance(value, bool | int | float):
                raise AwsError("ValidationException", f"the setting {key} takes a {type(known).__name__}")
            setattr(self._settings, key, value)
        return asdict(self._settings)


def resident_megabytes() -> float:
    """Memory of this process now, in MB; the highest so far where the system does not tell."""
    try:
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * resource.getpagesize() / 1e6
    except OSError:
        scale = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * scale / 1e6
