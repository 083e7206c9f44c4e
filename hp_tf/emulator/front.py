"""The one WSGI application: takes each request to one of our services, to moto, or to another emulator."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit

from hp_tf.emulator.awsjson import AwsError, Caller, Service, json_error
from hp_tf.emulator.calls import Calls
from hp_tf.emulator.control import Control, Identity
from hp_tf.emulator.errors_wire import error_response
from hp_tf.emulator.kube.api import KubeApi
from hp_tf.emulator.names import Names
from hp_tf.emulator.own import OwnServices, own_services
from hp_tf.emulator.partitions import partition_of
from hp_tf.emulator.services.grafana_api import PREFIX, GrafanaApi
from hp_tf.emulator.services.not_ours import NotOurs
from hp_tf.emulator.settings import KEY_HEADER
from hp_tf.emulator.web import MISTAKES, Request, Response, StartResponse, read_request, send
from hp_tf.emulator.world import World

log = logging.getLogger(__name__)
Result = TypeVar("Result")


HEALTH = "/_hptf/health"


def _denied(why: str) -> AwsError:
    return AwsError("AccessDenied", f"the embedded AWS refuses this request: {why}", status=403)


def _is_local(host: str) -> bool:
    """Whether a Host header names this machine; one that is missing names nothing else."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    return name in ("", "localhost", "127.0.0.1", "::1") or name.endswith(".localhost")


# Makes what is given as existing and is not there: the items' kinds and ids, of those that were made.
Plant = Callable[[OwnServices, Caller, Sequence[Mapping[str, Any]]], list[dict[str, str]]]


class Fallback(Protocol):
    """Who serves what is not ours: moto or another emulator.

    Raises:
        AwsError: for what it cannot serve.
    """

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]: ...


