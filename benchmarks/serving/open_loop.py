"""Latency at a constant rate: requests leave when they are due, whether or not earlier ones are answered."""

import gc
import select
import socket
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from abalone.errors import AbaloneError
from benchmarks.serving.cores import client_core, running_on

SILENCE_SECONDS = 10.0
RECEIVE_BYTES = 65536


@dataclass(frozen=True)
class Latency:
    """Times of the answers, each since its request was due, so that a request that had to wait to be sent counts too.

    Attributes:
        p50_seconds: Median.
        p99_seconds: The time that 99 % of the answers took at most.
    """

    p50_seconds: float
    p99_seconds: float

    @property
    def ratio(self) -> float:
        """How much longer the slow answers take than the usual ones."""
        return self.p99_seconds / self.p50_seconds


def measure_latency(
    url: str, content_type: str, bodies: Sequence[bytes], *, rate: float, connections: int, seconds: float
) -> Latency:
    """Post bodies in turn at a constant rate, from the client's core.

    Args:
        url: Where to.
        content_type: Of all bodies.
        bodies: Each is posted again and again.
        rate: Requests a second.
        connections: Kept alive; they take turns.
        seconds: How long requests are sent.

    Raises:
        AbaloneError: An answer is missing, or is no success.
    """
    address = urlsplit(url)
    requests = [_request(address.netloc, address.path, content_type, body) for body in bodies]
    with running_on(client_core()), _no_pauses(), ExitStack() as stack:
        sockets = [
            stack.enter_context(socket.create_connection((address.hostname, address.port))) for _ in range(connections)
        ]
        return latency_of(_send(sockets, requests, rate, round(rate * seconds)))


def latency_of(seconds: NDArray[np.float64]) -> Latency:
    """Summarise the times of the answers, shape (answers,)."""
    p50, p99 = np.percentile(seconds, [50, 99])
    return Latency(float(p50), float(p99))


def _request(host: str, path: str, content_type: str, body: bytes) -> bytes:
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _send(sockets: list[socket.socket], requests: list[bytes], rate: float, count: int) -> NDArray[np.float64]:
    """Return the time of each answer; asks for what has come without ever sleeping, so that no request is sent late."""
    by_number = {each.fileno(): each for each in sockets}
    free, due_at, received = deque(by_number), dict.fromkeys(by_number, 0.0), dict.fromkeys(by_number, b"")
    times, sent, answered = np.empty(count), 0, 0
    with select.epoll() as poll:
        for each in sockets:
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            poll.register(each, select.EPOLLIN)
        start = heard = time.perf_counter()
        while answered < count:
            while sent < count and free and time.perf_counter() >= start + sent / rate:
                number = free.popleft()
                due_at[number] = start + sent / rate
                by_number[number].sendall(requests[sent % len(requests)])
                sent += 1
            for number, _ in poll.poll(0):
                received[number] += by_number[number].recv(RECEIVE_BYTES)
                heard = time.perf_counter()
                if _is_whole(received[number]):
                    times[answered] = heard - due_at[number]
                    answered += 1
                    received[number] = b""
                    free.append(number)
            if time.perf_counter() - heard > SILENCE_SECONDS:
                raise AbaloneError(
                    f"{count - answered} of {count} requests were not answered for {SILENCE_SECONDS:g} s"
                )
    return times


def _is_whole(answer: bytes) -> bool:
    """Tell whether all of an answer has come.

    Raises:
        AbaloneError: It is no success.
    """
    if not answer.startswith(b"HTTP/1.1 200"):
        raise AbaloneError(f"a request was answered with {answer[:200]!r}: a time of failures would say nothing")
    head, end, body = answer.partition(b"\r\n\r\n")
    length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    return bool(end) and len(body) >= int(length)


@contextmanager
def _no_pauses() -> Iterator[None]:
    """Keep the garbage collector from delaying requests."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
