"""What a contract is: a layer's typed inputs and outputs, declared once.

Everything else (Terraform variables, the schema of an environment's file, READMEs, the graph of layers, what must be
supplied when a layer already exists) is derived from the classes here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError, core_schema

from hp_tf.contract.expressions.words import both, var
from hp_tf.contract.providers import AWS, Provider

if TYPE_CHECKING:
    from hp_tf.contract.clients import Clients
    from hp_tf.contract.expressions.values import Scope
    from hp_tf.contract.keyed import KeyedList
    from hp_tf.contract.lookup import Lookup
    from hp_tf.contract.next_steps import NextSteps
    from hp_tf.contract.purchases import Purchase
    from hp_tf.contract.resources.base import ResourceType
    from hp_tf.contract.role import Role
    from hp_tf.contract.rules import Expression, PythonRule, Rule

Orchestrator = Literal["eks", "slurm"]
ORCHESTRATORS: tuple[Orchestrator, ...] = get_args(Orchestrator)
Kind = TypeVar("Kind")
# Terraform takes these as arguments of a module block: a variable of such a name could never be set.
RESERVED = frozenset(
    {"source", "version", "providers", "provider", "count", "for_each", "lifecycle", "depends_on", "locals"}
)
LONGEST_QUOTED = 120
ENVIRONMENT_VALUES = ("name", "region", "account_id", "partition", "tags", "orchestrator")


class Block(BaseModel):
    """A structured value inside an input: a Terraform ``object`` whose attributes are these fields."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Inputs(Block):
    """The inputs of a layer: its module's variables, under the same names.

    A field without a default is required in the module. A field with an origin (``Wired``, ``FromEnvironment``,
    ``Configured``) need not be in the environment's file.
    """


class Outputs(Block):
    """The outputs of a layer. Only scalars and ``dict[str, str]`` with keys known at plan (zone ids) cross layers.

    ``| None`` marks an output that may be null. ``dict[str, Any]`` is one that is only there to be read.
    """


@dataclass(frozen=True)
class Condition:
    """A condition over inputs of the layer that the file alone gives. ``said``: a clause behind "if", for people."""

    holds: Expression
    said: str


@dataclass(frozen=True)
class Wired:
    """The value is another layer's output, ``"layer.output"``, unless the user gives one.

    ``when`` narrows the source: ``"created"`` only if the producer is created here, ``"existing"`` only if it is given
    by ``existing:``. ``only_if`` names a switch among the layer's own inputs, ``only_when`` asks more of them: without
    it there is no edge, and the layer waits for nobody. A field may carry several; the first that applies wins.
    """

    source: str
    when: Literal["always", "created", "existing"] = "always"
    only_if: str | None = None
    only_when: Condition | None = None

    @property
    def layer(self) -> str:
        """The producing layer."""
        return self.source.partition(".")[0]

    @property
    def output(self) -> str:
        """The producer's output."""
        return self.source.partition(".")[2]


@dataclass(frozen=True)
class NeededWith:
    """The optional wired input must have a value while this other layer is created here. ``why``: a clause."""

    layer: str
    why: str


@dataclass(frozen=True)
class Unique:
    """An account has one such value in a region: two environments that share it would fight over one thing."""


@dataclass(frozen=True)
class FromEnvironment:
    """The value is a fact of the environment: one of ``ENVIRONMENT_VALUES``."""

    value: str


@dataclass(frozen=True, init=False)
class Configured:
    """The value is another layer's *input* as the file configures it (or its default).

    It is known before anything exists and makes no edge; null where that layer is not created. An input that is a list
    may follow several, also attributes of every element of a list (``"groups[].key_arn"``): it is all that they hold,
    each once; of a wired input, what the file gives.

    Attributes:
        inputs: of the layer that provides the role ``of``; without one, ``"layer.input"``.
    """

    inputs: tuple[str, ...]
    of: type[Role] | None

    def __init__(self, *inputs: str, of: type[Role] | None = None) -> None:
        object.__setattr__(self, "inputs", inputs)
        object.__setattr__(self, "of", of)


@dataclass(frozen=True)
class KeyedBy:
    """The output is a map whose keys are the elements of this input of the same layer: they are known from the file.

    So rules of consumers can speak of the keys before anything exists.
    """

    input: str


@dataclass(frozen=True)
class Sensitive:
    """The value never reaches a terminal, log or report; the Terraform variable or output is ``sensitive``."""


@dataclass(frozen=True)
class HptfOnly:
    """The input is read by hptf; the module has no variable for it."""


