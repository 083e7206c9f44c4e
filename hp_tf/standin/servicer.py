"""The calls of Terraform's plugin protocol 6, for any provider with a schema and a backend.

One servicer serves one connection, which is one configured provider of one Terraform process.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from tf.gen import tfplugin_pb2 as pb

from hp_tf.standin import checks
from hp_tf.standin.backend import Backend, Definition, Failure
from hp_tf.standin.planning import Plan, plan_create, plan_update
from hp_tf.standin.protobuf import diagnostic, dynamic, path_message, schema_message, schemas, value_of
from hp_tf.standin.schema import Schema
from hp_tf.standin.values import Value, conform, same_object

log = logging.getLogger(__name__)


class Servicer:
    """Terraform's Provider service.

    Attributes:
        definition: schemas of the provider.
        backend: does the work; configured by the ConfigureProvider call.
    """

    def __init__(self, definition: Definition, backend: Backend) -> None:
        self._definition = definition
        self._backend = backend

    def service(self) -> SimpleNamespace:
        """The calls under the protocol's own names, as gRPC registers them."""
        return SimpleNamespace(
            GetMetadata=self.get_metadata,
            GetProviderSchema=self.get_provider_schema,
            ValidateProviderConfig=self.validate_provider_config,
            ConfigureProvider=self.configure_provider,
            ValidateResourceConfig=self.validate_resource_config,
            ValidateDataResourceConfig=self.validate_data_resource_config,
            UpgradeResourceState=self.upgrade_resource_state,
            ReadResource=self.read_resource,
            PlanResourceChange=self.plan_resource_change,
            ApplyResourceChange=self.apply_resource_change,
            ImportResourceState=self.import_resource_state,
            MoveResourceState=self.move_resource_state,
            ReadDataSource=self.read_data_source,
            GetFunctions=self.get_functions,
            CallFunction=self.call_function,
            StopProvider=self.stop_provider,
        )

    def _resource(self, type_name: str) -> Schema:
        return self._definition.resources[type_name]

    def _guarded(self, response: Any, work: Callable[[], None]) -> Any:
        """Run `work`; a Failure becomes the response's diagnostic."""
        try:
            work()
        except Failure as failure:
            log.info("%s: %s", self._definition.address, failure)
            response.diagnostics.append(diagnostic(failure.summary, failure.detail, failure.path))
        return response

    def get_metadata(self, request: Any, context: Any) -> Any:
        capabilities = pb.ServerCapabilities(get_provider_schema_optional=True)
        return pb.GetMetadata.Response(
            server_capabilities=capabilities,
            resources=[pb.GetMetadata.ResourceMetadata(type_name=name) for name in self._definition.resources],
            data_sources=[pb.GetMetadata.DataSourceMetadata(type_name=name) for name in self._definition.data_sources],
        )

    def get_provider_schema(self, request: Any, context: Any) -> Any:
        return pb.GetProviderSchema.Response(
            provider=schema_message(self._definition.provider),
            resource_schemas=schemas(self._definition.resources),
            data_source_schemas=schemas(self._definition.data_sources),
            server_capabilities=pb.ServerCapabilities(get_provider_schema_optional=True),
        )

    def validate_provider_config(self, request: Any, context: Any) -> Any:
        response = pb.ValidateProviderConfig.Response()
        self._check(response, self._definition.provider, request.config)
        return response

    def configure_provider(self, request: Any, context: Any) -> Any:
        config = value_of(self._definition.provider.attributes, request.config) or {}
        response = pb.ConfigureProvider.Response()
        return self._guarded(response, lambda: self._backend.configure(config))

    def validate_resource_config(self, request: Any, context: Any) -> Any:
        response = pb.ValidateResourceConfig.Response()
        self._check(response, self._resource(request.type_name), request.config)
        return response

    def validate_data_resource_config(self, request: Any, context: Any) -> Any:
        response = pb.ValidateDataResourceConfig.Response()
        self._check(response, self._definition.data_sources[request.type_name], request.config)
        return response

    def _check(self, response: Any, schema: Schema, config: Any) -> None:
        value = value_of(schema.attributes, config)
        for finding in checks.check(schema.attributes, value or {}):
            response.diagnostics.append(diagnostic(finding.summary, finding.detail, finding.path))

    def upgrade_resource_state(self, request: Any, context: Any) -> Any:
        state = conform(self._resource(request.type_name).attributes, json.loads(request.raw_state.json or b"null"))
        return pb.UpgradeResourceState.Response(upgraded_state=dynamic(state))

    def read_resource(self, request: Any, context: Any) -> Any:
        attributes = self._resource(request.type_name).attributes
        response = pb.ReadResource.Response(private=request.private)

        def work() -> None:
            found = self._backend.read(request.type_name, value_of(attributes, request.current_state))
            response.new_state.CopyFrom(dynamic(found.state and conform(attributes, found.state)))
            if found.warning:
                response.diagnostics.append(diagnostic(*found.warning, warning=True))

        return self._guarded(response, work)

    def plan_resource_change(self, request: Any, context: Any) -> Any:
        attributes = self._resource(request.type_name).attributes
        response = pb.PlanResourceChange.Response(planned_private=request.prior_private)
        if value_of(attributes, request.proposed_new_state) is None:
            response.planned_state.CopyFrom(dynamic(None))
            return response
        prior = value_of(attributes, request.prior_state)
        config = value_of(attributes, request.config)

        def work() -> None:
            schematic = (
                Plan(plan_create(attributes, config)) if prior is None else plan_update(attributes, prior, config)
            )
            plan = self._backend.adjust_plan(request.type_name, schematic, prior, config)
            response.planned_state.CopyFrom(dynamic(plan.state))
            if prior is not None and not same_object(attributes, plan.state, prior):
                response.requires_replace.extend(path_message(path) for path in plan.replace)

        return self._guarded(response, work)

    def apply_resource_change(self, request: Any, context: Any) -> Any:
        attributes = self._resource(request.type_name).attributes
        prior = value_of(attributes, request.prior_state)
        planned = value_of(attributes, request.planned_state)
        config = value_of(attributes, request.config) or {}
        response = pb.ApplyResourceChange.Response(private=request.planned_private)
        try:
            state = conform(attributes, self._applied(request.type_name, prior, planned, config))
        except Failure as failure:
            log.info("%s: %s", self._definition.address, failure)
            if failure.warning:
                response.diagnostics.append(diagnostic(*failure.warning, warning=True))
            response.diagnostics.append(diagnostic(failure.summary, failure.detail, failure.path))
            state = prior if failure.state is None else conform(attributes, failure.state)
        response.new_state.CopyFrom(dynamic(state))
        return response

    def _applied(self, type_name: str, prior: Value, planned: Value, config: Value) -> Value:
        if planned is None:
            self._backend.delete(type_name, prior)
            return None
        if prior is None:
            return self._backend.create(type_name, planned, config)
        return self._backend.update(type_name, prior, planned, config)

    def import_resource_state(self, request: Any, context: Any) -> Any:
        attributes = self._resource(request.type_name).attributes
        response = pb.ImportResourceState.Response()

        def work() -> None:
            state = conform(attributes, self._backend.import_state(request.type_name, request.id))
            response.imported_resources.append(
                pb.ImportResourceState.ImportedResource(type_name=request.type_name, state=dynamic(state))
            )

        return self._guarded(response, work)

    def move_resource_state(self, request: Any, context: Any) -> Any:
        detail = f"{request.source_type_name} cannot become {request.target_type_name}."
        return pb.MoveResourceState.Response(diagnostics=[diagnostic("Unsupported move", detail)])

    def read_data_source(self, request: Any, context: Any) -> Any:
        attributes = self._definition.data_sources[request.type_name].attributes
        response = pb.ReadDataSource.Response()

        def work() -> None:
            state = self._backend.read_data(request.type_name, value_of(attributes, request.config))
            response.state.CopyFrom(dynamic(conform(attributes, state)))

        return self._guarded(response, work)

    def get_functions(self, request: Any, context: Any) -> Any:
        return pb.GetFunctions.Response()

    def call_function(self, request: Any, context: Any) -> Any:
        return pb.CallFunction.Response(error=pb.FunctionError(text=f"there is no function {request.name}"))

    def stop_provider(self, request: Any, context: Any) -> Any:
        # Terraform goes on waiting for the calls that run, and records what they answer.
        self._backend.stop()
        return pb.StopProvider.Response()

    def hang_up(self) -> None:
        """The connection has ended."""
        self._backend.hang_up()
