"""Which steps wait for which."""

from typing import Any

import pytest

from abalone.errors import AbaloneError
from abalone.sagemaker.local.graph import read_steps
from support.executable_definitions import condition, definition, equals, fail, get, json_get, processing, registration


def test_steps_wait_for_what_they_depend_on_refer_to_or_are_a_branch_of() -> None:
    steps = read_steps(
        definition(
            processing("first"),
            processing("second", DependsOn=["first"]),
            processing("third", environment={"INPUT": get("Steps.second.ProcessingJobArn")}),
            condition(
                "gate",
                equals(json_get("third", "gate", "passed"), True),
                if_steps=[registration("register", get("Steps.first.ProcessingJobArn"))],
                else_steps=[condition("why", equals(1, 1), if_steps=[fail("refused", "no")])],
            ),
        )
    )

    assert {step.name: (set(step.needs), step.condition) for step in steps} == {
        "first": (set(), None),
        "second": ({"first"}, None),
        "third": ({"second"}, None),
        "gate": ({"third"}, None),
        "register": ({"gate", "first"}, ("gate", True)),
        "why": ({"gate"}, ("gate", False)),
        "refused": ({"why"}, ("why", True)),
    }


@pytest.mark.parametrize(
    ("steps", "named"),
    [
        ([processing("a", DependsOn=["b"]), processing("b", DependsOn=["a"])], "steps wait for each other: "),
        ([processing("a", DependsOn=["b"])], "step a refers to b"),
        ([processing("a", environment={"B": get("Parameters.b")})], "step a refers to Parameters.b"),
        ([{"Name": "a", "Type": "Transform", "Arguments": {}}], "step a is of type Transform: only Processing"),
        (
            [{"Name": "a", "Type": "Training", "Arguments": {"AlgorithmSpecification": {}}}],
            "step a leaves its command to its image, which is not used here: give AlgorithmSpecification",
        ),
        ([processing("a", CacheConfig={"Enabled": True, "ExpireAfter": "a month"})], "'a month'"),
    ],
)
def test_definition_that_cannot_be_executed_is_an_error_that_names_the_step(
    steps: list[dict[str, Any]], named: str
) -> None:
    with pytest.raises(AbaloneError) as error:
        read_steps(definition(*steps))

    assert named in str(error.value)