@dataclass(frozen=True)
class Supplied:
    """The value is computed by hptf from another input of the same layer (``source``, an ``HptfOnly`` one).

    A variable of the module; no file gives it. What is supplied today is the path of a Helm chart in the root.
    """

    source: str


@dataclass(frozen=True)
class FromService:
    """The value is what the service has now, as ``LiveLists`` says. hptf reads it before it plans; no file gives it."""


@dataclass(frozen=True)
class Found:
    """The value is what AWS says, unless the file gives one: hptf asks before it plans.

    Attributes:
        find: from clients, the layer's inputs as far as they are known, and the ids of what is in the layer's state.
            Lets botocore's errors pass.
        unless: a switch among the layer's own inputs: with it, there is nothing to be found.
    """

    find: Callable[[Clients, Scope, Collection[str]], Any]
    unless: str


@dataclass(frozen=True)
class Folder:
    """The value is a folder of the user's, relative to the environment's file.

    hptf copies it into the root and gives the module the copy's path, which is the same on every machine; rules see the
    folder where it is.

    Attributes:
        git: another input of the layer, an ``HptfOnly`` one: repository, revision and path of a folder to fetch where
            the file names none.
        repository: where that is if the file does not say; an emulated target fetches nothing then, and the module does
            without a folder.
        what: what is in the folder, for messages, in the singular and without an article.
        problems: yields what is wrong with a fetched folder, given the layer's other inputs.
    """

    git: str | None = None
    repository: str = ""
    what: str = "folder"
    problems: Callable[[Path, Mapping[str, Any]], Iterator[str]] | None = None


@dataclass(frozen=True)
class CreateOnly:
    """The service fixes this value at creation: changing it is refused or replaces. ``advice``: what to do instead.

    READMEs and the schema of the environment's file say so. Where the provider plans such a change as an update that
    the service then refuses, ``KeyedList.create_only`` names the resource's attribute too.
    """

    advice: str

    @property
    def sentence(self) -> str:
        """What descriptions say of it."""
        return f"Fixed at creation: {self.advice}."


def quoted(value: str) -> str:
    """Return a value in quotes for a message, a long one without its end."""
    return f"'{value}'" if len(value) <= LONGEST_QUOTED else f"'{value[:LONGEST_QUOTED]}…'"


@dataclass(frozen=True)
class Text:
    """A string that matches ``pattern`` as a whole (RE2 subset, so Terraform reads it the same way).

    Attributes:
        pattern: without anchors.
        what: what the value is, for people: "a VPC id such as vpc-0123456789abcdef0".
        min_length, max_length: in characters.
    """

    pattern: str
    what: str
    min_length: int = 0
    max_length: int | None = None

    def problem(self, value: str) -> str | None:
        """Return what is wrong with a value, or None."""
        if len(value) < self.min_length:
            return f"'{value}' has {len(value)} characters, at least {self.min_length} are needed"
        shown = quoted(value)
        if self.max_length is not None and len(value) > self.max_length:
            excess = len(value) - self.max_length
            return f"{shown} has {len(value)} characters, {excess} more than the {self.max_length} allowed"
        if re.fullmatch(self.pattern, value) is None:
            return f"{shown} is not {self.what}"
        return None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """Check the string after pydantic's own type check; null and nested optionals are pydantic's business."""

        def check(value: Any) -> Any:
            problem = self.problem(value) if isinstance(value, str) else None
            if problem is not None:
                raise PydanticCustomError("text", "{problem}", {"problem": problem})
            return value

        return core_schema.no_info_after_validator_function(check, handler(source))


@dataclass(frozen=True)
class Known:
    """The values of a text that are known, where AWS adds to them: others of its form are taken, with a warning."""

    values: tuple[str, ...]


@dataclass(frozen=True)
class Name:
    """A name made from the environment's: ``template`` over ``{name}``, ``{region}``, ``{account_id}``.

    Too long a result is an error that says by how much; names are never cut.

    Attributes:
        limit: in characters.
        what: whose name it is, without an article: messages say "the <what>".
        when: over the layer's inputs, whether the layer makes what has the name; always by default.
        given: an input that may give another name.
    """

    template: str
    limit: int
    what: str
    when: Expression | None = None
    given: str | None = None

    @property
    def used(self) -> Expression | None:
        """Over the layer's inputs, whether something has the name that the template makes; None: always."""
        if self.given is None:
            return self.when
        missing = var(self.given).missing()
        return missing if self.when is None else both(self.when, missing)

    def hcl(self) -> str:
        """Return the name as a Terraform template over the module's variables (without quotes)."""
        return re.sub(r"\{(\w+)\}", r"${var.\1}", self.template)

    def render(self, values: Mapping[str, str]) -> str:
        """Return the name for these values."""
        return self.template.format(**values)


