"""Hard rules: one strict pandera schema, derived from `abalone.schema`, and a reason for each failure."""

from collections.abc import Iterator

import pandas as pd
import pandera.pandas as pa
from pandera.errors import SchemaError, SchemaErrors

from abalone.pipelines.ingestion.faults import Fault
from abalone.pipelines.ingestion.fields import LINE
from abalone.pipelines.ingestion.text import quote
from abalone.schema import COLUMN_NAMES, IMPOSSIBLE, NUMBERS, RINGS, SEX, Number, Rule

_RULES = {rule.name: rule for rule in IMPOSSIBLE}


def is_broken(frame: pd.DataFrame, rule: Rule, tolerance: float = 0.0) -> "pd.Series[bool]":
    """Tell which rows break a rule between columns.

    Args:
        frame: Columns of `schema.COLUMN_NAMES`, in their units.
        rule: The rule.
        tolerance: Share of the bound by which the sum of the parts may exceed it.

    Returns:
        One value a row; False where a value is missing, for then there is nothing to compare.
    """
    first, *others = (frame[part] for part in rule.parts)
    parts = sum(others, start=first)
    bound = frame[rule.whole] * (1.0 + tolerance)
    return parts >= bound if rule.strict else parts > bound


def measurement_schema() -> pa.DataFrameSchema:
    """Build the schema that every accepted row obeys."""
    numbers = {column.name: pa.Column(float, list(_range_checks(column))) for column in (*NUMBERS, RINGS)}
    allowed = pa.Check.isin(SEX.values, error=f"is not one of {', '.join(SEX.values)}")
    return pa.DataFrameSchema(
        {SEX.name: pa.Column(str, allowed), **numbers},
        checks=[_rule_check(rule) for rule in IMPOSSIBLE],
        strict=True,
        ordered=True,
    )


def validate(table: pd.DataFrame, schema: pa.DataFrameSchema) -> list[Fault]:
    """Check rows against the schema.

    Args:
        table: Column `line` and those of `schema.COLUMN_NAMES`. A missing value is no fault here: it was one when
            the row was read.
        schema: The result of `measurement_schema`.

    Returns:
        A fault for each check that a row fails.
    """
    try:
        schema.validate(table[list(COLUMN_NAMES)], lazy=True)
    except SchemaErrors as errors:
        return [fault for error in errors.schema_errors for fault in _faults(error, table)]
    return []


def _range_checks(column: Number) -> Iterator[pa.Check]:
    yield pa.Check.gt(column.above, error=f"is not above {column.above:g}")
    yield pa.Check.le(column.maximum, error=f"is above {column.maximum:g} ({column.unit})")
    if column.integer:
        yield pa.Check(lambda values: values % 1 == 0, error="is not a whole number")


def _rule_check(rule: Rule) -> pa.Check:
    return pa.Check(lambda frame: ~is_broken(frame, rule), name=rule.name, error="is broken")


def _faults(error: SchemaError, table: pd.DataFrame) -> Iterator[Fault]:
    if error.check == "not_nullable":
        return
    failed = table.loc[error.failure_cases["index"].unique()]
    rule = _RULES.get(error.check.name)
    if rule is None:
        column = error.schema.name
        for line, value in zip(failed[LINE], failed[column], strict=True):
            shown = quote(value) if isinstance(value, str) else value
            yield Fault(line, f"{column} {error.check.error}: {shown}")
        return
    names = [*rule.parts, rule.whole]
    for line, *values in failed[[LINE, *names]].itertuples(index=False):
        shown = ", ".join(f"{name} {value}" for name, value in zip(names, values, strict=True))
        yield Fault(line, f"{rule.name} {error.check.error}: {shown}")
