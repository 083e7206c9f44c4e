"""Write hp_tf/standin/schemas/*.json, the schemas that drive the stand-in providers.

Run `python -m tools.generate_standin_schemas` in an environment with the `synth` extra and cfn-lint. The output is the
same for the same packages; `--check` compares instead of writing and ends with 1 if a file differs.

Sources:
    - `cdktn-provider-awscc`, `cdktn-provider-helm`: each resource's JavaScript carries a source map with its
      TypeScript, where a comment before every accessor tells whether the attribute is computed, optional or required,
      and the accessor its type.
    - cfn-lint: the CloudFormation schemas of the types, for property names, create-only and read-only paths, unordered
      arrays, defaults and constraints. The provider ignores paths with a wildcard, so create-only inside groups has no
      effect on a plan; they are recorded as `create_only` for those who check the input earlier. What Cloud Control
      alone serves is written in CloudFormation's own form, without its texts.
    - botocore: the instance types the service accepts. CloudFormation's schema has no list of them.
    - standin_facts.py: what none of these holds.
"""

from __future__ import annotations

import argparse
import base64
import gzip
import json
import re
import sys
import tarfile
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tools.standin_facts import AWSCC_RESOURCE_VERSION, HELM_RELEASE, HELM_RELEASE_VERSION

OUTPUT = Path(__file__).parent.parent / "hp_tf" / "standin" / "schemas"
CLUSTER_TYPE = "AWS::SageMaker::Cluster"
SCHEDULER_TYPE = "AWS::SageMaker::ClusterSchedulerConfig"
QUOTA_TYPE = "AWS::SageMaker::ComputeQuota"

Json = dict[str, Any]

SCALARS = {"String": "string", "Number": "number", "Boolean": "bool", "List": ["list", "string"]} | {
    "StringMap": ["map", "string"],
    "NumberList": ["list", "number"],
}
ACCESSOR = re.compile(r"// (\w+) - computed: (true|false), optional: (true|false), required: (true|false)")
NESTED = re.compile(r'new (?:cdktn\.)?(\w+?)(OutputReference|List|Map)\(this, "\w+"(?:, (true|false))?\)')
TYPED = re.compile(r"(cdktn\.Fn\.tolist\()?this\.get(\w+?)Attribute\('\w+'\)")
CLASS = re.compile(r"^export class (\w+) extends cdktn\.(\w+)", re.M)
SETTER = re.compile(
    r"(\w+): \{\s*value: (?:[^\n]*),\s*isBlock: \w+,\s*type: \"(\w+)\",\s*storageClassType: \"(\w+)\",", re.M
)


def typescript(package: str, member: str) -> str:
    """The TypeScript of `lib/<member>` in a binding's jsii archive."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is not installed: pip install 'hp-tf[synth]'")
    archive = next((Path(spec.origin).parent / "_jsii").glob("*.jsii.tgz"))
    wanted = f"package/lib/{member}/index.js"
    with tarfile.open(archive) as tar:
        for entry in tar:
            if entry.name == wanted and (stream := tar.extractfile(entry)):
                code = stream.read().decode()
                found = re.search(r"sourceMappingURL=data:application/json[^,]*,([A-Za-z0-9+/=]+)", code)
                if found is None:
                    raise SystemExit(f"{wanted} of {package} has no source map")
                return str(json.loads(base64.b64decode(found.group(1)))["sourcesContent"][0])
    raise SystemExit(f"{package} has no {wanted}")


def provider_version(source: str) -> str:
    """The provider's version, from the documentation link at the head of a binding's source."""
    found = re.search(r"registry\.terraform\.io/providers/hashicorp/\w+/([0-9.]+)/docs", source)
    if found is None:
        raise SystemExit("a binding's source names no provider version")
    return found.group(1)


def classes(source: str) -> tuple[dict[str, str], str]:
    """Class name -> body, and the name of the resource's or data source's own class."""
    starts = [(m.start(), m.group(1), m.group(2)) for m in CLASS.finditer(source)]
    bodies = {
        name: source[start : (starts[i + 1][0] if i + 1 < len(starts) else len(source))]
        for i, (start, name, _) in enumerate(starts)
    }
    own = next(name for _, name, base in starts if base in ("TerraformResource", "TerraformDataSource"))
    return bodies, own


def attributes(bodies: dict[str, str], name: str) -> Json:
    """The attributes of one class: the schema of a resource, or of a nested object."""
    body = bodies[name]
    marks = list(ACCESSOR.finditer(body))
    result: Json = {}
    for i, mark in enumerate(marks):
        text = body[mark.end() : marks[i + 1].start() if i + 1 < len(marks) else len(body)]
        flags = zip(("computed", "optional", "required"), mark.groups()[1:], strict=True)
        attribute: Json = {key: True for key, flag in flags if flag == "true"}
        nested, typed = NESTED.search(text), TYPED.search(text)
        if nested and nested.group(1) + nested.group(2) == "StringMap":
            attribute["type"] = ["map", "string"]
        elif nested:
            shape = {"OutputReference": "single", "Map": "map"}.get(nested.group(2), "list")
            attribute["nesting"] = "set" if shape == "list" and nested.group(3) == "true" else shape
            attribute["attributes"] = attributes(bodies, f"{nested.group(1)}OutputReference")
        elif typed:
            kind = SCALARS[typed.group(2)]
            attribute["type"] = ["set", kind[1]] if typed.group(1) and isinstance(kind, list) else kind
        else:
            raise SystemExit(f"{name}.{mark.group(1)}: the accessor's type is not understood")
        result[mark.group(1)] = attribute
    return result


def resource(source: str) -> Json:
    """Return a resource's attributes, from the source of its binding."""
    bodies, own = classes(source)
    return attributes(bodies, own)


