"""What a check has found."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How it is with a thing; a warning does not stop a delivery."""

    OK = "ok"
    WARNING = "warning"
    MISSING = "missing"


@dataclass(frozen=True)
class Finding:
    """How it is with one thing, and what to do about it."""

    subject: str
    status: Status
    found: str
    remedy: str = ""
