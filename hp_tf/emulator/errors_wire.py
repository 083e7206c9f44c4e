"""An AWS error in the protocol that the caller speaks."""

from __future__ import annotations

from xml.sax.saxutils import escape

from hp_tf.emulator.awsjson import AwsError, json_error
from hp_tf.emulator.web import Request, Response

REQUEST_ID = "00000000-0000-0000-0000-000000000000"


def error_response(request: Request, service: str, error: AwsError) -> Response:
    """`error` for a service that is not our own: EC2's XML, S3's, the query protocol's, or JSON."""
    content_type = request.headers.get("content-type", "")
    code, message = escape(error.code), escape(error.message)
    if service == "s3":
        xml = f"<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{REQUEST_ID}</RequestId></Error>"
    elif service == "ec2":
        xml = (
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
            f"<RequestID>{REQUEST_ID}</RequestID></Response>"
        )
    elif content_type.startswith("application/x-www-form-urlencoded"):
        xml = (
            f"<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
            f"<RequestId>{REQUEST_ID}</RequestId></ErrorResponse>"
        )
    else:
        json_type = content_type if content_type.startswith("application/x-amz-json") else "application/json"
        return json_error(error, json_type)
    return Response(error.status, f'<?xml version="1.0"?>{xml}'.encode(), {"Content-Type": "text/xml"})