def provider_attributes(source: str) -> Json:
    """A provider's configuration schema: interfaces say what is required, the HCL writers say the types."""
    interfaces = dict(re.findall(r"^export interface (\w+)(?: extends [\w.]+)? \{\n(.*?)^\}", source, re.S | re.M))
    writers = dict(re.findall(r"^export function (\w+)ToHclTerraform\(.*?\n(.*?)^\}", source, re.S | re.M))
    writers = {name[0].upper() + name[1:]: body for name, body in writers.items()}
    own = next(name for name, base in CLASS.findall(source) if base == "TerraformProvider")

    def build(interface: str, body: str) -> Json:
        result: Json = {}
        for name, kind, storage in SETTER.findall(body):
            if name == "alias":
                continue
            camel = re.sub(r"_(\w)", lambda m: str(m.group(1)).upper(), name)
            optional = re.search(rf"readonly {camel}\?:", interfaces[interface]) is not None
            attribute: Json = {"optional": True} if optional else {"required": True}
            if kind == "simple":
                attribute["type"] = {"boolean": "bool"}.get(storage, storage)
            elif storage in ("stringList", "stringMap"):
                attribute["type"] = [kind, "string"]
            else:
                inner = storage.removesuffix("List")
                attribute["nesting"] = "single" if kind == "struct" else kind
                attribute["attributes"] = build(inner, writers[inner])
            result[name] = attribute
        return result

    return build(f"{own}Config", source[source.rindex("synthesizeHclAttributes()") :])


def cloudformation(kind: str) -> Json:
    """CloudFormation's schema of a type, as cfn-lint ships it for us-east-1."""
    spec = find_spec("cfnlint")
    if spec is None or spec.origin is None:
        raise SystemExit("cfn-lint is not installed: pip install cfn-lint")
    schemas = Path(spec.origin).parent / "data" / "schemas"
    index = json.loads((schemas / "providers" / "us-east-1.json").read_text())
    loaded: Json = json.loads((schemas / "resources" / f"{index[kind]}.json").read_text())
    return loaded


def facts(node: Any) -> Any:
    """A schema without its texts: names, types, limits, and what is fixed or read only."""
    if isinstance(node, dict):
        # A property may be called description: it is an object, and a text is none.
        return {
            name: facts(item)
            for name, item in node.items()
            if name != "handlers" and not (name == "description" and isinstance(item, str))
        }
    return [facts(item) for item in node] if isinstance(node, list) else node


def instance_types() -> list[str]:
    """The values of the service's ClusterInstanceType."""
    spec = find_spec("botocore")
    if spec is None or spec.origin is None:
        raise SystemExit("botocore is not installed: pip install boto3")
    model = next((Path(spec.origin).parent / "data" / "sagemaker").glob("*/service-2.json*"))
    raw = model.read_bytes()
    text = gzip.decompress(raw) if model.suffix == ".gz" else raw
    return sorted(json.loads(text)["shapes"]["ClusterInstanceType"]["enum"])


