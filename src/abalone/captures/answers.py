"""Rows of captured answers, in every format that the service writes."""

import csv
import math
from typing import NamedTuple

import msgspec

from abalone.captures.lines import Payload, UnreadableError
from abalone.captures.requests import fields_of

_COLUMNS = 6
_RINGS = "rings"


class Outcome(msgspec.Struct, gc=False):
    """What became of a row: a prediction, or nothing where the row was refused."""

    rings: float = math.nan
    lower_rings: float = math.nan
    upper_rings: float = math.nan
    warnings: list[msgspec.Raw] = []

    @property
    def is_refused(self) -> bool:
        """Whether the row was not predicted."""
        return math.isnan(self.rings)


class Answer(NamedTuple):
    """An answer.

    Attributes:
        outcomes: One a row.
        model_version: As the answer tells it, or "".
    """

    outcomes: list[Outcome]
    model_version: str = ""


class _JsonAnswer(msgspec.Struct, gc=False):
    predictions: list[Outcome]
    model_version: str = ""


_answer = msgspec.json.Decoder(_JsonAnswer)
_outcomes = msgspec.json.Decoder(Outcome)
_WARNING = [msgspec.Raw(b"{}")]


def read_answer(payload: Payload) -> Answer:
    """Read an answer.

    Raises:
        UnreadableError: It is none of the service's.
    """
    text, media_type = payload.text, payload.media_type
    try:
        if "jsonlines" in media_type:
            return Answer(_outcomes.decode_lines(text))
        if "json" in media_type:
            answer = _answer.decode(text)
            return Answer(answer.predictions, answer.model_version)
        rows = fields_of(text)
        return Answer([_outcome(fields) for fields in rows[bool(rows) and rows[0][0] == _RINGS :]])
    except (msgspec.MsgspecError, csv.Error, RecursionError) as error:
        raise UnreadableError(str(error)) from error


def _outcome(fields: list[str]) -> Outcome:
    if len(fields) != _COLUMNS:
        raise UnreadableError(f"an answer of {len(fields)} columns instead of {_COLUMNS}")
    rings, lower, upper, _, warnings, _ = fields
    if not rings:
        return Outcome()
    try:
        return Outcome(float(rings), float(lower), float(upper), _WARNING if warnings else [])
    except ValueError as error:
        raise UnreadableError(str(error)) from error
