"""Who may call: an API key for all, and a rate for each."""

import base64
import binascii
import hashlib
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable

from abalone.errors import AbaloneError
from abalone.serving.aws import aws_client, aws_faults
from abalone.serving.settings import PREFIX, Settings

_MAX_CLIENTS = 10_000
_ROUNDING_SECONDS = 1e-6  # times that are equal may differ by so much once they were added up


class ApiKey:
    """The key that callers have to send; only its digest is kept.

    Args:
        key: The key.
    """

    def __init__(self, key: str) -> None:
        self._digest = _digest(key.encode())

    def accepts(self, x_api_key: bytes | None, authorization: bytes | None, *, as_password: bool = False) -> bool:
        """Tell whether a caller sends the key, in a time that says nothing of how much of it is right.

        Args:
            x_api_key: Value of the header X-Api-Key, if there is one.
            authorization: Value of the header Authorization, if there is one: `Bearer <key>`.
            as_password: Whether it may be the password of any user, too, as a browser sends it: `Basic <base64>`.
        """
        scheme, _, token = (authorization or b"").partition(b" ")
        sent = [x_api_key] if x_api_key is not None else []
        if scheme.lower() == b"bearer":
            sent.append(token.strip())
        if as_password and scheme.lower() == b"basic":
            sent.append(_password(token))
        return any(hmac.compare_digest(_digest(key), self._digest) for key in sent)


def _password(credentials: bytes) -> bytes:
    """What follows the user's name in credentials of RFC 7617; nothing in what is none."""
    try:
        return base64.b64decode(credentials, validate=True).partition(b":")[2]
    except binascii.Error:
        return b""


def _digest(key: bytes) -> bytes:
    return hashlib.sha256(key).digest()


def load_api_key(settings: Settings) -> ApiKey | None:
    """Return the API key that the settings name.

    Args:
        settings: Those of the service.

    Returns:
        The key; None when the service is open to all.

    Raises:
        AbaloneError: The key is empty, is given in two ways, or cannot be read from SSM.
    """
    parameter = settings.api_key_parameter
    if settings.api_key is not None and parameter:
        raise AbaloneError(
            f"{PREFIX}API_KEY and {PREFIX}API_KEY_PARAMETER are both set: set the one that holds the key in use"
        )
    if settings.api_key is not None:
        key, origin = settings.api_key.get_secret_value(), f"{PREFIX}API_KEY"
    elif parameter:
        key, origin = _read_parameter(parameter), f"the SSM parameter {parameter}"
    else:
        return None
    # a header's value has no spaces around it, and a file that a key is pasted from often ends in a newline
    if not key.strip():
        raise AbaloneError(f"{origin} is empty: put a key there, or unset it to leave the service open to all")
    return ApiKey(key.strip())


def _read_parameter(name: str) -> str:
    with aws_faults(AbaloneError, f"reading the API key from the SSM parameter {name}"):
        answer = aws_client("ssm").get_parameter(Name=name, WithDecryption=True)
    return str(answer["Parameter"]["Value"])


class RateLimiter:
    """Token buckets, one for each client, in this process; for one thread.

    A bucket is kept as the time at which it will be full again (the virtual scheduling form of the generic cell rate
    algorithm, ITU-T I.371), one number a client. The clients that were not seen for longest are forgotten.

    Args:
        rate: Requests a second that a client may send, above 0.
        burst: Requests that it may send at once.
        clock: Seconds that only ever grow.
        max_clients: How many are remembered.
    """

    def __init__(
        self,
        rate: float,
        burst: int,
        clock: Callable[[], float] = time.monotonic,
        max_clients: int = _MAX_CLIENTS,
    ) -> None:
        self._interval = 1 / rate
        self._tolerance = (burst - 1) / rate
        self._clock = clock
        self._max_clients = max_clients
        self._full_at: OrderedDict[str, float] = OrderedDict()

    def retry_after(self, client: str) -> float:
        """Take a token of a client.

        Args:
            client: Names the client.

        Returns:
            0.0 when the request is allowed; otherwise in how many seconds the next one will be.
        """
        now = self._clock()
        full_at = self._full_at.get(client)
        if full_at is None:
            if len(self._full_at) >= self._max_clients:
                self._full_at.popitem(last=False)
            full_at = now
        else:
            self._full_at.move_to_end(client)
            full_at = max(full_at, now)
        wait = full_at - now - self._tolerance
        if wait > _ROUNDING_SECONDS:
            return wait
        self._full_at[client] = full_at + self._interval
        return 0.0
