"""The few words of ASGI that the service uses itself, beside the framework."""

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, TypeAlias

import msgspec

from abalone.serving.faults import RequestError
from abalone.serving.messages import FaultAnswer

Scope: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send: TypeAlias = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application: TypeAlias = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers: TypeAlias = list[tuple[bytes, bytes]]

_JSON = (b"content-type", b"application/json")
REQUEST_ID = "[A-Za-z0-9_.:/+=-]{1,64}"
"""What a request may be named, as a regular expression."""

_ID = re.compile(REQUEST_ID.encode())

SECURITY_HEADERS: Headers = [(b"x-content-type-options", b"nosniff"), (b"cache-control", b"no-store")]
"""Of every answer; what a browser shows has more of them."""


def request_id(headers: MutableMapping[bytes, bytes]) -> str:
    """Return the name of a request: the one that its caller or SageMaker gave, or a new one.

    Args:
        headers: By name in lower case.
    """
    given = headers.get(b"x-amzn-sagemaker-inference-id") or headers.get(b"x-request-id")
    if given is not None and _ID.fullmatch(given):
        return given.decode("ascii")
    return secrets.token_hex(16)


def single_headers(headers: Iterable[tuple[bytes, bytes]], single: frozenset[bytes]) -> dict[bytes, bytes]:
    """Return headers by name; of those that are given more than once, the values joined by commas.

    Args:
        headers: Names in lower case, and values.
        single: Names that may stand once at most.

    Raises:
        RequestError: One of those stands there twice.
    """
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in found:
            if name in single:
                shown = name.decode("latin-1")
                raise RequestError(400, "repeated_header", f"the header {shown} is given more than once: send one")
            value = found[name] + b", " + value  # noqa: PLW2901
        found[name] = value
    return found


async def send_answer(send: Send, status: int, headers: Headers, body: bytes) -> None:
    """Send an answer, whole."""
    headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def send_fault(send: Send, error: RequestError, request_id: str, *, for_runtime: bool = False) -> None:
    """Send what is wrong with a request.

    Args:
        send: Of ASGI.
        error: What is wrong.
        request_id: The name of the request.
        for_runtime: Whether to say it where the clients of SageMaker's runtime look for it, too.
    """
    body = msgspec.json.encode(FaultAnswer(error.fault, request_id, error.fault.message if for_runtime else ""))
    headers = [_JSON, (b"x-request-id", request_id.encode()), *SECURITY_HEADERS, *error.headers]
    await send_answer(send, error.status, headers, body)