@dataclass(frozen=True)
class Remedy:
    """What helps against an error of a provider.

    Attributes:
        pattern: a regular expression, found in what the provider says.
        advice: what to do, as a line of its own; ``{layer}`` is where the layer stands in the file.
    """

    pattern: str
    advice: str


@dataclass(frozen=True)
class Contract:
    """A layer: the unit of module, of state and of ownership.

    Attributes:
        name: matches ``[a-z][a-z0-9]*(_[a-z0-9]+)*``; the module's folder, the state's key, the address
            ``module.<name>``.
        resources: the types of the resources that its module makes.
        lookup: how hptf finds out what it can of the layer where it exists.
        summary: one sentence.
        replaces: the CloudFormation stacks whose job it does.
        not_replaced: a sentence on what of it is not done here.
        needs: what a caller of the module must have beside the call, in Markdown.
        notes: what else a caller of the module must know, in Markdown, with headings of its own.
        enabled: whether an environment that does not mention it has it.
        derives: outputs that follow from those that a file gives of it where it exists already. A value may be faulty.
        given: rules about its outputs where it exists already, the outputs that are not given being null. No rule about
            its inputs is asked then.
        provides: the roles it plays for the rest of hptf.
        requires: the kinds of roles that must be played before its resources can be made.
        named_elements: inputs, lists of objects with a name, whose rules the module tests together: one error lists
            every element's problems. What is not of its form the provider refuses at plan.
        remedies: against errors of its provider in an apply.
        buys: what of it is paid for by the hour, from its inputs as rules see them.
        next_steps: what to do with it once it is there.
    """

    name: str
    summary: str
    inputs: type[Inputs]
    outputs: type[Outputs]
    resources: tuple[ResourceType, ...] = ()
    providers: tuple[Provider, ...] = (AWS,)
    rules: tuple[Rule | PythonRule, ...] = ()
    derives: Callable[[Mapping[str, Any]], Mapping[str, Any]] | None = None
    given: tuple[PythonRule, ...] = ()
    names: Mapping[str, Name] = field(default_factory=dict)
    orchestrators: frozenset[Orchestrator] = frozenset(ORCHESTRATORS)
    enabled: bool = True
    provides: tuple[Role, ...] = ()
    requires: frozenset[type[Role]] = frozenset()
    named_elements: tuple[str, ...] = ()
    lookup: Lookup | None = None
    replaces: tuple[str, ...] = ()
    not_replaced: str = ""
    needs: str = ""
    notes: str = ""
    remedies: tuple[Remedy, ...] = ()
    buys: Callable[[Scope], Iterable[Purchase]] | None = None
    next_steps: NextSteps | None = None

    @property
    def keyed_lists(self) -> Mapping[str, KeyedList]:
        """By ``type.attribute``, lists whose elements are told apart by name."""
        return {f"{item.type}.{name}": known for item in self.resources for name, known in item.keyed_lists.items()}

    def wires(self) -> Iterator[tuple[str, Wired]]:
        """Yield (input, source) for every possible edge into this layer, in declaration order."""
        for name, info in self.inputs.model_fields.items():
            for wire in annotations_of(info, Wired):
                yield name, wire

    def role(self, kind: type[Kind]) -> Kind | None:
        """Return the role of a kind that the layer provides, None if it does not."""
        return next((role for role in self.provides if isinstance(role, kind)), None)


def annotations_of(info: FieldInfo, kind: type[Kind]) -> list[Kind]:
    """Return a field's annotations of one kind, in order."""
    return [item for item in info.metadata if isinstance(item, kind)]


def annotation(info: FieldInfo, kind: type[Kind]) -> Kind | None:
    """Return a field's first annotation of one kind."""
    return next(iter(annotations_of(info, kind)), None)


def described(info: FieldInfo) -> str:
    """Return a field's description, with what to do where the service fixes the value at creation."""
    fixed = [item.sentence for item in annotations_of(info, CreateOnly)]
    return " ".join([(info.description or "").strip(), *fixed]).strip()


def has_origin(info: FieldInfo) -> bool:
    """Whether something other than the user can supply this input."""
    return any(annotation(info, kind) is not None for kind in (Wired, FromEnvironment, Configured, Supplied, Found))


def nullable(info: FieldInfo) -> bool:
    """Whether null is a value of this field."""
    return get_origin(info.annotation) in (Union, UnionType) and NoneType in get_args(info.annotation)
