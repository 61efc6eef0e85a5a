"""Reading the body of a request, within bounds of size; the protocol bounds the time."""

from collections.abc import Awaitable, Callable
from typing import Any

from abalone.serving.faults import RequestError


class BodyReader:
    """Reads bodies, and bounds what all of them together hold in memory.

    Args:
        max_bytes: Larger bodies are refused (413).
        max_pending_bytes: When the bodies of all requests at work are larger than this, more are refused (503).
    """

    def __init__(self, max_bytes: int, max_pending_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._max_pending_bytes = max_pending_bytes
        self._pending = 0

    async def read(self, receive: Callable[[], Awaitable[Any]], declared_bytes: int | None) -> bytes:
        """Read a body; its bytes count as pending until `release`.

        Args:
            receive: Of ASGI.
            declared_bytes: The Content-Length, if there is one.

        Raises:
            RequestError: It is too large, or there are too many.
            ClientDisconnected: The client has gone.
        """
        if declared_bytes is not None and declared_bytes > self._max_bytes:
            raise self._too_large()
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnected
        body: bytes = message.get("body", b"")
        if message.get("more_body", False):
            return await self._read_on(receive, body)
        if len(body) > self._max_bytes:
            raise self._too_large()
        self._pending += len(body)
        return body

    def release(self, body: bytes) -> None:
        """Say that a body is done with."""
        self._pending -= len(body)

    async def _read_on(self, receive: Callable[[], Awaitable[Any]], first: bytes) -> bytes:
        body = bytearray()
        try:
            self._add(body, first)
            more = True
            while more:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientDisconnected
                self._add(body, message.get("body", b""))
                more = message.get("more_body", False)
        except BaseException:
            self._pending -= len(body)
            raise
        return bytes(body)

    def _add(self, body: bytearray, part: bytes) -> None:
        body += part
        self._pending += len(part)
        if len(body) > self._max_bytes:
            raise self._too_large()
        if self._pending > self._max_pending_bytes:
            raise RequestError(
                503, "too_busy", "too much is waiting to be predicted: try again", headers=((b"retry-after", b"1"),)
            )

    def _too_large(self) -> RequestError:
        return RequestError(
            413, "body_too_large", f"the body is larger than {self._max_bytes:,} bytes: send the rows in parts"
        )


class ClientDisconnected(Exception):  # noqa: N818 - no error: nobody is left to tell
    """The client has gone; there is nobody to answer."""