CONSTRAINTS = {
    "default": "default",
    "enum": "enum",
    "pattern": "pattern",
    "minLength": "min_length",
    "maxLength": "max_length",
    "minimum": "min",
    "maximum": "max",
    "minItems": "min_items",
    "maxItems": "max_items",
}


class Merge:
    """Adds to the provider's attributes what CloudFormation's schema says of the same property."""

    def __init__(self, schema: Json) -> None:
        self.schema = schema
        self.only_here: list[str] = []
        self.inner_create_only = {
            f"/{group}/*/{name}"
            for group in ("InstanceGroups", "RestrictedInstanceGroups")
            for name in ("OverrideVpcConfig", "ExecutionRole", "InstanceGroupName", "InstanceType", "ThreadsPerCore")
        }
        """The service refuses changes to these; this version of the schema no longer lists them. The emulator reads
        them from the schema that is written here."""

    def resolve(self, node: Json) -> Json:
        while "$ref" in node:
            node = self.schema["definitions"][node["$ref"].rsplit("/", 1)[1]]
        return node

    def members(self, node: Json) -> Json:
        found = dict(node.get("properties", {}))
        for choice in node.get("oneOf", []):
            found |= choice.get("properties", {})
        return found

    def constrain(self, attribute: Json, node: Json) -> None:
        for theirs, ours in CONSTRAINTS.items():
            if theirs in node:
                attribute[ours] = node[theirs]
        if node.get("type") == "integer":
            attribute["integer"] = True

    def walk(self, ours: Json, node: Json, path: str) -> None:
        node = self.resolve(node)
        theirs = {name.lower(): name for name in self.members(node)}
        required = set(node.get("required", []))
        for name, attribute in ours.items():
            property_name = theirs.pop(name.replace("_", ""), None)
            if property_name is None:
                if path or name != "id":
                    raise SystemExit(f"{path}/{name} is in the binding and not in CloudFormation's schema")
                continue
            here = f"{path}/{property_name}"
            attribute["property"] = property_name
            self.property(attribute, self.resolve(self.members(node)[property_name]), here)
            if property_name in required and not attribute.get("required"):
                attribute["not_null"] = True
        self.only_here += [f"{path}/{name}" for name in theirs.values()]

    def property(self, attribute: Json, found: Json, here: str) -> None:
        if f"/properties{here}" in self.schema.get("createOnlyProperties", ()):
            attribute["replace"] = "if_configured"
        if here in self.inner_create_only:
            attribute["create_only"] = True
        if f"/properties{here}" in self.schema["readOnlyProperties"]:
            attribute["read_only"] = True
        self.constrain(attribute, found)
        if found.get("type") == "array":
            if found.get("insertionOrder") is False and not found.get("uniqueItems"):
                attribute["multiset"] = True
            items = self.resolve(found["items"])
            if "attributes" in attribute:
                self.walk(attribute["attributes"], items, f"{here}/*")
            else:
                attribute["items"] = {}
                self.constrain(attribute["items"], items)
        elif "attributes" in attribute:
            self.walk(attribute["attributes"], found, here)
        elif attribute["type"] == "string" and found.get("type") == "object":
            attribute["json"] = True


def overlay(target: Json, facts: dict[str, dict[str, object]]) -> None:
    """Lay facts over attributes, by path."""
    for path, members in facts.items():
        level: Json = target
        *parents, last = path.split(".")
        for parent in parents:
            level = level[parent]["attributes"]
        level[last].update(members)


def same_shape(ours: Json, theirs: Json, path: str = "") -> None:
    """Stop if the data source's attributes are not the resource's."""
    if ours.keys() != theirs.keys():
        raise SystemExit(f"the data source differs from the resource at {path}: {sorted(ours.keys() ^ theirs.keys())}")
    for name, attribute in ours.items():
        other = theirs[name]
        if (attribute.get("type"), attribute.get("nesting")) != (other.get("type"), other.get("nesting")):
            raise SystemExit(f"the data source differs from the resource at {path}/{name}")
        same_shape(attribute.get("attributes", {}), other.get("attributes", {}), f"{path}/{name}")


