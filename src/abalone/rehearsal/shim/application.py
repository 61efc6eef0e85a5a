"""The WSGI application: finds the operation, has its service answer it, and hands on what is not the shim's."""

import json
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.model import OperationModel
from moto.core.model import ServiceModel
from moto.core.utils import get_service_model
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Request, Response

from abalone.rehearsal.shim import protocol
from abalone.rehearsal.shim.errors import RefusedError
from abalone.rehearsal.shim.records import Document
from abalone.rehearsal.shim.validation import faults_of_answer, faults_of_request

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUESTS = "/_shim/requests"
"""Where what was asked for is listed, oldest first."""

SIGNED_FOR = re.compile(r"Credential=[^/]+/[^/]+/[^/]+/([^/]+)/")


@dataclass(frozen=True)
class Service:
    """A service that the shim answers for.

    Attributes:
        name: What botocore calls it.
        operations: Has a method for each operation, named as boto3 names it.
        rest: Answers the operations that are not there; without it they are refused.
    """

    name: str
    operations: object
    rest: "WSGIApplication | None" = None

    @property
    def model(self) -> ServiceModel:
        """What the service understands; it is botocore's, with what moto needs to read the query protocols."""
        return get_service_model(self.name)


class Shim:
    """Answers for some services, in front of an application that answers for the others."""

    def __init__(self, rest: "WSGIApplication", services: Sequence[Service]) -> None:
        self._rest = rest
        self._services: dict[str, tuple[Service, ServiceModel]] = {}
        for service in services:
            model = service.model
            # As requests name it: in X-Amz-Target, or, in the query protocols, by what they are signed for.
            for name in (model.metadata.get("targetPrefix"), model.signing_name):
                self._services[str(name)] = service, model
        self._requests: list[Document] = []
        self._lock = threading.Lock()

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        request = Request(environ)
        # Read once here, and to be read again by whoever answers.
        environ["wsgi.input"] = BytesIO(request.get_data())
        return self._answering(request)(environ, start_response)

    def _answering(self, request: Request) -> "WSGIApplication":
        if request.path == REQUESTS:
            return Response(json.dumps(self._requests, default=str), content_type="application/json")
        name, action = _asked(request)
        if name not in self._services:
            return self._rest
        service, model = self._services[name]
        method = getattr(service.operations, xform_name(action), None)
        if method is None and service.rest is not None:
            return service.rest
        if method is None or action not in model.operation_names:
            return Response(
                json.dumps({"__type": "UnknownOperationException", "message": f"no {service.name} {action} here"}), 400
            )
        return self._answer(request, service.name, model.operation_model(action), method)

    def _answer(
        self, request: Request, service: str, operation: OperationModel, method: Callable[[Document], Document]
    ) -> "WSGIApplication":
        try:
            parameters = protocol.read(request, operation)
            if wrong := faults_of_request(parameters, operation.input_shape):
                raise RefusedError("ValidationException", f"{operation.name}: {'; '.join(wrong)}")
            with self._lock:
                self._requests.append({"service": service, "operation": operation.name, "parameters": parameters})
                result = method(parameters)
            if wrong := faults_of_answer(result, operation.output_shape):
                raise RefusedError(
                    "InternalFailure", f"{operation.name} answers otherwise than AWS: {'; '.join(wrong)}"
                )
        except RefusedError as error:
            return protocol.answer(request, operation, error)
        except HTTPException as error:
            # moto refuses, in the words of its service.
            return error.get_response(request.environ)
        except ClientError as error:
            # MiniStack refuses.
            details = error.response["Error"]
            return protocol.answer(request, operation, RefusedError(details["Code"], details["Message"]))
        return protocol.answer(request, operation, result)


def _asked(request: Request) -> tuple[str, str]:
    """The service, as the request names it, and the operation."""
    prefix, _, operation = request.headers.get("X-Amz-Target", "").rpartition(".")
    if prefix:
        return prefix, operation
    signed = SIGNED_FOR.search(request.headers.get("Authorization", ""))
    return signed.group(1) if signed else "", request.form.get("Action", "")
