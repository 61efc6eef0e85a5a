"""An environment applied on this machine: what it does, and that nothing stays of it.

The tests are one life of it, in this order. `make rehearse-infra ENV=prd` is that of production.
"""

import json
import warnings
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from abalone.rehearsal.infrastructure.beginning import applied
from abalone.rehearsal.infrastructure.life import Life
from support.project import REPOSITORY
from support.tools import require_ministack, require_terraform
from support.waiting import await_that

pytestmark = pytest.mark.timeout(1200)

SURVEY = REPOSITORY / "data" / "01_raw" / "landing" / "uci_abalone.csv"


@pytest.fixture(scope="module")
def applied_dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Life]:
    require_terraform()
    require_ministack()
    with applied(REPOSITORY, "dev", tmp_path_factory.mktemp("dev"), warnings.warn) as life:
        yield life


@pytest.fixture(scope="module")
def names(applied_dev: Life) -> Any:
    """What Terraform says that things are called."""
    return applied_dev.terraform.outputs()["abalone"]


def executions_of(life: Life, machine: str) -> list[dict[str, Any]]:
    client = life.account.client("stepfunctions")
    return [
        client.describe_execution(executionArn=execution["executionArn"])
        for execution in client.list_executions(stateMachineArn=machine)["executions"]
    ]


def test_second_plan_of_dev_is_empty(applied_dev: Life) -> None:
    assert applied_dev.plan_again() == "nothing to change"


def test_retraining_that_is_asked_for_three_times_at_once_starts_once(applied_dev: Life, names: Any) -> None:
    function = names["function_names"]["launch_retraining"]
    lambda_ = applied_dev.account.client("lambda")

    def launch(number: int) -> dict[str, Any]:
        event = {"reason": "drift", "detail": {"number": number}, "execution": f"test-{number}"}
        answer = lambda_.invoke(FunctionName=function, Payload=json.dumps(event))
        return dict(json.load(answer["Payload"]))

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(launch, range(3)))

    pipeline = applied_dev.account.client("codepipeline")
    executions = pipeline.list_pipeline_executions(pipelineName=names["pipeline_name"])["pipelineExecutionSummaries"]
    assert sorted(answer["status"] for answer in answers) == ["already-running", "already-running", "started"]
    assert len(executions) == 1


def test_decision_of_monitoring_asks_for_retraining_with_its_reason(applied_dev: Life, names: Any) -> None:
    detail = {"reason": "performance", "detail": "the error is 3.10 rings"}
    event = {"Source": "abalone.monitoring", "DetailType": "Retraining wanted", "Detail": json.dumps(detail)}

    applied_dev.account.client("events").put_events(Entries=[event])

    machine = names["state_machine_arns"]["retraining"]
    await_that(lambda: bool(executions_of(applied_dev, machine)), "retraining was not asked for")
    (execution,) = executions_of(applied_dev, machine)
    assert json.loads(execution["input"]) == detail


def test_batch_in_the_landing_zone_starts_the_etl(applied_dev: Life, names: Any) -> None:
    s3 = applied_dev.account.client("s3")
    key = "data/01_raw/landing/survey_2026.csv"

    s3.upload_file(str(SURVEY), names["data_bucket"], key)

    machine = names["state_machine_arns"]["etl"]
    await_that(lambda: bool(executions_of(applied_dev, machine)), "no ETL was started")
    (execution,) = executions_of(applied_dev, machine)
    started_with = json.loads(execution["input"])
    assert (started_with["source"], started_with["bucket"], started_with["key"]) == (
        "landing",
        names["data_bucket"],
        key,
    )


def test_object_elsewhere_in_the_bucket_starts_nothing(applied_dev: Life, names: Any) -> None:
    s3 = applied_dev.account.client("s3")
    machine = names["state_machine_arns"]["etl"]
    before = len(executions_of(applied_dev, machine))
    s3.put_object(Bucket=names["data_bucket"], Key="data/08_reporting/metrics.json", Body=b"{}")

    # Once the batch that came later has started one, the object has had its chance.
    s3.upload_file(str(SURVEY), names["data_bucket"], "data/01_raw/landing/survey_2027.csv")
    await_that(lambda: len(executions_of(applied_dev, machine)) > before, "no ETL was started")

    assert len(executions_of(applied_dev, machine)) == before + 1


def test_change_of_one_variable_changes_one_resource_in_place(applied_dev: Life) -> None:
    assert applied_dev.change() == "update module.abalone.module.budgets.aws_budgets_budget.this in place"


def test_destroy_of_dev_leaves_nothing(applied_dev: Life) -> None:
    assert applied_dev.destroy() == "nothing is left"
