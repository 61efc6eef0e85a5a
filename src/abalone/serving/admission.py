"""Who is answered: those who send the API key, where there is one, and not too often."""

import math
from collections.abc import Mapping

from abalone.serving.access import RateLimiter, load_api_key
from abalone.serving.asgi import Scope
from abalone.serving.faults import RequestError
from abalone.serving.settings import Settings

_HEALTH = "/ping"
"""Asked again and again by whoever decides whether the service lives, so without conditions."""

_OPEN = frozenset({"/", "/docs", "/openapi.json"})
STATIC = "/static/"
"""Where the files of the page are."""

MONITOR = "/monitor"
"""Where people see the report of monitoring."""


class Admission:
    """Lets requests in, or refuses them.

    The files of the page and /ping are open to all, the page and the documentation to all who do not ask too often; the
    rest needs the API key, if there is one. For the report of monitoring a browser may send it as a password.

    Args:
        settings: Those of the service.

    Raises:
        AbaloneError: The API key cannot be read.
    """

    def __init__(self, settings: Settings) -> None:
        self._api_key = load_api_key(settings)
        # Each worker has a limiter of its own, and about its share of the requests.
        rate, burst = settings.rate_limit / settings.workers, settings.rate_limit_burst // settings.workers
        self._limiter = RateLimiter(rate, max(1, burst)) if rate else None

    def admit(self, scope: Scope, headers: Mapping[bytes, bytes]) -> None:
        """Let a request in.

        Args:
            scope: Of ASGI.
            headers: Of the request, by name in lower case.

        Raises:
            RequestError: It comes too soon (429), or lacks the API key (401).
        """
        if scope["path"] == _HEALTH or scope["path"].startswith(STATIC):
            return
        if self._limiter is not None and scope["client"] is not None:
            wait = self._limiter.retry_after(scope["client"][0])
            if wait > 0:
                retry_after = (b"retry-after", b"%d" % math.ceil(wait))
                raise RequestError(429, "too_many_requests", "too many requests: go on later", headers=(retry_after,))
        if self._api_key is None or scope["path"] in _OPEN:
            return
        # A browser that goes to a page by itself can ask for a key, and send it, in this way alone.
        is_page = scope["path"] == MONITOR
        if not self._api_key.accepts(headers.get(b"x-api-key"), headers.get(b"authorization"), as_password=is_page):
            challenge = (b"www-authenticate", b'Basic realm="abalone"' if is_page else b"Bearer")
            message = "send the API key as X-Api-Key, or as Authorization: Bearer"
            raise RequestError(401, "unauthorized", message, headers=(challenge,))
