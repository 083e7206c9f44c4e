"""What a layer's definition writes into: one CDKTF stack for one contract.

A definition declares resources with the bindings and says here what bindings cannot: variables by name, locals,
meta-arguments, outputs, files. Variables, outputs' descriptions, versions.tf and the README come from the contract.

Construct ids are Terraform names. CDKTF wants them unique over all types of a stack, so an id may carry a prefix up
to a dot, which is dropped: ``Subnet(module, "subnet.public")`` and ``RouteTable(module, "route_table.public")`` are
``aws_subnet.public`` and ``aws_route_table.public``.

Parameters called ``text`` are Terraform templates: ``"${local.zones}"``, with nothing around for a value that is
not a string. Write ``"${each.value}"`` and ``"${count.index}"`` by hand: CDKTF's own number tokens do not survive
being put into a string.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

from cdktn import TerraformDataSource, TerraformElement, TerraformResource, TerraformStack, Testing, Token

from hp_tf.contract.base import Contract
from hp_tf.synth.collected import Collected
from hp_tf.synth.expressions import expression
from hp_tf.synth.problems import DefinitionError
from hp_tf.synth.variables import module_inputs

Element = TerraformResource | TerraformDataSource
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


class Module(TerraformStack):
    """A Terraform module in the making, for one contract."""

    def __init__(self, contract: Contract, folder: Path) -> None:
        self._contract = contract
        self._folder = folder
        self._collected = Collected()
        self._preconditions: dict[str, list[dict[str, str]]] = {}
        self._postconditions: dict[str, list[dict[str, str]]] = {}
        self._dynamics: dict[tuple[str, str], list[dict[str, Any]]] = {}
        super().__init__(Testing.app(), contract.name)

    def _allocate_logical_id(self, tf_element: TerraformElement | Any) -> str:
        # Called back from Node, where an exception would lose its type: the guards check the names afterwards.
        return str(tf_element.node.id).rpartition(".")[2]

    def _error(self, message: str) -> DefinitionError:
        return DefinitionError(f"Layer '{self._contract.name}': {message}.")

    @property
    def contract(self) -> Contract:
        """The contract this module fulfils."""
        return self._contract

    @property
    def folder(self) -> Path:
        """The layer's folder."""
        return self._folder

    @property
    def collected(self) -> Collected:
        """Comments, files and outputs declared so far."""
        return self._collected

    # Values

    def ref(self, name: str) -> str:
        """Return ``${var.<name>}``.

        Raises:
            DefinitionError: if the module has no such input.
        """
        if name not in module_inputs(self._contract):
            raise self._error(f"the module has no input '{name}'")
        return f"${{var.{name}}}"

    def name(self, role: str) -> str:
        """Return one of the contract's names as a Terraform template: the one that an input gives, if there is such.

        Raises:
            DefinitionError: for an unknown role.
        """
        if role not in self._contract.names:
            raise self._error(f"the contract has no name '{role}'")
        name = self._contract.names[role]
        return name.hcl() if name.given is None else f'${{coalesce(var.{name.given}, "{name.hcl()}")}}'

    def local(self, name: str, value: str, comment: str | None = None) -> str:
        """Add a local and return ``${local.<name>}``.

        Args:
            value: Terraform expression *without* ``${ }``; several lines are kept.
            comment: one sentence, why the local exists; it stands above it in main.tf.
        """
        if IDENTIFIER.fullmatch(name) is None or name in self._collected.locals:
            raise self._error(f"local '{name}' is not a new Terraform name")
        if re.match(r"\s*\$\{.*\}\s*$", value, re.DOTALL):
            raise self._error(f"local '{name}' takes a bare expression, without ${{ }} around it")
        self._collected.locals.append(name)
        if comment is not None:
            self._collected.comments[name] = comment
        self.add_override(f"locals.{name}", f"${{{value.strip()}}}")
        return f"${{local.{name}}}"

    @staticmethod
    def number(text: str) -> float:
        """Return an expression where a binding wants a number. Never put the result into a string."""
        value: float = Token.as_number(text)
        return value

    @staticmethod
    def boolean(text: str) -> Any:
        """Return an expression where a binding wants a bool."""
        return Token.as_any(text)

    @staticmethod
    def strings(text: str) -> list[str]:
        """Return an expression where a binding wants a list or set of strings."""
        value: list[str] = Token.as_list(text)
        return value

    @staticmethod
    def mapping(text: str) -> Mapping[str, str]:
        """Return an expression where a binding wants a map of strings."""
        value: Mapping[str, str] = Token.as_string_map(text)
        return value

    @staticmethod
    def address(resource: Element) -> str:
        """Return a resource's or data source's address, ``aws_subnet.public``, for raw expressions."""
        prefix = "data." if TerraformDataSource.is_terraform_data_source(resource) else ""
        return f"{prefix}{resource.terraform_resource_type}.{resource.friendly_unique_id}"

    # Meta-arguments and arguments as raw expressions

    def set(self, resource: Element, path: str, value: Any) -> None:
        """Set an argument as it stands in Terraform's JSON, by its Terraform name (``a.b`` for nested ones).

        For values the bindings' types refuse: an expression for a list of objects, a map or an attribute.

        Raises:
            DefinitionError: for None anywhere in it, which CDKTF would drop: write ``"${null}"``.
        """
        if _holds_none(value):
            raise self._error(
                f"{self.address(resource)} sets '{path}' to None, which would vanish; write \"${{null}}\""
            )
        resource.add_override(path, value)

    def comment(self, resource: Element, text: str) -> None:
        """Say above a resource in main.tf why it is as it is. Lines are kept."""
        self._collected.resource_comments[self.address(resource)] = text

    def accept(self, resource: Element, check: str, reason: str) -> None:
        """Say inside a resource why what a check of checkov finds there is as it should be. ``reason``: a clause."""
        if ":" in reason or "\n" in reason:
            raise self._error(f"the reason for {check} of {self.address(resource)} must be one line without a colon")
        lines = self._collected.accepted.setdefault(self.address(resource), [])
        lines.append(f"checkov:skip={check}: {reason}")

    def json(self, data: Any) -> str:
        """Return ``${jsonencode(...)}`` of plain data, for policies and the like. Strings in it are templates."""
        return f"${{jsonencode({expression(data)})}}"

    def for_each(self, resource: Element, text: str) -> None:
        """Give a resource ``for_each``. Refer to it with a key or a ``for`` from then on."""
        resource.add_override("for_each", text)

    def count(self, resource: Element, text: str) -> None:
        """Give a resource ``count``: only for zero or one. Refer to it with an index from then on."""
        resource.add_override("count", text)

    def depends_on(self, resource: Any, on: Sequence[Element | str] = ()) -> bool:
        """Make a resource depend on others as a whole (elements or addresses): Terraform's ``depends_on``.

        An input (``module.ref``) stands for all that makes its value, an order between modules without data.
        It takes the place of the stack's own method, which orders stacks, and a module is one stack. Returns True.
        """
        resource.add_override("depends_on", [self._name_of(item) for item in on])
        return True

    def made_first(self, *resources: Element) -> None:
        """Have resources made anew before the old ones go: Terraform's ``create_before_destroy``.

        What uses them moves over between the two; and where AWS refuses the new one, nothing is deleted.
        """
        for resource in resources:
            resource.add_override("lifecycle.create_before_destroy", True)

    def precondition(self, resource: Element, condition: str, message: str) -> None:
        """Add a condition that must hold before a resource is planned. ``message`` is one or more full sentences."""
        self._condition(self._preconditions, "precondition", resource, condition, message)

    def postcondition(self, resource: Element, condition: str, message: str) -> None:
        """Add a condition that must hold of a resource (``self``) once it exists."""
        self._condition(self._postconditions, "postcondition", resource, condition, message)

    def _condition(
        self,
        kept: dict[str, list[dict[str, str]]],
        kind: str,
        resource: Element,
        condition: str,
        message: str,
    ) -> None:
        if not condition.startswith("${"):
            raise self._error(f"the {kind} of {self.address(resource)} must be an expression in ${{ }}")
        conditions = kept.setdefault(self.address(resource), [])
        conditions.append({"condition": condition, "error_message": message})
        resource.add_override(f"lifecycle.{kind}", conditions)

    def check(self, name: str, condition: str, message: str) -> None:
        """Add a condition that is only warned of: Terraform's ``check``. ``message`` is one or more full sentences."""
        if not condition.startswith("${"):
            raise self._error(f"the check '{name}' must be an expression in ${{ }}")
        self.add_override(f"check.{name}", {"assert": [{"condition": condition, "error_message": message}]})

    def dynamic(
        self,
        resource: Element,
        block: str,
        for_each: str,
        content: Mapping[str, Any],
        iterator: str | None = None,
    ) -> None:
        """Repeat a nested block: Terraform's ``dynamic``.

        ``content`` uses ``${<block>.value}`` (or ``${<iterator>.value}``). Only for real blocks: an attribute that
        takes a list of objects is set with a ``for`` expression, and synth refuses ``dynamic`` there.
        """
        entry: dict[str, Any] = {"for_each": for_each, "content": dict(content)}
        if iterator is not None:
            entry["iterator"] = iterator
        entries = self._dynamics.setdefault((self.address(resource), block), [])
        entries.append(entry)
        resource.add_override(f"dynamic.{block}", entries)

    # What leaves the module

    def output(
        self,
        name: str,
        value: Any,
        depends_on: Sequence[Element | str] = (),
        precondition: tuple[str, str] | None = None,
    ) -> None:
        """Set a declared output.

        Args:
            value: a template (``"${aws_vpc.this.id}"``), an attribute of a binding, or plain data.
            depends_on: what must be complete before the value means "usable".
            precondition: a condition and its message, one or more full sentences. Unlike a resource's, which is not
                looked at where ``for_each`` or ``count`` makes none, it always holds.
        """
        if name not in self._contract.outputs.model_fields:
            raise self._error(f"the contract has no output '{name}'")
        if name in self._collected.outputs:
            raise self._error(f"output '{name}' is set twice")
        self._collected.outputs.append(name)
        body: dict[str, Any] = {"value": value}
        if depends_on:
            body["depends_on"] = [self._name_of(item) for item in depends_on]
        if precondition is not None:
            condition, message = precondition
            body["precondition"] = [{"condition": condition, "error_message": message}]
        self.add_override(f"output.{name}", body)

    def asset(self, path: str, text: str) -> str:
        """Put a file into the module's folder and return its Terraform path, ``${path.module}/<path>``."""
        relative = PurePosixPath(path)
        if relative.is_absolute() or ".." in relative.parts or relative.name.endswith((".tf", ".tf.json")):
            raise self._error(f"'{path}' is not a place for a file beside the module's own")
        self._collected.assets[str(relative)] = text
        return f"${{path.module}}/{relative}"

    def _name_of(self, item: Element | str) -> str:
        """Return an address as it stands in JSON's ``depends_on``, where nothing is interpolated."""
        return item.removeprefix("${").removesuffix("}") if isinstance(item, str) else self.address(item)


def _holds_none(value: Any) -> bool:
    if isinstance(value, Mapping):
        return any(_holds_none(item) for item in value.values())
    if isinstance(value, (list, tuple)):
        return any(_holds_none(item) for item in value)
    return value is None
