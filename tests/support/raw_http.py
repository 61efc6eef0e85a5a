"""HTTP over a bare socket, for what no client library would send."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

SECONDS = 30
"""A service that takes longer than this to say anything hangs."""


@dataclass(frozen=True)
class RawAnswer:
    """What a server sent.

    Attributes:
        status: The status code.
        headers: By name in lower case.
        body: The body, whole.
    """

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class RawConnection:
    """A connection on which anything can be sent.

    Args:
        port: On 127.0.0.1.
        receive_buffer: Of the socket, in bytes; None: what the system gives.
    """

    def __init__(self, port: int, receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(SECONDS)
        self.socket.connect(("127.0.0.1", port))
        self._incoming = self.socket.makefile("rb")

    def send(self, *parts: bytes) -> None:
        for part in parts:
            self.socket.sendall(part)

    def answer(self) -> RawAnswer:
        """Read the next answer, whole.

        Raises:
            EOFError: The server has closed the connection instead.
        """
        line = self._incoming.readline()
        if not line:
            raise EOFError
        version, status, _ = line.split(b" ", 2)
        assert version == b"HTTP/1.1", line
        headers: dict[str, str] = {}
        while line := self._incoming.readline().strip():
            name, _, value = line.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if "content-length" in headers:
            body = self._incoming.read(int(headers["content-length"]))
            assert len(body) == int(headers["content-length"])
        elif headers.get("transfer-encoding") == "chunked":
            body = b"".join(self._chunks())
        else:
            body = b""
        return RawAnswer(int(status), headers, body)

    def is_closed(self) -> bool:
        """Wait until the server says something more, or nothing ever."""
        try:
            return self._incoming.read(1) == b""
        except ConnectionResetError:
            return True

    def close(self) -> None:
        self._incoming.close()
        self.socket.close()

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self._incoming.readline(), 16):
            yield self._incoming.read(size)
            self._incoming.readline()
        self._incoming.readline()


@contextmanager
def raw_connection(port: int, receive_buffer: int | None = None) -> Iterator[RawConnection]:
    connection = RawConnection(port, receive_buffer)
    try:
        yield connection
    finally:
        connection.close()


def post(
    body: bytes, *headers: bytes, path: bytes = b"/invocations", content_type: bytes = b"application/json"
) -> bytes:
    """Return a whole and proper request."""
    lines = [
        b"POST %s HTTP/1.1" % path,
        b"Host: localhost",
        b"Content-Type: " + content_type,
        b"Content-Length: %d" % len(body),
        *headers,
    ]
    return b"\r\n".join([*lines, b"", body])
