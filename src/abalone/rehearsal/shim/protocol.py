"""How requests and answers are written: JSON, and the query protocols, in which Terraform speaks to older services."""

import json
from typing import cast

from botocore.model import OperationModel
from botocore.serialize import create_serializer
from moto.core.model import ServiceModel
from moto.core.parse import PROTOCOL_PARSERS, RequestDict
from moto.core.request import determine_request_protocol
from moto.core.serialize import get_serializer_class
from werkzeug.wrappers import Request, Response

from abalone.rehearsal.shim.errors import RefusedError
from abalone.rehearsal.shim.records import Document


def read(request: Request, operation: OperationModel) -> Document:
    """Return the parameters of a request.

    Raises:
        RefusedError: The query has a parameter that the operation does not know.
    """
    name = _protocol(request, operation)
    if name == "json":
        return dict(json.loads(request.get_data() or b"{}"))
    parameters = PROTOCOL_PARSERS[name](operation).parse(
        RequestDict(
            body=request.get_data(),
            headers=request.headers,
            method=request.method,
            url_params={},
            url_path=request.path,
            values=request.form,
        )
    )
    known = create_serializer(name, include_validation=False).serialize_to_request(parameters, operation)["body"]
    if unknown := sorted(set(request.form) - set(known)):
        raise RefusedError("ValidationError", f"{operation.name} does not know {', '.join(unknown)}")
    return parameters


def answer(request: Request, operation: OperationModel, result: Document | RefusedError) -> Response:
    """Return the answer of an operation, or its refusal, in the protocol of its request."""
    serializer = get_serializer_class(operation.service_model.service_name, _protocol(request, operation))
    serialized = serializer(operation).serialize(result)
    return Response(serialized["body"], serialized["status_code"], serialized["headers"])


def _protocol(request: Request, operation: OperationModel) -> str:
    return determine_request_protocol(cast("ServiceModel", operation.service_model), request.content_type)
