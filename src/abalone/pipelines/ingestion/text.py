"""Foreign bytes and values, made safe to print in a reason or a report."""

import re

_EXCERPT_CHARACTERS = 40
_BLANK_AFTER_SEMICOLON = re.compile(r"(?<=;)\s+")


def printable(data: bytes, maximum_bytes: int) -> str:
    """Decode bytes for people: invalid bytes and unprintable characters become backslash escapes.

    Args:
        data: Any bytes.
        maximum_bytes: Longer data are cut, and the true length is told.

    Returns:
        Text of printable characters only.
    """
    text = data[:maximum_bytes].decode("utf-8", "backslashreplace")
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else letter.encode("unicode_escape").decode() for letter in text)
    return text if len(data) <= maximum_bytes else f"{text}... ({len(data):,} bytes)"


def quote(value: str) -> str:
    """Quote a field's text for a reason, shortened, and free of the "; " that joins reasons."""
    excerpt = value if len(value) <= _EXCERPT_CHARACTERS else f"{value[:_EXCERPT_CHARACTERS]}..."
    return _BLANK_AFTER_SEMICOLON.sub("", repr(excerpt))
