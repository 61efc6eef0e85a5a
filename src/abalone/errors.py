"""Faults of the user's input, data or configuration."""


class AbaloneError(Exception):
    """What went wrong, where, and what to do about it, in one line."""
