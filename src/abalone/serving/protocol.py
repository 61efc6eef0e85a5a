"""HTTP for clients that are slow, broken or hostile: uvicorn's protocol, with bounds on time and size."""

import asyncio
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from abalone.serving.faults import RequestError
from abalone.serving.messages import FaultAnswer

MAX_HEADER_BYTES = 64 * 1024

LINGER_SECONDS = 0.5
"""How long an idle connection stays open when the server stops: a request may be on its way."""


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
        """Read on, unless the headers have become too large."""
        super().data_received(data)
        if self._reading:
            if self._request_timer is None:
                self._await_request()
            if self._reading_headers:
                self._header_bytes += len(data)
                if self._header_bytes > MAX_HEADER_BYTES and not self.transport.is_closing():
                    self._refuse(431, "headers_too_large", f"the headers are larger than {MAX_HEADER_BYTES:,} bytes")

    def on_message_begin(self) -> None:
        """A request begins."""
        self._reading = self._reading_headers = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        """Begin to answer."""
        self._reading_headers = False
        self._header_bytes = 0
        super().on_headers_complete()
        if self._draining and self.cycle is not None:
            self.cycle.keep_alive = False

    def on_message_complete(self) -> None:
        """The request is there."""
        self._reading = False
        if self._request_timer is not None:
            self._request_timer.cancel()
            self._request_timer = None
        super().on_message_complete()

    def pause_writing(self) -> None:
        """Begin to wait for the client to take its answer."""
        super().pause_writing()
        self._answer_timer = self.loop.call_later(self.request_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        """The client goes on taking its answer."""
        self._stop(self._answer_timer)
        super().resume_writing()

    def shutdown(self) -> None:
        """Answer what has come in, and what is on its way; then close."""
        if self.cycle is None or self.cycle.response_complete:
            self._draining = True
            self.loop.call_later(LINGER_SECONDS, self._close_if_idle)
        else:
            super().shutdown()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is not HTTP."""
        self._refuse(400, "malformed_request", msg)

    def _await_request(self) -> None:
        self._request_timer = self.loop.call_later(self.request_seconds, self._request_is_late)

    def _request_is_late(self) -> None:
        self._request_timer = None
        if self.transport.is_closing():
            return
        if self._reading_headers:
            self._refuse(408, "request_too_slow", f"no request came within {self.request_seconds:g} seconds")
        else:
            self.transport.close()

    def _close_if_idle(self) -> None:
        if (self.cycle is None or self.cycle.response_complete) and not self.transport.is_closing():
            self.transport.close()

    def _refuse(self, status: int, code: str, message: str) -> None:
        body = msgspec.json.encode(FaultAnswer(RequestError(status, code, message).fault, ""))
        head = b"content-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n" % len(body)
        self.transport.write(STATUS_LINE[status] + head + body)
        self.transport.close()

    @staticmethod
    def _stop(timer: asyncio.TimerHandle | None) -> None:
        if timer is not None:
            timer.cancel()
