"""Formats of requests and answers."""

from abalone.serving.formats.batch import Batch
from abalone.serving.formats.negotiation import (
    Format,
    WrittenFormat,
    format_of_answer,
    format_of_request,
    read,
    read_sound,
    write,
)

__all__ = ["Batch", "Format", "WrittenFormat", "format_of_answer", "format_of_request", "read", "read_sound", "write"]
