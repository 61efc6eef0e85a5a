import numpy as np
import pandas as pd
import pytest
from pandera.errors import SchemaErrors

from abalone.pipelines.ingestion.flags import soft_flags
from abalone.pipelines.ingestion.validation import is_broken, measurement_schema, validate
from abalone.schema import COLUMN_NAMES, PARTS_WITHIN_WHOLE

PLAUSIBLE = {
    "sex": "M",
    "length": 0.455,
    "diameter": 0.365,
    "height": 0.095,
    "whole_weight": 0.5,
    "shucked_weight": 0.25,
    "viscera_weight": 0.1,
    "shell_weight": 0.15,
    "rings": 15.0,
}


def frame(**values: object) -> pd.DataFrame:
    return pd.DataFrame({"line": [2], **{name: [value] for name, value in {**PLAUSIBLE, **values}.items()}})


def test_schema_accepts_a_plausible_animal():
    assert validate(frame(), measurement_schema()) == []


def test_schema_covers_every_column_and_no_other():
    schema = measurement_schema()

    assert tuple(schema.columns) == COLUMN_NAMES
    with pytest.raises(SchemaErrors):
        schema.validate(frame()[list(COLUMN_NAMES)].assign(site="Tasmania"), lazy=True)


def test_missing_value_adds_no_reason_and_hides_no_other():
    faults = validate(frame(height=np.nan, diameter=0.5), measurement_schema())

    assert [fault.reason for fault in faults] == ["diameter_within_length is broken: diameter 0.5, length 0.455"]


def test_every_failed_check_of_a_row_is_a_fault_with_its_line():
    faults = validate(frame(sex="x", rings=99.5), measurement_schema())

    assert faults == [
        (2, "sex is not one of M, F, I: 'x'"),
        (2, "rings is above 60 (count): 99.5"),
        (2, "rings is not a whole number: 99.5"),
    ]


@pytest.mark.parametrize(("excess", "broken"), [(0.0, False), (0.09, False), (0.11, True)])
def test_parts_may_exceed_the_whole_by_the_tolerance(excess, broken):
    heavy = frame(shucked_weight=0.25 + 0.5 * excess)

    assert is_broken(heavy, PARTS_WITHIN_WHOLE, tolerance=0.1).tolist() == [broken]


@pytest.mark.parametrize(
    ("values", "flags"),
    [
        ({}, ""),
        ({"shucked_weight": 0.4}, "parts_within_whole"),
        ({"height": 0.03}, "plausible_height"),
        ({"height": 0.25}, "plausible_height"),
        ({"height": 0.41, "diameter": 1.0, "length": 1.1}, "plausible_height"),
        ({"height": 0.01, "shucked_weight": 0.4}, "parts_within_whole; plausible_height"),
    ],
)
def test_rows_are_flagged_by_the_soft_rules_that_they_break(values, flags):
    assert soft_flags(frame(**values), parts_tolerance=0.1).tolist() == [flags]


def test_no_rows_have_no_flags():
    assert soft_flags(frame().iloc[:0], parts_tolerance=0.1).empty
