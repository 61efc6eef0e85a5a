"""What the code publishes and tells, beside what Terraform watches and hears."""

from collections.abc import Iterator
from typing import Any, NamedTuple

import hcl2
import pytest
import yaml
from kedro.io import AbstractDataset

from abalone.aws.calls import client
from abalone.etl.metrics import put_metrics
from abalone.lambdas.launch_retraining import REASONS
from abalone.pipelines.monitoring.metrics import METRICS
from abalone.pipelines.monitoring.nodes import request_retraining
from abalone.serving.embedded_metrics import UNITS, embedded
from support.project import REPOSITORY
from support.sagemaker_account import new_account
from support.terraform import INFRASTRUCTURE, LITERALS

ENVIRONMENT = "dev"
CLOUDWATCH = INFRASTRUCTURE / "modules" / "cloudwatch"
OF_THE_SERVER = "AWS/S3"
"""What the server publishes of its buckets."""

ETL_REPORT = {"rows_in": 4177, "accepted": 4169, "quarantined": 8, "duplicates": 0}
WANTED = {"decision": "retrain", "window": {"is_latest": True}, "reasons": ["the error is 3.10 rings"]}


class Metric(NamedTuple):
    """A metric, by all that tells it from others."""

    namespace: str
    name: str
    dimensions: tuple[tuple[str, str], ...]


def dataset(name: str) -> dict[str, Any]:
    catalog = yaml.safe_load((REPOSITORY / "conf" / ENVIRONMENT / "catalog.yml").read_text(encoding="utf-8"))
    configured: dict[str, Any] = catalog[name]
    return configured


@pytest.fixture(scope="module")
def published() -> Iterator[set[Metric]]:
    """What monitoring, the ETL job and the service publish."""
    with new_account() as account, pytest.MonkeyPatch.context() as patch:
        for name, value in account.env.items():
            patch.setenv(name, value)
        metrics = AbstractDataset.from_config("monitoring_metrics", dataset("monitoring_metrics"))
        metrics.save(dict.fromkeys(METRICS, 1.0))
        put_metrics(ENVIRONMENT, ETL_REPORT, 60.0)
        listed = [each for each in client("cloudwatch").list_metrics()["Metrics"] if each["Namespace"] != OF_THE_SERVER]
        yield {
            *(_metric(each["Namespace"], each["MetricName"], each["Dimensions"]) for each in listed),
            *_logged(embedded(dict.fromkeys(UNITS, 1.0), ENVIRONMENT, 0.0)),
        }


@pytest.fixture(scope="module")
def watched() -> set[Metric]:
    """What alarms and charts of the model are of."""
    parsed = hcl2.loads((CLOUDWATCH / "model.tf").read_text(encoding="utf-8"), serialization_options=LITERALS)
    (values,) = parsed["locals"]
    alarms = [alarm["metric"] for alarm in values["model_alarms"].values()]
    alarms += [block["aws_cloudwatch_metric_alarm"]["silence"]["metric_name"] for block in parsed["resource"]]
    charts = [name for _, names, *_ in values["model_charts"] for name in names]
    dimensions = [
        {"Name": name, "Value": value.replace("${var.environment}", ENVIRONMENT)}
        for name, value in values["model_dimensions"].items()
    ]
    return {_metric(values["model_namespace"], name, dimensions) for name in [*alarms, *charts]}


def _metric(namespace: str, name: str, dimensions: list[dict[str, str]]) -> Metric:
    return Metric(namespace, name, tuple((each["Name"], each["Value"]) for each in dimensions))


def _logged(line: dict[str, Any]) -> Iterator[Metric]:
    for definition in line["_aws"]["CloudWatchMetrics"]:
        for names in definition["Dimensions"]:
            dimensions = [{"Name": name, "Value": line[name]} for name in names]
            yield from (_metric(definition["Namespace"], each["Name"], dimensions) for each in definition["Metrics"])


def test_what_is_watched_of_the_model_is_what_somebody_publishes_and_the_other_way_round(
    published: set[Metric], watched: set[Metric]
) -> None:
    assert watched - published == set(), "nobody publishes these"
    assert published - watched == set(), "nobody looks at these"


def test_metrics_of_the_model_are_named_in_one_file_of_terraform() -> None:
    naming = {file.name for file in CLOUDWATCH.glob("*.tf") if '"Abalone"' in file.read_text(encoding="utf-8")}

    assert naming == {"model.tf"}


def test_event_of_monitoring_is_the_one_that_its_rule_waits_for_and_its_role_may_send() -> None:
    event = dataset("retraining_request")
    rules = (INFRASTRUCTURE / "modules" / "eventbridge" / "main.tf").read_text(encoding="utf-8")
    role = (INFRASTRUCTURE / "modules" / "sagemaker" / "execution_role.tf").read_text(encoding="utf-8")

    assert f'["{event["source"]}"]' in rules
    assert f'["{event["detail_type"]}"]' in rules
    assert f'["{event["source"]}"]' in role
    assert f'["{dataset("monitoring_metrics")["namespace"]}"]' in role


@pytest.mark.parametrize("performance", [None, {"worse": True, "coverage_low": False}])
def test_reason_that_monitoring_gives_is_one_that_retraining_knows(performance: dict[str, bool] | None) -> None:
    assert request_retraining({**WANTED, "performance": performance})["reason"] in REASONS
