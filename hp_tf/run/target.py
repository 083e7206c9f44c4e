"""What a run acts on, resolved once: an AWS account, or an emulated one.

Local and rehearsed runs differ from real ones in this object and nowhere else.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from hp_tf.contract.providers import PROVIDERS, Access
from hp_tf.environment.model import Aws, Environment, LocalState, S3State
from hp_tf.errors import BadInput, HptfError
from hp_tf.files import make_private
from hp_tf.run import stand_ins
from hp_tf.run.command_line import CommandLine
from hp_tf.run.project import EMULATOR, Project
from hp_tf.terraform.binary import REGISTRIES, Product
from hp_tf.terraform.environment import leads_elsewhere

if TYPE_CHECKING:
    from hp_tf.contract.clients import Clients

EMULATED_STATE_BUCKET = "hptf-state"
NO_PROFILES = {"AWS_CONFIG_FILE": os.devnull, "AWS_SHARED_CREDENTIALS_FILE": os.devnull}


@dataclass(frozen=True)
class Target:
    """An account, or an emulator that stands for it.

    Attributes:
        emulator: the folder of the emulator, None for a real account.
        endpoint: the emulator's URL.
        instance: which start of it this is.
        environ: the AWS variables Terraform gets, nothing else of AWS reaches it.
        state: where the states rest.
        description: one line for people.
        reattached: addresses of the providers that stand-ins serve.
        cached: addresses of the providers that come from the user's plugin cache.
        ca_bundle: the file of certificates of the user's own.
    """

    region: str
    account_id: str
    partition: str
    state: LocalState | S3State
    clients: Clients
    environ: Mapping[str, str]
    description: str
    emulator: Path | None = None
    endpoint: str | None = None
    instance: str | None = None
    rehearsal: bool = False
    reattached: tuple[str, ...] = ()
    cached: frozenset[str] = frozenset()
    profile: str | None = None
    assume_role: Mapping[str, str] | None = None
    ca_bundle: str | None = None

    @property
    def access(self) -> Access:
        """The way in, as providers are configured with it."""
        return Access(self.region, self.account_id, self.profile, self.assume_role)


def resolve(
    environment: Environment,
    project: Project,
    command_line: CommandLine,
    *,
    environ: Mapping[str, str],
    say: Callable[[str], None],
    start: bool = True,
    product: Product = "terraform",
) -> Target:
    """Return the target of a run.

    Args:
        start: its emulator, if it has one that does not run.

    Raises:
        BadInput: where the environment variables or the credentials point somewhere else than the file says.
    """
    if environment.emulator is not None or command_line.rehearse:
        return _emulated(environment, project, command_line, environ=environ, say=say, start=start, product=product)
    return _account(environment, environ)


def _emulated(
    environment: Environment,
    project: Project,
    command_line: CommandLine,
    *,
    environ: Mapping[str, str],
    say: Callable[[str], None],
    start: bool,
    product: Product,
) -> Target:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        from hp_tf.emulator import clients, daemon
    except ModuleNotFoundError as error:
        raise HptfError(
            f"the embedded AWS is not installed ({error.name} is missing)", hint="pip install 'hp-tf[local]'"
        ) from error
    stand_ins.mode(environ)
    rehearse = command_line.rehearse
    named = environment.emulator if environment.emulator not in (None, "embedded") and not rehearse else None
    if named is not None:
        require_loopback(named)
    work = project.work(environment.id, rehearsal=rehearse)
    folder = work / EMULATOR
    down = command_line.of("local down")
    before = running = daemon.status(folder, down=down) if named is not None or not start else None
    if start:
        make_private(work)
        running = daemon.start(
            folder,
            account_id=environment.aws.account_id,
            region=environment.aws.region,
            upstream=named,
            environ=environ,
            down=down,
        )
    if running is None:
        raise HptfError(
            f"the embedded AWS of {environment.id} does not run, so nothing is applied there",
            hint=command_line.of("apply"),
        )
    require_loopback(running.endpoint)
    session = clients.session(running)
    state = environment.state
    if rehearse or not isinstance(state, S3State):
        state = S3State(EMULATED_STATE_BUCKET, f"{environment.id}/rehearsal" if rehearse else environment.id)
    try:
        new = _ensure_bucket(session, state.bucket, environment.aws.region)
    except (BotoCoreError, ClientError) as error:
        if named is None:
            raise
        # What is behind it cannot be used, so it is of no use either.
        if before is None:
            daemon.stop(folder)
        raise BadInput(
            f"the emulator at {named} does not keep states for hptf: {error}",
            hint="name a running LocalStack or moto, or write 'emulator: embedded' for an embedded AWS of its own",
        ) from error
    ranges = {item.source: item.version for item in PROVIDERS}
    # A stand-in's address is that of the registry that the program takes providers from.
    registry = REGISTRIES[product]
    offered = {f"{registry}/{address.partition('/')[2]}": held for address, held in running.reattach.items()}
    running = replace(running, reattach=offered)
    chosen = stand_ins.choose(offered, ranges, environ, cwd=project.root, product=product)
    running = replace(running, reattach={key: running.reattach[key] for key in sorted(chosen.served)})
    serving = sorted({address.rpartition("/")[2] for address in chosen.served})
    say(f"{'rehearsal on' if rehearse else 'target:'} embedded AWS at {running.endpoint}; no account is touched")
    if new:
        served = f"stand-in providers serve {', '.join(serving)}; " if serving else ""
        say(f"{served}permissions, quotas and capacity are not emulated")
    return Target(
        region=environment.aws.region,
        account_id=environment.aws.account_id,
        partition=environment.aws.partition,
        # The emulator has no key of the user's to encrypt with.
        state=replace(state, kms_key_arn=None),
        clients=session,
        environ={
            **running.environment(),
            **NO_PROFILES,
        },
        description=f"embedded AWS at {running.endpoint}",
        emulator=folder,
        endpoint=running.endpoint,
        instance=running.instance,
        rehearsal=rehearse,
        reattached=tuple(running.reattach),
        cached=chosen.cached,
    )


def _account(environment: Environment, environ: Mapping[str, str]) -> Target:
    stray = sorted(filter(leads_elsewhere, environ))
    if stray:
        raise BadInput(
            f"{', '.join(stray)} would send this run somewhere else than account {environment.aws.account_id}",
            hint=f"unset {' '.join(stray)}, or add --rehearse to run against the embedded AWS",
        )
    from hp_tf.aws.sessions import account_session

    clients = account_session(environment.aws, given_role(environment.aws))
    return Target(
        region=environment.aws.region,
        account_id=environment.aws.account_id,
        partition=environment.aws.partition,
        state=environment.state,
        clients=clients,
        environ={
            **{name: value for name, value in environ.items() if name.startswith("AWS_")},
            # An endpoint_url of the user's AWS config file would send this run somewhere else, as the variables would.
            "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true",
        },
        description=f"account {environment.aws.account_id} in {environment.aws.region}",
        profile=environment.aws.profile,
        assume_role=given_role(environment.aws),
        ca_bundle=clients.ca_bundle,
    )


def given_role(aws: Aws) -> dict[str, str] | None:
    """Return the role to assume as the providers' configurations name its parts."""
    if aws.assume_role is None:
        return None
    return {name: value for name, value in aws.assume_role.model_dump().items() if value is not None}


def require_loopback(url: str) -> None:
    """Raise BadInput unless a URL names this machine."""
    if not on_this_machine(url):
        raise BadInput(f"the emulator at {url} is not on this machine", hint="name one on 127.0.0.1")


def on_this_machine(url: str) -> bool:
    """Return whether a URL names this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _ensure_bucket(session: Clients, name: str, region: str) -> bool:
    """Make the bucket of the states, and return whether it was missing: nothing ran on this emulator before."""
    from botocore.exceptions import ClientError

    s3 = session.client("s3")
    if any(bucket["Name"] == name for bucket in s3.list_buckets()["Buckets"]):
        return False
    location = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        s3.create_bucket(Bucket=name, **location)
    except ClientError as error:
        # Another command made it at the same moment.
        if error.response["Error"]["Code"] != "BucketAlreadyOwnedByYou":
            raise
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return True
