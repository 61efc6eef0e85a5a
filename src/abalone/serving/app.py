"""The ASGI application: admits requests, answers them by the lean route or by the framework, counts and logs them."""

import asyncio
import logging
import signal
import threading
import time
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager
from typing import Any

from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware

from abalone.serving import metrics
from abalone.serving.admission import MONITOR, STATIC, Admission
from abalone.serving.asgi import (
    Application,
    Headers,
    Receive,
    Scope,
    Send,
    request_id,
    send_fault,
    single_headers,
)
from abalone.serving.body import BodyReader, ClientDisconnected
from abalone.serving.capture import open_capture
from abalone.serving.embedded_metrics import logging_metrics
from abalone.serving.faults import RequestError
from abalone.serving.invocations import Invocations
from abalone.serving.metrics import INVOCATIONS
from abalone.serving.model_store import ModelStore, model_source
from abalone.serving.monitoring_report import LatestReport
from abalone.serving.prediction import ServedModel, served_model
from abalone.serving.routes import framework_app, routes
from abalone.serving.settings import Settings
from abalone.serving.terminal import has_terminal

logger = logging.getLogger(__name__)

ROUTES = frozenset({INVOCATIONS, "/ping", "/model", "/metrics", "/feedback", MONITOR, "/", "/docs", "/openapi.json"})

MAX_FRAMEWORK_BYTES = 64 * 1024
"""What the other routes read fits in far less."""

_SINGLE = frozenset({b"content-type", b"content-length", b"content-encoding", b"x-api-key", b"authorization"})
_PENDING_BODIES = 8
_CAPTURE_CLOSE_SECONDS = 5.0
_COUNT_SECONDS = 1.0
_FAULT = 500
_CLIENT_CLOSED = 499
"""What is counted when there is nobody to answer, as nginx does."""

_PAGE_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_DOCS_POLICY = _PAGE_POLICY.replace(b"style-src 'self'", b"style-src 'self' 'unsafe-inline'")  # what Swagger UI needs
_MONITOR_POLICY = (
    b"default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_POLICIES = {"/docs": _DOCS_POLICY, MONITOR: _MONITOR_POLICY}
_BROWSER_HEADERS: Headers = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
]


class Service:
    """The ASGI application.

    Args:
        settings: Its settings.

    Raises:
        AbaloneError: There is no model, or it cannot be served; or the API key cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self._admission = Admission(settings)
        self._store = ModelStore(model_source(settings.model), served_model, metrics.count_reload)
        self._capture = open_capture(settings)
        self._settings = settings
        # Where SageMaker's runtime has it, so that its clients work with this service as it is.
        self._runtime_path = f"/endpoints/{settings.endpoint_name}/invocations"
        self._invocation_paths = {INVOCATIONS, self._runtime_path}
        max_bytes = settings.max_request_bytes
        bodies = BodyReader(max_bytes, _PENDING_BODIES * max_bytes)
        self._invocations = Invocations(self._current_model, bodies, self._capture, settings.invalid_rows)
        self._framework: Application = framework_app(
            routes(self._current_model, self._capture, LatestReport(settings.monitoring)),
            lifespan=lambda _: self._lifespan(),
        )

    def _current_model(self) -> ServedModel:
        return self._store.current

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or take part in the lifespan."""
        if scope["type"] != "http":
            await self._framework(scope, receive, send)
            return
        started = time.perf_counter()
        headers: dict[bytes, bytes] = dict(scope["headers"])
        name = request_id(headers)
        status = _CLIENT_CLOSED
        try:
            if len(headers) != len(scope["headers"]):
                headers = single_headers(scope["headers"], _SINGLE)
            self._admission.admit(scope, headers)
            if scope["path"] not in self._invocation_paths:
                scope["request_id"] = name
                status = await self._answer_by_framework(scope, receive, send, name)
            elif scope["method"] == "POST":
                await self._invocations(scope, receive, send, headers, name)
                status = 200
            else:
                raise RequestError(405, "method_not_allowed", "send it by POST", headers=((b"allow", b"POST"),))
        except RequestError as error:
            status = error.status
            await send_fault(send, error, name, for_runtime=scope["path"] == self._runtime_path)
        except ClientDisconnected:
            pass
        except Exception:
            status = _FAULT
            logger.exception("a fault of the service", extra={"request_id": name})
            await send_fault(send, RequestError(_FAULT, "internal_error", "a fault of the service: see its log"), name)
        finally:
            self._account(scope, name, status, time.perf_counter() - started)

    async def _answer_by_framework(self, scope: Scope, receive: Receive, send: Send, name: str) -> int:
        status, read_bytes = _FAULT, 0
        # What the page is made of may be kept, and is asked for again by its tag.
        caching = b"no-cache" if scope["path"].startswith(STATIC) else b"no-store"
        added = [
            (b"x-request-id", name.encode()),
            (b"content-security-policy", _POLICIES.get(scope["path"], _PAGE_POLICY)),
            (b"cache-control", caching),
            *_BROWSER_HEADERS,
        ]

        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", []), *added]
            # The framework answers a fault in its own way, and raises it again: it is answered as any other refusal.
            if status != _FAULT:
                await send(message)

        async def receive_bounded() -> MutableMapping[str, Any]:
            nonlocal read_bytes
            message = await receive()
            read_bytes += len(message.get("body", b""))
            if read_bytes > MAX_FRAMEWORK_BYTES:
                # FastAPI lets this exception through, and no other.
                raise HTTPException(413, f"the body is larger than {MAX_FRAMEWORK_BYTES:,} bytes")
            return message

        await self._framework(scope, receive_bounded, send_with_headers)
        return status

    def _account(self, scope: Scope, name: str, status: int, seconds: float) -> None:
        path = scope["path"]
        route = path if path in ROUTES else INVOCATIONS if path in self._invocation_paths else "other"
        metrics.count_request(route, status, seconds)
        level = logging.DEBUG if status < 400 else logging.INFO  # noqa: PLR2004
        if logger.isEnabledFor(level):
            logger.log(
                level,
                "%s %s %d",
                scope["method"],
                path[:200],
                status,
                extra={"request_id": name, "status": status, "seconds": round(seconds, 6)},
            )

    @asynccontextmanager
    async def _lifespan(self) -> AsyncIterator[None]:
        if threading.current_thread() is threading.main_thread() and not has_terminal():
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self._store.request_reload)
        self._store.watch(self._settings.reload_seconds)
        counting = asyncio.create_task(self._count_captures())
        try:
            async with logging_metrics(self._settings.metrics_environment, self._settings.metrics_seconds):
                yield
        finally:
            counting.cancel()
            self._store.close()
            await asyncio.to_thread(self._invocations.close)
            if self._capture is not None:
                await asyncio.to_thread(self._capture.close, _CAPTURE_CLOSE_SECONDS)

    async def _count_captures(self) -> None:
        if self._capture is None:
            return
        counts = metrics.CaptureCounts(self._capture)
        while True:
            await asyncio.sleep(_COUNT_SECONDS)
            counts.update()


def create_app(settings: Settings) -> Application:
    """Make the application.

    Args:
        settings: Its settings.

    Raises:
        AbaloneError: There is no model, or it cannot be served; or the API key cannot be read.
    """
    service = Service(settings)
    if not settings.cors_origins:
        return service
    return CORSMiddleware(
        service,
        allow_origins=settings.cors_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "X-Api-Key", "Authorization", "X-Request-Id"],
        expose_headers=["X-Request-Id", "X-Model-Version"],
    )
