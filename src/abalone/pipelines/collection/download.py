"""Fetches a file over HTTP(S) or from S3, whole and unchanged, or not at all."""

import hashlib
import logging
import re
import tempfile
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import fsspec
from fsspec.callbacks import Callback

from abalone.errors import AbaloneError

logger = logging.getLogger(__name__)

_PROGRESS_BYTES = 8_000_000
_DIGEST = re.compile(r"[0-9a-f]{64}")
_HTTP = ("http", "https")


def fetch(url: str, sha256: str, timeout_seconds: float) -> bytes:
    """Fetch a file and verify it.

    Args:
        url: Address with the protocol http, https or s3.
        sha256: Hexadecimal SHA-256 digest that the file must have.
        timeout_seconds: Longest time for the whole transfer.

    Returns:
        The bytes of the file.

    Raises:
        AbaloneError: The file cannot be had, or is not the expected one. The message shows the address
            without credentials and query.
    """
    shown = _without_secrets(url)
    expected = str(sha256).lower()
    if not _DIGEST.fullmatch(expected):
        raise AbaloneError(
            f"Cannot verify {shown}: collection.sha256 is not a SHA-256 digest of 64 hexadecimal digits; "
            "set it to the digest that the publisher gives, or that `sha256sum` prints for a copy you trust."
        )
    filesystem = _filesystem(url, timeout_seconds)
    with tempfile.TemporaryDirectory() as scratch:
        copy = Path(scratch) / "fetched"
        try:
            # The timeout here ends the wait whatever the protocol does; that of the session ends the transfer.
            filesystem.get_file(url, str(copy), callback=_Progress(shown), timeout=timeout_seconds + 1)
        except _transfer_errors() as error:
            # The error's own text, and its traceback, may hold the secrets of the address.
            raise AbaloneError(f"Cannot fetch {shown}: {_explain(error, timeout_seconds)}") from None
        content = copy.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise AbaloneError(
            f"{shown} is not the expected file: its {len(content):,} bytes have the SHA-256 {found}, not {expected}; "
            "if the publisher changed it, review the new file and update collection.sha256."
        )
    logger.info("fetched %s: %s bytes, SHA-256 verified", shown, f"{len(content):,}")
    return content


class _Progress(Callback):
    """Logs how much has arrived, every few megabytes."""

    def __init__(self, shown: str) -> None:
        super().__init__()
        self._shown = shown
        self._due = _PROGRESS_BYTES

    def call(self, hook_name: str | None = None, **kwargs: object) -> None:  # noqa: ARG002 (fsspec's interface)
        if self.value >= self._due:
            of_size = f" of {self.size / 1e6:.0f}" if self.size else ""
            logger.info("fetching %s: %.0f%s MB", self._shown, self.value / 1e6, of_size)
            self._due = self.value + _PROGRESS_BYTES


def _filesystem(url: str, timeout_seconds: float) -> fsspec.AbstractFileSystem:
    protocol = urlsplit(url).scheme
    options: dict[str, Any]
    if protocol in _HTTP:
        timeout = aiohttp.ClientTimeout(total=timeout_seconds)
        options = {"client_kwargs": {"timeout": timeout, "trust_env": True}}
    elif protocol == "s3":
        options = {"config_kwargs": {"connect_timeout": timeout_seconds, "read_timeout": timeout_seconds}}
    else:
        raise AbaloneError(
            f"Cannot fetch {_without_secrets(url)}: its protocol is not http, https or s3; "
            "mend collection.url, or put the file into the landing zone yourself."
        )
    try:
        return fsspec.filesystem(protocol, skip_instance_cache=True, **options)
    except ImportError as error:
        raise AbaloneError(f"Cannot fetch {_without_secrets(url)}: install the aws extra ({error}).") from error


def _transfer_errors() -> tuple[type[Exception], ...]:
    """List what a transfer can raise; botocore's errors only where it is installed."""
    errors: tuple[type[Exception], ...] = (OSError, aiohttp.ClientError, ValueError)
    if find_spec("botocore") is None:
        return errors
    return (*errors, import_module("botocore.exceptions").BotoCoreError)


def _explain(error: Exception, timeout_seconds: float) -> str:
    if isinstance(error, aiohttp.ClientResponseError):
        return f"the server answered {error.status} {error.message}; check collection.url, or try again later."
    explanations = (
        (
            TimeoutError,
            f"it took longer than {timeout_seconds:g} seconds; try again, or raise collection.timeout_seconds.",
        ),
        (FileNotFoundError, "there is no such file (404); check collection.url."),
        (PermissionError, "access is denied; check the credentials and the permissions of the source."),
        (
            (aiohttp.ClientPayloadError, aiohttp.ServerDisconnectedError),
            "the connection was cut before the end of the file; try again.",
        ),
        (
            aiohttp.ClientConnectionError,
            "cannot connect to the server; check the network and the host name in collection.url.",
        ),
    )
    otherwise = f"{type(error).__name__}; check collection.url, the network and the credentials."
    return next((text for kinds, text in explanations if isinstance(error, kinds)), otherwise)


def _without_secrets(url: str) -> str:
    """Shorten an address to what may be shown: no user, password, query or fragment."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="", fragment="").geturl()