def build() -> dict[str, Json]:
    """File name -> content of every schema file."""
    awscc, helm = "cdktn_provider_awscc", "cdktn_provider_helm"
    versions = {
        name: metadata.version(name) for name in ("cdktn-provider-awscc", "cdktn-provider-helm", "cfn-lint", "botocore")
    }
    cluster_source = typescript(awscc, "sagemaker-cluster")
    cluster = resource(cluster_source)
    same_shape(cluster, resource(typescript(awscc, "data-awscc-sagemaker-cluster")))
    merge = Merge(schema := cloudformation(CLUSTER_TYPE))
    merge.walk(cluster, schema, "")
    scheduler = resource(typescript(awscc, "sagemaker-cluster-scheduler-config"))
    same_shape(scheduler, resource(typescript(awscc, "data-awscc-sagemaker-cluster-scheduler-config")))
    of_scheduler = Merge(schema := cloudformation(SCHEDULER_TYPE))
    of_scheduler.walk(scheduler, schema, "")
    types = instance_types()
    for group in ("instance_groups", "restricted_instance_groups"):
        cluster[group]["attributes"]["instance_type"]["enum"] = types
    release_source = typescript(helm, "release")
    release = resource(release_source)
    overlay(release, HELM_RELEASE)

    def described(packages: list[str], address: str, version: str, body: Json) -> Json:
        head = {"generator": "tools/generate_standin_schemas.py", "sources": {p: versions[p] for p in packages}}
        return head | {"provider": f"registry.terraform.io/hashicorp/{address}", "provider_version": version} | body

    awscc_version, helm_version = provider_version(cluster_source), provider_version(release_source)
    return {
        "awscc_provider.json": described(
            ["cdktn-provider-awscc"],
            "awscc",
            awscc_version,
            {"attributes": provider_attributes(typescript(awscc, "provider"))},
        ),
        "awscc_sagemaker_cluster.json": described(
            ["cdktn-provider-awscc", "cfn-lint", "botocore"],
            "awscc",
            awscc_version,
            {
                "type": "awscc_sagemaker_cluster",
                "cloudformation_type": CLUSTER_TYPE,
                "version": AWSCC_RESOURCE_VERSION,
                "not_in_provider": sorted(merge.only_here),
                "attributes": cluster,
            },
        ),
        "awscc_sagemaker_cluster_scheduler_config.json": described(
            ["cdktn-provider-awscc", "cfn-lint"],
            "awscc",
            awscc_version,
            {
                "type": "awscc_sagemaker_cluster_scheduler_config",
                "cloudformation_type": SCHEDULER_TYPE,
                "version": AWSCC_RESOURCE_VERSION,
                "not_in_provider": sorted(of_scheduler.only_here),
                "attributes": scheduler,
            },
        ),
        "cloudformation_sagemaker_compute_quota.json": {
            "generator": "tools/generate_standin_schemas.py",
            "sources": {"cfn-lint": versions["cfn-lint"]},
            "schema": facts(cloudformation(QUOTA_TYPE)),
        },
        "helm_provider.json": described(
            ["cdktn-provider-helm"],
            "helm",
            helm_version,
            {"attributes": provider_attributes(typescript(helm, "provider"))},
        ),
        "helm_release.json": described(
            ["cdktn-provider-helm"],
            "helm",
            helm_version,
            {"type": "helm_release", "version": HELM_RELEASE_VERSION, "attributes": release},
        ),
    }


def main() -> int:
    """Write the schemas, or compare with what is committed; return the exit code."""
    parser = argparse.ArgumentParser(description="Write the schemas of the stand-in providers.")
    parser.add_argument("--check", action="store_true", help="compare with the committed files, write nothing")
    check = parser.parse_args().check
    differing = []
    for name, content in build().items():
        text = json.dumps(content, indent=1, sort_keys=True) + "\n"
        path = OUTPUT / name
        # The versions a file was made with may differ: only a different schema is a difference.
        if not path.exists() or json.loads(path.read_text()) | {"sources": None} != content | {"sources": None}:
            differing.append(name)
            if not check:
                path.write_text(text)
    print(f"{'differ' if check else 'written'}: {', '.join(differing) or 'none'}")
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
