from datetime import UTC, datetime, timedelta

import pytest
from kedro.io import DatasetError

from abalone.aws.calls import client
from abalone.aws.cloudwatch import MetricsDataset
from abalone.diagnosis import diagnose
from support.sagemaker_account import Account


def dataset() -> MetricsDataset:
    return MetricsDataset(namespace="Abalone", environment="test")


def published(metric: str) -> list[float]:
    """The sums of a metric of this environment, of the last hour."""
    now = datetime.now(UTC)
    answer = client("cloudwatch").get_metric_statistics(
        Namespace="Abalone",
        MetricName=metric,
        Dimensions=[{"Name": "environment", "Value": "test"}],
        StartTime=now - timedelta(hours=1),
        EndTime=now + timedelta(hours=1),
        Period=7200,
        Statistics=["Sum"],
    )
    return [point["Sum"] for point in answer["Datapoints"]]


@pytest.mark.usefixtures("account")
def test_numbers_are_published_under_the_environment_and_what_was_not_measured_is_left_out() -> None:
    dataset().save({"rmse": 2.25, "drift_detected": True, "interval_coverage": None})

    assert published("rmse") == [2.25]
    assert published("drift_detected") == [1.0]
    assert published("interval_coverage") == []


@pytest.mark.usefixtures("account")
def test_nothing_measured_is_nothing_published() -> None:
    dataset().save({"rmse": None})

    assert client("cloudwatch").list_metrics(Namespace="Abalone")["Metrics"] == []


def test_refusal_is_one_line_with_the_action_that_the_role_lacks(account: Account) -> None:
    account.check_keys()

    with pytest.raises(DatasetError) as refused:
        dataset().save({"rmse": 2.25})

    told = diagnose(refused.value)
    assert told is not None
    assert told.startswith("publishing metrics in the namespace Abalone was refused (")
    assert told.endswith("that the role in use allows cloudwatch:PutMetricData")
    assert "\n" not in told


def test_metrics_cannot_be_loaded() -> None:
    with pytest.raises(DatasetError, match="metrics in the namespace Abalone cannot be loaded"):
        dataset().load()
