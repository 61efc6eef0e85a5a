"""HTTP for clients that are slow, broken or hostile: uvicorn's protocol, with bounds on time and size."""

import asyncio
import logging
from typing import Any

import httptools
import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from abalone.serving.asgi import SECURITY_HEADERS, request_id
from abalone.serving.faults import RequestError
from abalone.serving.messages import FaultAnswer

logger = logging.getLogger(__name__)

MAX_HEADER_BYTES = 64 * 1024
"""Of the headers of a request, and of what stands between and after the chunks of a body."""

LINGER_SECONDS = 0.5
"""How long an idle connection stays open when the server stops: a request may be on its way."""

_LAST_LOOK_SECONDS = 0.05

DISCARD_SECONDS = 5.0
"""How long a client that was refused may go on sending, before the connection is closed."""

_UPGRADE = b"upgrade"


def _malformed() -> RequestError:
    return RequestError(400, "malformed_request", "this is not HTTP: see RFC 9112")


def _headers_too_large() -> RequestError:
    return RequestError(431, "headers_too_large", f"the headers are larger than {MAX_HEADER_BYTES:,} bytes")


class _Deaf:
    """Stands in for the parser when nothing is to be read any more."""

    def feed_data(self, data: bytes) -> None:
        """Forget the data."""


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose request does not come in, or whose answer is not taken, in `request_seconds`.

    A client that has closed its half of the connection still gets the answer to what it asked; one whose connection is
    idle when the server stops still gets the answer to a request that was on its way.
    """

    request_seconds = 30.0

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._request_timer: asyncio.TimerHandle | None = None
        self._answer_timer: asyncio.TimerHandle | None = None
        self._header_bytes = 0
        self._reading = self._reading_headers = False
        self._declines_upgrade = False
        self._draining = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as in uvicorn
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._await_request()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the timers."""
        self._stop(self._request_timer)
        self._stop(self._answer_timer)
        super().connection_lost(exc)

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn returns None always
        """Keep the connection for the answer, if a request has come in whole."""
        cycle = self.cycle
        if cycle is None or cycle.response_complete or cycle.more_body:
            return False
        cycle.keep_alive = False
        return True

    def data_received(self, data: bytes) -> None:
        """Read on, unless this is not HTTP, or too large."""
        self._unset_keepalive_if_required()
        self._header_bytes += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            if self._declines_upgrade:
                self._read_without_upgrade(data[upgrade.args[0] :])
        except httptools.HttpParserError as error:
            self._refuse(error.__context__ if isinstance(error.__context__, RequestError) else _malformed())
        else:
            if self._reading:
                if self._header_bytes > MAX_HEADER_BYTES:
                    self._refuse(_headers_too_large())
                elif self._request_timer is None:
                    self._await_request()
            elif self._request_timer is None and self._is_idle():  # what came were empty lines
                self._await_request()

    def on_message_begin(self) -> None:
        """A request begins."""
        self._reading = self._reading_headers = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        if self._header_bytes > MAX_HEADER_BYTES and self._size_of_headers() > MAX_HEADER_BYTES:
            raise _headers_too_large()
        is_tunnel = self.parser.get_method() == b"CONNECT"
        if self.parser.should_upgrade() and not is_tunnel:
            self._declines_upgrade = True
            return
        super().on_headers_complete()
        self._reading_headers = False
        if self._draining or is_tunnel:
            self.cycle.keep_alive = False

    def on_body(self, body: bytes) -> None:
        """Some of the body is there."""
        self._header_bytes = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """The request is there."""
        if self._declines_upgrade:
            return
        self._reading = False
        self._header_bytes = 0
        if self._request_timer is not None:
            self._request_timer.cancel()
            self._request_timer = None
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Go on with the next request, or see to it that the client takes the last answer."""
        if self.transport.is_closing():
            self._await_taking()
        super().on_response_complete()

    def pause_writing(self) -> None:
        """Begin to wait for the client to take its answer."""
        super().pause_writing()
        self._await_taking()

    def resume_writing(self) -> None:
        """The client goes on taking its answer."""
        self._stop(self._answer_timer)
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that is not used."""
        self._close()

    def shutdown(self) -> None:
        """Answer what has come in, and what is on its way; then close."""
        self._draining = True
        if self._is_idle():
            self.loop.call_later(LINGER_SECONDS, self._close_if_unused)
        else:
            super().shutdown()

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _size_of_headers(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)

    def _read_without_upgrade(self, rest: bytes) -> None:
        # For the parser, what comes after the headers is of another protocol. It is a body, since the upgrade that a
        # client offers may be passed over (RFC 9110, 7.8); Java's HttpClient offers one with its first request.
        self._declines_upgrade = False
        lines = [b"%s %s HTTP/1.1" % (self.parser.get_method(), self.url)]
        lines += [b"%s: %s" % (name, value) for name, value in self.headers if name != _UPGRADE]
        self.parser = httptools.HttpRequestParser(self)
        self._header_bytes = 0
        self.data_received(b"\r\n".join([*lines, b"", rest]))

    def _await_request(self) -> None:
        self._request_timer = self.loop.call_later(self.request_seconds, self._request_is_late)

    def _await_taking(self) -> None:
        self._stop(self._answer_timer)
        self._answer_timer = self.loop.call_later(self.request_seconds, self.transport.abort)

    def _request_is_late(self) -> None:
        self._request_timer = None
        if self._reading:
            message = f"the request did not come within {self.request_seconds:g} seconds: send it again"
            self._refuse(RequestError(408, "request_too_slow", message))
        else:
            self._close()

    def _close_if_unused(self) -> None:
        if self._is_idle() and not self._reading:
            # What has come in by now may be read only after this timer.
            self.loop.call_later(_LAST_LOOK_SECONDS, self._close_if_still_unused)

    def _close_if_still_unused(self) -> None:
        if self._is_idle() and not self._reading:
            self._close()

    def _close(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()
            self._await_taking()

    def _refuse(self, error: RequestError) -> None:
        """Answer the request that is being read, where it is its turn, and close the connection."""
        if self.transport.is_closing():
            return
        is_read_by_app = self._reading and not self._reading_headers
        if not is_read_by_app and not self._is_idle():
            self.cycle.keep_alive = False  # what came before is answered first
        elif self.pipeline or (is_read_by_app and self.cycle.response_started):
            self._close()
        else:
            if is_read_by_app:
                self.cycle.disconnected = True
                self.cycle.message_event.set()
            self._write(error)
            # Closed at once, with more to be read, the system would take the answer away from the client.
            self.transport.write_eof()
            self.parser = _Deaf()  # type: ignore[assignment]  # it has what is called of one
            self._reading = False
            self.loop.call_later(DISCARD_SECONDS, self._close)

    def _write(self, error: RequestError) -> None:
        name = request_id({})
        body = msgspec.json.encode(FaultAnswer(error.fault, name))
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            (b"connection", b"close"),
            (b"x-request-id", name.encode()),
            *SECURITY_HEADERS,
        ]
        lines = [b"%s: %s\r\n" % header for header in headers]
        self.transport.write(b"".join([STATUS_LINE[error.status], *lines, b"\r\n", body]))
        logger.info("refused: %s", error, extra={"request_id": name, "status": error.status})

    @staticmethod
    def _stop(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()