class Front:
    """Routes by the service name in the request's signature.

    Attributes:
        identity: who this is, for /_hptf/health.
        world: what our services share.
        fallback: serves every other service.
        calls: the log and the faults.
        plant: makes things under given ids; None where another emulator holds them.
    """

    def __init__(
        self, identity: Identity, world: World, fallback: Fallback, calls: Calls, plant: Plant | None = None
    ) -> None:
        self._world = world
        self._fallback = fallback
        self._plant = plant
        self._calls = calls
        self._names = Names()
        # Our stores are plain dictionaries: one call of ours at a time. Faults wait without it.
        self._lock = threading.Condition(threading.RLock())
        self.own: OwnServices = own_services(world, self._inside)
        self._kube = KubeApi(world.kube, self._allows)
        self._grafana = GrafanaApi(world, self.own.grafana)
        self._control = Control(
            identity, calls, world.settings, self._inventory, self.reset, self.clear_faults, self._seed
        )

    def reset(self) -> None:
        """Forget every resource, call and fault; the settings stay."""
        with self._lock:
            self.own.clear()
            self._world.cloud.reset()
            self._calls.clear()
            self._lock.notify_all()

    def clear_faults(self) -> None:
        """Forget the faults, and let go on what one made late."""
        with self._lock:
            self._calls.clear_faults()
            self._lock.notify_all()

    def _seed(self, items: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
        """Make what is given as existing and is not there."""
        if self._plant is None:
            raise AwsError("NotImplementedByEmulator", "no id can be chosen in another emulator")
        caller = Caller(
            self._world.account_id,
            self._world.home_region,
            partition_of(self._world.home_region),
            self._world.access_key,
        )
        with self._lock:
            return self._plant(self.own, caller, items)

    def _allows(self, kube_name: str, authorization: str) -> bool | None:
        with self._lock:
            return self.own.tokens.allows(kube_name, authorization)

    def _inventory(self) -> dict[str, list[str]]:
        with self._lock:
            self.own.settle()
            return self.own.inventory()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        request = read_request(environ)
        if not _is_local(request.headers.get("host", "")):
            # A web page can point a name of its own at this machine, but not hide the name.
            return send(json_error(_denied("it answers to the names of this machine only")), start_response)
        if request.path.startswith("/_hptf/"):
            return send(self._own_routes(request), start_response)
        if request.path.startswith(PREFIX):
            with self._lock:
                return send(self._grafana.answer(request), start_response)
        if request.path.startswith("/k8s/"):
            with self._lock:
                self.own.settle()
            return send(self._kube.answer(request, self._calls.begin), start_response)
        return self._aws(environ, request, start_response)

    def _own_routes(self, request: Request) -> Response:
        key = request.headers.get(KEY_HEADER.lower(), "")
        if "origin" in request.headers:
            return json_error(_denied("web pages have no business here"))
        # Who asks for a sign of life has none yet, and learns nothing that is secret.
        if request.path != HEALTH and not self._world.owns(key):
            return json_error(_denied(f"the header {KEY_HEADER} must hold the access key of emulator.json"))
        return self._control.answer(request)

    def _aws(self, environ: dict[str, Any], request: Request, start_response: StartResponse) -> Iterable[bytes]:
        scope = self._names.scope(request)
        if scope is None or not self._admits(scope[0]):
            return send(self._stranger(scope[2] if scope else "", request), start_response)
        access_key, region, service_name = scope
        service = self.own.services.get(service_name)
        if service is not None:
            name = service.operation_of(request) or self._names.operation(service_name, request)
            agent = request.headers.get("user-agent", "")
            caller = Caller(self._world.account_id, region, partition_of(region), access_key, agent)
            response = self._own(service, name, caller, request)
            if response is not None:
                return send(response, start_response)
        else:
            name = self._names.operation(service_name, request)
        if service_name != "s3" and "HTTP_AUTHORIZATION" not in environ:
            # moto looks for the service of a presigned request in this header only.
            environ["HTTP_AUTHORIZATION"] = self._names.authorization(request)
        return self._other(service_name, name, environ, request, start_response)

    def _admits(self, access_key: str) -> bool:
        return self._world.owns(access_key) or self._world.cloud.knows(access_key)

    def _stranger(self, service_name: str, request: Request) -> Response:
        """The answer to a call that is not signed (the service is "" then), or with nobody's key."""
        code = "InvalidAccessKeyId" if service_name == "s3" else "InvalidClientTokenId"
        message = "the request is not signed with a key of this embedded AWS; `hptf local env ENV` prints its variables"
        error = AwsError(code, message, status=403)
        service = self.own.services.get(service_name)
        return service.fail(error) if service is not None else error_response(request, service_name, error)

    def _own(self, service: Service, name: str, caller: Caller, request: Request) -> Response | None:
        """Answer with a service of ours; None if the call is for the other implementation."""
        if name not in service.operations:
            if not service.whole:
                return None
            return service.fail(self._missing(service.name, name, "it has no such operation"))

        def work() -> Response:
            self.own.settle()
            # Written before the lock is given up: results hold parts of the stores.
            return service.answer(service.call(caller, name, service.parse(name, request)))

        try:
            return self._around(service.name, name, work)
        except AwsError as error:
            return service.fail(error)
        except NotOurs:
            return None

    def _inside(self, service: str, name: str, work: Callable[[], Mapping[str, Any]]) -> Mapping[str, Any]:
        """A call between our services, made while the lock is held: a fault that waits gives it up meanwhile."""
        return self._around(service, name, work, sleep=self._lock.wait)

    def _around(
        self,
        service: str,
        name: str,
        work: Callable[[], Result],
        *,
        sleep: Callable[[float], object] | None = None,
    ) -> Result:
        """Run a call of ours: faults first, then the work under the lock; logged in every case."""
        started = time.time()
        try:
            self._calls.begin(service, name, sleep=sleep)
            with self._lock:
                result = work()
        except AwsError as error:
            self._calls.record(service, name, started, error.status, error.code)
            raise
        except MISTAKES as error:
            log.exception("%s.%s failed", service, name)
            failure = AwsError("EmulatorFailure", f"{service}.{name} failed: {type(error).__name__}: {error}")
            self._calls.unsupported(service, name, failure.message)
            self._calls.record(service, name, started, failure.status, failure.code)
            raise failure from error
        self._calls.record(service, name, started, 200)
        return result

    def _missing(self, service: str, name: str, reason: str) -> AwsError:
        log.warning("UNSUPPORTED %s.%s: %s", service, name, reason)
        self._calls.unsupported(service, name, reason)
        self._calls.record(service, name, time.time(), 400, "NotImplementedByEmulator")
        return AwsError("NotImplementedByEmulator", f"{service}.{name} is not part of the embedded AWS: {reason}")

    def _other(
        self,
        service: str,
        name: str,
        environ: dict[str, Any],
        request: Request,
        start_response: StartResponse,
    ) -> Iterable[bytes]:
        started = time.time()
        status: list[int] = []

        def note(line: str, headers: list[tuple[str, str]]) -> Any:
            status.append(int(line.split()[0]))
            return start_response(line, headers)

        try:
            self._calls.begin(service, name)
            with self._lock:
                self._world.settle()
            body = self._fallback(environ, note)
        except AwsError as error:
            if error.code == "NotImplementedByEmulator":
                error = self._missing(service, name, error.message)
            else:
                if error.code == "EmulatorFailure":
                    log.error("%s.%s failed: %s", service, name, error.message, exc_info=error.__cause__)
                    self._calls.unsupported(service, name, error.message)
                self._calls.record(service, name, started, error.status, error.code)
            return send(error_response(request, service, error), start_response)
        self._calls.record(service, name, started, status[-1])
        return body
