"""The OpenAPI document."""

import json
from typing import Any

import pytest

from abalone.schema import MEASUREMENT_NAMES, NUMBERS, SEX
from abalone.serving.formats import Format, read
from abalone.serving.monitoring_report import LatestReport
from abalone.serving.openapi import EXAMPLE
from abalone.serving.routes import framework_app, routes


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    def no_model() -> Any:
        raise AssertionError("a document needs no model")

    return framework_app(routes(no_model, None, LatestReport(""))).openapi()


def test_measurement_is_that_of_the_schema(document: dict[str, Any]) -> None:
    measurement = document["components"]["schemas"]["Measurement"]

    assert measurement["required"] == list(MEASUREMENT_NAMES)
    assert measurement["properties"]["sex"]["enum"] == sorted(SEX.values)
    for column in NUMBERS:
        described = measurement["properties"][column.name]
        assert (described["exclusiveMinimum"], described["maximum"]) == (column.above, column.maximum)


@pytest.mark.parametrize("form", Format)
def test_examples_are_rows(document: dict[str, Any], form: Format) -> None:
    content = document["paths"]["/invocations"]["post"]["requestBody"]["content"][form.value]
    examples = [each["value"] for each in content.get("examples", {"one": {"value": content.get("example")}}).values()]

    for example in examples:
        text = example if isinstance(example, str) else json.dumps(example)
        batch = read(form, text.encode())
        assert (batch.problems, list(batch.sexes)) == ([], [EXAMPLE["sex"]])


def test_every_reference_can_be_followed(document: dict[str, Any]) -> None:
    text = json.dumps(document)

    names = {part.partition('"')[0] for part in text.split("#/components/schemas/")[1:]}

    assert names <= set(document["components"]["schemas"])
