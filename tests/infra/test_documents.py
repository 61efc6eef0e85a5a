"""The picture and the costs of the infrastructure, beside what Terraform plans."""

import json
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
import yaml
from PIL import Image

from abalone.rehearsal.local_aws import local_aws
from support.project import REPOSITORY
from support.terraform import ENVIRONMENTS, MODULES, Resource, terraform_on_copy

pytestmark = pytest.mark.timeout(900)

DOCS = REPOSITORY / "docs"
PICTURE = DOCS / "images" / "pipeline.png"
MOST_BYTES = 300_000


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Resource]]:
    """What Terraform would make in each environment. For reading only."""
    terraform = terraform_on_copy(tmp_path_factory.mktemp("plans"))
    with local_aws() as aws:
        return {name: terraform.plan(name, aws.variables) for name in ENVIRONMENTS}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    """What the picture says is in it."""
    with Image.open(PICTURE) as image:
        text: dict[str, Any] = json.loads(image.text["Description"])
    return text


def docs_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *arguments], cwd=DOCS, capture_output=True, text=True, check=False)


def test_picture_is_of_the_code_as_it_is(described: dict[str, Any]) -> None:
    code = docs_script("-c", "import diagram, json; diagram.check_places(); print(json.dumps(diagram.description()))")

    assert code.returncode == 0, code.stderr
    assert described == json.loads(code.stdout), "`make diagram` draws it anew"
    assert PICTURE.stat().st_size < MOST_BYTES


def test_picture_has_every_stage_and_action_that_is_planned_and_every_module(
    described: dict[str, Any], plans: dict[str, list[Resource]]
) -> None:
    (pipeline,) = (resource for resource in plans["prd"] if resource.type == "aws_codepipeline")
    stages = pipeline.values["stage"]

    assert described["stages"] == [stage["name"] for stage in stages]
    assert sorted(described["actions"].values()) == sorted(
        action["name"] for stage in stages for action in stage["action"]
    )
    assert described["modules"] == [module.name for module in MODULES]


def test_costs_are_what_prices_and_sizes_come_to() -> None:
    checked = docs_script("cost.py", "--check")

    assert (checked.returncode, checked.stderr) == (0, "")


def test_document_without_a_place_for_a_table_is_refused() -> None:
    completed = docs_script("-c", "import cost; cost.written('# What it costs')")

    assert completed.returncode == 1
    assert "has 0 places between <!-- month --> and <!-- end -->" in completed.stderr


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_costs_are_of_the_pieces_that_are_planned(environment: str, plans: dict[str, list[Resource]]) -> None:
    plan = plans[environment]
    counts = Counter(resource.type for resource in plan)
    (template,) = (resource for resource in plan if resource.type == "aws_launch_template")
    (disk,) = (device["ebs"][0]["volume_size"] for device in template.values["block_device_mappings"])
    memories = {
        resource.values["memory_size"] for resource in plans[environment] if resource.type == "aws_lambda_function"
    }

    assert yaml.safe_load((DOCS / "cost.yml").read_text(encoding="utf-8"))["pieces"][environment] == {
        "alarms": counts["aws_cloudwatch_metric_alarm"],
        "composite_alarms": counts["aws_cloudwatch_composite_alarm"],
        "dashboards": counts["aws_cloudwatch_dashboard"],
        "nat_gateways": counts["aws_nat_gateway"],
        "host_disk_gigabytes": disk,
        "function_gigabytes": max(memories) / 1024,
    }


def test_prices_that_two_files_assume_are_the_same() -> None:
    costs = yaml.safe_load((DOCS / "cost.yml").read_text(encoding="utf-8"))
    benchmark = yaml.safe_load((REPOSITORY / "benchmarks" / "sagemaker" / "prices.yml").read_text(encoding="utf-8"))

    assert costs["region"] == benchmark["region"]
    assert {name: costs["prices"][f"sagemaker.{name}.hours"] for name in benchmark["instances"]} == benchmark[
        "instances"
    ]
