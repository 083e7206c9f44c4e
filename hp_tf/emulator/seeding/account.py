"""Roles, policies, keys, log groups, buckets and what is in them. An ARN tells the account and the region."""

from __future__ import annotations

import json
from typing import Any

from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends
from moto.s3.models import s3_backends
from moto.ssm.models import ssm_backends

from hp_tf.emulator.seeding.scene import Facts, Scene
from hp_tf.emulator.services.script_place import script_place

_SCRIPT = b"#!/bin/bash\nexit 0\n"


def role(scene: Scene, arn: str, facts: Facts) -> bool:
    """A role, by its ARN or its name.

    Facts: the `service` that may take it up, and names of AWS's `policies` that are attached to it.
    """
    if not arn.startswith("arn:"):
        arn = f"arn:{scene.caller.partition}:iam::{scene.caller.account_id}:role/{arn}"
    _, partition, _, _, account, resource = arn.split(":", 5)
    backend: Any = iam_backends[account][partition]
    if any(found.arn == arn for found in backend.roles.values()):
        return False
    path, name = _path_and_name(resource)
    principal = {"Service": facts["service"]} if facts.get("service") else {"AWS": account}
    statement = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    backend.create_role(name, trust, path, None, "Given.", [], "3600")
    for policy_name in facts.get("policies") or ():
        backend.attach_role_policy(f"arn:{partition}:iam::aws:policy/{policy_name}", name)
    return True


def policy(scene: Scene, arn: str, facts: Facts) -> bool:
    """A managed policy of a customer."""
    _, partition, _, _, account, resource = arn.split(":", 5)
    backend: Any = iam_backends[account][partition]
    if arn in backend.managed_policies:
        return False
    path, name = _path_and_name(resource)
    statement = {"Effect": "Allow", "Action": "s3:ListAllMyBuckets", "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    backend.create_policy("Given.", path, document, name, [])
    return True


def kms_key(scene: Scene, arn: str, facts: Facts) -> bool:
    """A key of a customer."""
    _, _, _, region, account, resource = arn.split(":", 5)
    identity = resource.partition("/")[2]
    backend: Any = kms_backends[account][region]
    if identity in backend.keys:
        return False
    key = backend.create_key(None, "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "Given.", [])
    del backend.keys[key.id]
    key.id, key.arn = identity, arn
    backend.keys[identity] = key
    return True


def log_group(scene: Scene, arn: str, facts: Facts) -> bool:
    """A log group."""
    _, _, _, region, account, _, name = arn.split(":", 6)
    backend: Any = logs_backends[account][region]
    if name in backend.groups:
        return False
    backend.create_log_group(name, {})
    return True


def session_document(scene: Scene, name: str, facts: Facts) -> bool:
    """A Systems Manager document for sessions."""
    backend: Any = ssm_backends[scene.caller.account_id][scene.caller.region]
    if name in backend._documents:
        return False
    content = json.dumps({"schemaVersion": "1.0", "sessionType": "Standard_Stream", "inputs": {}})
    backend.create_document(content, [], [], name, "", "Session", "JSON", "", [])
    return True


def bucket(scene: Scene, name: str, facts: Facts) -> bool:
    """A bucket."""
    backend: Any = s3_backends[scene.caller.account_id][scene.caller.partition]
    if name in backend.buckets:
        return False
    backend.create_bucket(name, scene.caller.region)
    return True


def script(scene: Scene, location: str, facts: Facts) -> bool:
    """A lifecycle script, by its location."""
    name, key = script_place(location)
    scene.ensure("bucket", name, {})
    if scene.own.world.cloud.read_object(name, key) is not None:
        return False
    backend: Any = s3_backends[scene.caller.account_id][scene.caller.partition]
    backend.put_object(name, key, _SCRIPT)
    return True


def _path_and_name(resource: str) -> tuple[str, str]:
    """`role/a/b/name` -> `/a/b/`, `name`."""
    path, _, name = resource.rpartition("/")
    inner = path.partition("/")[2]
    return (f"/{inner}/" if inner else "/"), name
