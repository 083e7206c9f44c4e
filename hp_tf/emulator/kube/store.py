"""The objects of one Kubernetes cluster, and the clusters of the account."""

from __future__ import annotations

import copy
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

Object = dict[str, Any]
Key = tuple[str, str, str | None, str]

NAMESPACES = ("default", "kube-node-lease", "kube-public", "kube-system")
EVENTS_KEPT = 5_000


class Missing(LookupError):
    """No such object."""


class Exists(ValueError):
    """An object of that name is there already."""


class Conflict(ValueError):
    """The object changed since the resource version that the writer knew."""


@dataclass(frozen=True)
class Event:
    """One change: ADDED, MODIFIED or DELETED, at a resource version."""

    version: int
    kind: str
    key: Key
    value: Object


class KubeState:
    """Objects by (group, plural, namespace, name). Every change has a resource version and wakes the watchers."""

    def __init__(self, version: str, clock: Callable[[], float] = time.time) -> None:
        self.version = version
        self._clock = clock
        self._changed = threading.Condition(threading.RLock())
        self._objects: dict[Key, Object] = {}
        self._events: deque[Event] = deque(maxlen=EVENTS_KEPT)
        self._counter = 0
        self.closed = False
        for name in NAMESPACES:
            self.put("", "namespaces", namespace(name))

    @property
    def counter(self) -> int:
        """The latest resource version."""
        return self._counter

    def get(self, group: str, plural: str, space: str | None, name: str) -> Object:
        """A copy of the object. Raises Missing."""
        with self._changed:
            found = self._objects.get((group, plural, space, name))
            if found is None:
                raise Missing(name)
            return copy.deepcopy(found)

    def held(self, group: str, plural: str) -> tuple[Object, ...]:
        """The objects of a kind as they are held, to be read and not changed: copying definitions takes long."""
        with self._changed:
            return tuple(value for key, value in self._objects.items() if key[:2] == (group, plural))

    def list(self, group: str, plural: str, space: str | None) -> list[Object]:
        """Copies of all objects of a kind, in one namespace or (None) in all, by namespace and name."""
        with self._changed:
            found = [
                (key, value)
                for key, value in self._objects.items()
                if key[:2] == (group, plural) and space in (None, key[2])
            ]
            found.sort(key=lambda pair: (pair[0][2] or "", pair[0][3]))
            return [copy.deepcopy(value) for _, value in found]

    def create(self, group: str, plural: str, space: str | None, value: Mapping[str, Any]) -> Object:
        """Add an object; a name is made from `generateName` where none is given. Raises Exists."""
        with self._changed:
            new = copy.deepcopy(dict(value))
            metadata = new.setdefault("metadata", {})
            if not metadata.get("name"):
                metadata["name"] = f"{metadata.get('generateName', '')}{uuid.uuid4().hex[:5]}"
            if space is not None:
                metadata["namespace"] = space
            key = (group, plural, space, metadata["name"])
            if key in self._objects:
                raise Exists(metadata["name"])
            metadata["uid"] = str(uuid.uuid4())
            metadata["creationTimestamp"] = datetime.fromtimestamp(self._clock(), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            metadata["generation"] = 1
            return self._store("ADDED", key, new)

    def replace(self, group: str, plural: str, space: str | None, name: str, value: Mapping[str, Any]) -> Object:
        """Replace an object whole. Raises Missing, or Conflict if the given resource version is not the latest."""
        with self._changed:
            key = (group, plural, space, name)
            old = self._objects.get(key)
            if old is None:
                raise Missing(name)
            new = copy.deepcopy(dict(value))
            metadata = new.setdefault("metadata", {})
            given = metadata.get("resourceVersion")
            if given and given != old["metadata"]["resourceVersion"]:
                raise Conflict(name)
            for field in ("uid", "creationTimestamp", "generation", "namespace", "name"):
                if field in old["metadata"]:
                    metadata[field] = old["metadata"][field]
            metadata["resourceVersion"] = old["metadata"]["resourceVersion"]
            if new == old:
                return copy.deepcopy(old)
            if new.get("spec") != old.get("spec"):
                metadata["generation"] = old["metadata"].get("generation", 1) + 1
            return self._store("MODIFIED", key, new)

    def announce(self, group: str, plural: str) -> None:
        """Tell the watchers of a kind that its objects changed: their status is computed, and no one writes it."""
        with self._changed:
            for key in [key for key in self._objects if key[:2] == (group, plural)]:
                self._note("MODIFIED", key, self._objects[key])

    def put(self, group: str, plural: str, value: Mapping[str, Any]) -> Object:
        """Create or replace a cluster-wide object: for what the emulator itself keeps there."""
        with self._changed:
            try:
                return self.create(group, plural, None, value)
            except Exists:
                return self.replace(group, plural, None, value["metadata"]["name"], value)

    def remove(
        self, group: str, plural: str, space: str | None, name: str, only: Mapping[str, str] | None = None
    ) -> Object | None:
        """Remove an object, and with a namespace or a definition what is in it. Answers with the object, or None.

        Args:
            only: metadata that it must have. Raises Conflict if it has other.
        """
        with self._changed:
            found = self._objects.get((group, plural, space, name))
            if found is None:
                return None
            if any(found["metadata"].get(key) != value for key, value in (only or {}).items()):
                raise Conflict(name)
            del self._objects[(group, plural, space, name)]
            if (group, plural) == ("", "namespaces"):
                self._remove_all([key for key in self._objects if key[2] == name])
            if plural == "customresourcedefinitions":
                spec = found.get("spec") or {}
                kind = (spec.get("group"), (spec.get("names") or {}).get("plural"))
                self._remove_all([key for key in self._objects if key[:2] == kind])
            self._note("DELETED", (group, plural, space, name), found)
            return found

    def _remove_all(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self.remove(*key)

    def _store(self, kind: str, key: Key, value: Object) -> Object:
        self._objects[key] = value
        self._note(kind, key, value)
        return copy.deepcopy(value)

    def _note(self, kind: str, key: Key, value: Object) -> None:
        self._counter += 1
        value["metadata"]["resourceVersion"] = str(self._counter)
        self._events.append(Event(self._counter, kind, key, copy.deepcopy(value)))
        self._changed.notify_all()

    def events(self, after: int, *, seconds: float) -> Iterator[Event | None]:
        """Changes after a resource version, as they come, for so many seconds; None once a second when nothing does."""
        until = time.monotonic() + seconds
        while not self.closed and time.monotonic() < until:
            with self._changed:
                ready = [event for event in self._events if event.version > after]
                if not ready:
                    self._changed.wait(min(1.0, max(0.0, until - time.monotonic())))
                    ready = [event for event in self._events if event.version > after]
            if not ready:
                yield None
            for event in ready:
                after = event.version
                yield event

    def close(self) -> None:
        """End all watches."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def nodes_ready(self) -> int:
        """How many nodes could run a pod."""
        with self._changed:
            return sum(1 for key in self._objects if key[:2] == ("", "nodes"))


class KubeClusters:
    """The Kubernetes side of every EKS cluster, by the name in its path."""

    def __init__(self) -> None:
        self._states: dict[str, KubeState] = {}

    def create(self, name: str, version: str) -> None:
        self._states[name] = KubeState(version)

    def delete(self, name: str) -> None:
        """Forget a cluster and everything in it."""
        state = self._states.pop(name, None)
        if state is not None:
            state.close()

    def set_version(self, name: str, version: str) -> None:
        self._states[name].version = version

    def find(self, name: str) -> KubeState | None:
        return self._states.get(name)

    def get(self, name: str) -> KubeState:
        """The state of a cluster that exists. Raises KeyError."""
        return self._states[name]

    def names(self) -> list[str]:
        return sorted(self._states)

    def clear(self) -> None:
        for name in self.names():
            self.delete(name)


def namespace(name: str) -> Object:
    """A Namespace object."""
    return {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}},
        "spec": {"finalizers": ["kubernetes"]},
        "status": {"phase": "Active"},
    }
