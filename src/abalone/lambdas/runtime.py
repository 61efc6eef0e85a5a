"""What Lambda gives a function, and what a function tells its log."""

import functools
import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Protocol

import boto3

from abalone.lambdas.errors import EventError, SettingError


class Context(Protocol):
    """The part of Lambda's context object that the functions use."""

    aws_request_id: str


class _JSONLines(logging.Formatter):
    """One JSON object a line, with the names by which Lambda filters levels."""

    def format(self, record: logging.LogRecord) -> str:
        entry: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            entry["exception"] = self.formatException(record.exc_info)
        return json.dumps(entry, default=str)


def get_logger(name: str) -> logging.Logger:
    """Return a logger that writes JSON lines to standard error, `extra={"fields": {...}}` among them.

    Args:
        name: Of the module.
    """
    logger = logging.getLogger(name)
    if not logger.handlers:
        handler = logging.StreamHandler()
        handler.setFormatter(_JSONLines())
        logger.addHandler(handler)
        logger.setLevel(logging.INFO)
        # Lambda's own handler would write each line a second time
        logger.propagate = False
    return logger


@functools.cache
def client(service: str) -> Any:
    """Return boto3's client of a service; it is made once, and the next invocations use it again.

    Args:
        service: As boto3 names it.
    """
    return boto3.client(service)


def setting(name: str, default: str | None = None) -> str:
    """Return a variable of the function's environment.

    Args:
        name: Of the variable.
        default: Its value where it is not set; None: it must be.

    Raises:
        SettingError: It is not set, or empty.
    """
    value = os.environ.get(name, default)
    if not value:
        raise SettingError(f"The variable {name} of the function is not set: apply the Terraform module lambda.")
    return value


def count_setting(name: str, default: int) -> int:
    """Return a variable of the function's environment that says how many.

    Raises:
        SettingError: It is no whole number above zero.
    """
    value = setting(name, str(default))
    if not value.isascii() or not value.isdigit() or int(value) == 0:
        raise SettingError(f"The variable {name} of the function is {value!r}: set it to a whole number above 0.")
    return int(value)


def required(event: Mapping[str, Any], name: str) -> str:
    """Return a text that an event must have.

    Raises:
        EventError: It is missing, empty, or no text.
    """
    value = event.get(name)
    if not isinstance(value, str) or not value:
        raise EventError(f"The event has no text {name!r}: {json.dumps(event, default=str)[:500]}")
    return value
