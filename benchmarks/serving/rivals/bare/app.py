"""A constant answer, of the length of a prediction: what the server costs by itself."""

from collections.abc import Awaitable, Callable

Message = dict[str, object]

BODY = (
    b'{"inference_id":"0123456789abcdef0123456789abcdef","model_version":"2026-01-01T00.00.00.000Z","predictions":'
    b'[{"rings":9.213456,"lower_rings":6.412345,"upper_rings":13.01234,"age_years":10.713456,"warnings":[]}]}'
)
START: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(BODY)).encode())],
}
END: Message = {"type": "http.response.body", "body": BODY}


async def app(
    scope: Message, receive: Callable[[], Awaitable[Message]], send: Callable[[Message], Awaitable[None]]
) -> None:
    """Answer every request in the same way; below `/read`, after its body has come."""
    if scope["type"] != "http":
        return
    if scope["path"] == "/read":
        await receive()
    await send(START)
    await send(END)
