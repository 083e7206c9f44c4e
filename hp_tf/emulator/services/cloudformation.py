"""CloudFormation's registry of types, as far as Cloud Control's own types are in it. All else of it is moto's.

The aws provider asks it for the schema of a type, and checks and plans the resource by that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from hp_tf.emulator.awsjson import AwsError, Caller, Parameters, Service, handlers, operation
from hp_tf.emulator.errors_wire import REQUEST_ID, error_response
from hp_tf.emulator.web import Request, Response
from hp_tf.standin.schema import cloudformation

_NAMESPACE = "http://cloudformation.amazonaws.com/doc/2010-05-15/"
_FORM = "application/x-www-form-urlencoded"


class TypeRegistry:
    """The one operation."""

    def __init__(self) -> None:
        quota = cloudformation("sagemaker_compute_quota")
        self._schemas = {quota["typeName"]: quota}

    @operation("DescribeType")
    def describe_type(self, caller: Caller, parameters: Parameters) -> dict[str, Any]:
        name = parameters.get("TypeName") or str(parameters.get("Arn", "")).rpartition("/")[2].replace("-", "::")
        if name not in self._schemas:
            raise AwsError("TypeNotFoundException", f"The type '{name}' cannot be found.", status=404)
        path = name.replace("::", "-")
        return {
            "Arn": f"arn:{caller.partition}:cloudformation:{caller.region}::type/resource/{path}",
            "Type": "RESOURCE",
            "TypeName": name,
            "ProvisioningType": "FULLY_MUTABLE",
            "DeprecatedStatus": "LIVE",
            "Visibility": "PUBLIC",
            "Schema": json.dumps(self._schemas[name]),
        }


class _Query(Service):
    """A service of the query protocol whose answers are flat: parameters in a form, answers in XML."""

    def parse(self, name: str, request: Request) -> Parameters:
        form = dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))
        return {key: value for key, value in form.items() if key not in ("Action", "Version")}

    def answer(self, result: Mapping[str, Any]) -> Response:
        inside = "".join(f"<{key}>{escape(str(value))}</{key}>" for key, value in result.items())
        metadata = f"<ResponseMetadata><RequestId>{REQUEST_ID}</RequestId></ResponseMetadata>"
        body = f"<DescribeTypeResult>{inside}</DescribeTypeResult>{metadata}"
        xml = f'<?xml version="1.0"?><DescribeTypeResponse xmlns="{_NAMESPACE}">{body}</DescribeTypeResponse>'
        return Response(200, xml.encode(), {"Content-Type": "text/xml"})

    def fail(self, error: AwsError) -> Response:
        form = Request("POST", "/", headers={"content-type": _FORM})
        return error_response(form, self.name, error)


def cloudformation_service() -> Service:
    """CloudFormation's part that is our own."""
    return _Query("cloudformation", handlers(TypeRegistry()), whole=False)
