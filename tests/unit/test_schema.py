import sys
from subprocess import run

import pytest

from abalone import schema

EVERY_RULE = (*schema.IMPOSSIBLE, schema.PARTS_WITHIN_WHOLE)


def test_header_names_every_column_once_with_the_target_last():
    assert len(set(schema.COLUMN_NAMES)) == len(schema.COLUMN_NAMES) == 9
    assert (*schema.MEASUREMENT_NAMES, "rings") == schema.COLUMN_NAMES


@pytest.mark.parametrize("number", [*schema.NUMBERS, schema.RINGS], ids=lambda number: number.name)
def test_range_of_every_number_is_positive_and_has_a_unit(number):
    assert 0.0 <= number.above < number.maximum
    assert number.unit


@pytest.mark.parametrize("rule", EVERY_RULE, ids=lambda rule: rule.name)
def test_every_rule_relates_known_numbers(rule):
    assert {*rule.parts, rule.whole} <= set(schema.NUMBER_NAMES)
    assert rule.whole not in rule.parts


def test_schema_is_plain_python_without_pandas():
    program = "import sys, abalone.schema; sys.exit(any(name in sys.modules for name in ('pandas', 'numpy', 'kedro')))"

    assert run([sys.executable, "-c", program], check=False).returncode == 0
