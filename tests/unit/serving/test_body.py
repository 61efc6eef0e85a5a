"""Bodies, read within bounds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from abalone.serving.body import BodyReader, ClientDisconnected
from abalone.serving.faults import RequestError


def sent(*parts: bytes, more: bool = False) -> Callable[[], Awaitable[dict[str, Any]]]:
    """A client that sends these parts; then it says that there is more, and sends no more."""
    left = list(parts)

    async def receive() -> dict[str, Any]:
        if not left:
            await asyncio.sleep(60)
        part = left.pop(0)
        return {"type": "http.request", "body": part, "more_body": more or bool(left)}

    return receive


def left_after(part: bytes) -> Callable[[], Awaitable[dict[str, Any]]]:
    """A client that goes away after some of the body."""
    messages = iter([{"type": "http.request", "body": part, "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> dict[str, Any]:
        return next(messages)

    return receive


def status_of(reader: BodyReader, receive: Callable[[], Awaitable[Any]], declared: int | None = None) -> int:
    with pytest.raises(RequestError) as refused:
        asyncio.run(reader.read(receive, declared))
    return refused.value.status


def test_parts_are_joined() -> None:
    assert asyncio.run(BodyReader(10, 100).read(sent(b"ab", b"", b"cd"), None)) == b"abcd"


@pytest.mark.parametrize(
    ("receive", "declared"),
    [
        (sent(b"x" * 11), None),
        (sent(b"x" * 6, b"x" * 6), None),
        (sent(b"x" * 6, b"x" * 6, more=True), None),
        (sent(), 11),
    ],
)
def test_larger_body_is_refused_as_soon_as_it_is_known(
    receive: Callable[[], Awaitable[Any]], declared: int | None
) -> None:
    assert status_of(BodyReader(10, 100), receive, declared) == 413


def test_more_than_may_wait_is_refused_until_something_is_done() -> None:
    reader = BodyReader(10, 15)
    first = asyncio.run(reader.read(sent(b"x" * 8), None))

    assert status_of(reader, sent(b"x" * 4, b"x" * 4)) == 503
    reader.release(first)
    assert asyncio.run(reader.read(sent(b"x" * 4, b"x" * 4), None)) == b"x" * 8


def test_refused_bodies_do_not_count_as_waiting() -> None:
    reader = BodyReader(10, 15)

    for _ in range(5):
        status_of(reader, sent(b"x" * 6, b"x" * 6))
        with pytest.raises(ClientDisconnected):
            asyncio.run(reader.read(left_after(b"x" * 6), None))

    assert asyncio.run(reader.read(sent(b"x" * 5, b"x" * 5), None)) == b"x" * 10


def test_client_that_goes_away_is_no_fault() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientDisconnected):
        asyncio.run(BodyReader(10, 100).read(receive, None))
