"""Animals that no model was trained on, as the feature engineering leaves them on S3: few enough for a function."""

import csv
import io
import math
from collections.abc import Iterator
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from abalone.lambdas.errors import HeldOutDataError
from abalone.schema import MEASUREMENT_NAMES, RINGS

KEY = "data/05_model_input/held_out.csv"
"""Where the catalog entry `held_out` is, in the bucket of an environment."""

_ABSENT = ("NoSuchKey", "404")
_REMEDY = "run the feature engineering pipeline of this environment"


class HeldOut(NamedTuple):
    """Animals whose rings were counted.

    Attributes:
        rows: The measurements of each, as text, in the order of the schema.
        rings: The ring count of each.
    """

    rows: list[list[str]]
    rings: list[float]


def load_held_out(s3: Any, bucket: str) -> HeldOut:
    """Read the held-out animals.

    Args:
        s3: boto3's client.
        bucket: Of the environment.

    Raises:
        HeldOutDataError: There is no such object, or it is not what the pipeline writes.
    """
    try:
        text = s3.get_object(Bucket=bucket, Key=KEY)["Body"].read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise _fault(bucket, f"is not UTF-8: {error.reason} at byte {error.start}") from error
    except ClientError as error:
        if error.response["Error"]["Code"] not in _ABSENT:
            raise
        raise _fault(bucket, "does not exist") from error
    return parse_held_out(text, bucket)


def parse_held_out(text: str, bucket: str) -> HeldOut:
    """Read a CSV whose header has the columns of a batch, in any order.

    Args:
        text: The CSV.
        bucket: Where it was, for messages.

    Raises:
        HeldOutDataError: A column or a value is missing, a ring count is no number, or there are no rows.
    """
    reader = csv.DictReader(io.StringIO(text))
    columns = (*MEASUREMENT_NAMES, RINGS.name)
    if missing := [name for name in columns if name not in (reader.fieldnames or ())]:
        raise _fault(bucket, f"has no column {', '.join(missing)}")
    held_out = HeldOut([], [])
    for row in reader:
        if any(not row[name] for name in columns):
            raise _fault(bucket, f"lacks a value in line {reader.line_num}")
        rings = _number(row[RINGS.name])
        if not math.isfinite(rings):
            raise _fault(bucket, f"has {row[RINGS.name]!r} for {RINGS.name} in line {reader.line_num}")
        held_out.rings.append(rings)
        held_out.rows.append([row[name] for name in MEASUREMENT_NAMES])
    if not held_out.rows:
        raise _fault(bucket, "has no rows")
    return held_out


def batches(held_out: HeldOut, size: int) -> Iterator[list[list[str]]]:
    """Yield the rows in order, at most `size` at once."""
    for start in range(0, len(held_out.rows), size):
        yield held_out.rows[start : start + size]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan


def _fault(bucket: str, what: str) -> HeldOutDataError:
    return HeldOutDataError(f"s3://{bucket}/{KEY} {what}: {_REMEDY}.")
