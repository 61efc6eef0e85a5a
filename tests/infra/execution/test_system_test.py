"""The system test as it runs on AWS: the state machine and its functions, against the real prediction service."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from abalone.schema import COLUMN_NAMES
from support import training
from support.delivery_account import BUCKET, EXECUTION_SECONDS, NAME, PARAMETERS, PREFIX, DeliveryAccount
from support.detour import Detour
from support.service import RunningService, running_service
from support.waiting import await_that

pytestmark = pytest.mark.timeout(900)

ENDPOINT = f"{NAME}-staging"
HELD_OUT = "data/05_model_input/held_out.csv"


@pytest.fixture(scope="module")
def service(artifact_directory: Path) -> Iterator[RunningService]:
    with running_service(model=artifact_directory, endpoint_name=ENDPOINT) as running:
        yield running


@pytest.fixture(scope="module")
def worse_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningService]:
    table, parameters = training.survey_table(), training.training_parameters()
    miscounted = table.assign(rings=table["rings"] + 10)
    worse = tmp_path_factory.mktemp("worse") / "model"
    training.write(training.export(training.fit("linear", miscounted, parameters), miscounted, parameters), worse)
    with running_service(model=worse, endpoint_name=ENDPOINT) as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def _held_out(account: DeliveryAccount) -> None:
    """Animals to be measured by."""
    rows = training.survey_table()[list(COLUMN_NAMES)].head(60).to_csv(index=False)
    account.client("s3").put_object(Bucket=BUCKET, Key=HELD_OUT, Body=rows.encode())


@pytest.fixture(autouse=True)
def _open_way(way: Detour, service: RunningService) -> None:
    """The endpoint serves a good model."""
    way.port, way.delay_seconds, way.connections = service.port, 0.0, 0


@pytest.fixture
def _thresholds_of_its_own(account: DeliveryAccount) -> Iterator[None]:
    """Puts back what a test does to the thresholds."""
    yield
    account.set_parameters(PARAMETERS)


def system_test(account: DeliveryAccount, package: str) -> str:
    return account.start("system_test", {"endpoint_name": ENDPOINT, "model_package_arn": package})


def test_good_model_is_approved_with_its_figures(account: DeliveryAccount) -> None:
    package = account.register_package()

    ended = account.ended(system_test(account, package))

    assert ended["status"] == "SUCCEEDED", ended
    output, registered = json.loads(ended["output"]), account.package(package)
    assert output["evaluation"]["rows"] == 60
    assert registered["ModelApprovalStatus"] == "Approved"
    assert registered["ApprovalDescription"].startswith(f"The system test of {ENDPOINT} passed: RMSE ")
    assert float(registered["CustomerMetadataProperties"]["system-test/rmse"]) < 2.6
    report = output["evaluation"]["report"].removeprefix(f"s3://{BUCKET}/")
    kept = json.loads(account.client("s3").get_object(Bucket=BUCKET, Key=report)["Body"].read())
    assert kept["model_package_arn"] == package


def test_worse_model_is_rejected_and_somebody_is_told(
    account: DeliveryAccount, way: Detour, worse_service: RunningService
) -> None:
    way.port = worse_service.port
    package = account.register_package()

    ended = account.ended(system_test(account, package))

    assert (ended["status"], ended["error"]) == ("FAILED", "ModelRejected")
    assert " rings is above 2.6; " in ended["cause"]
    assert " % is below 80 %" in ended["cause"]
    registered = account.package(package)
    assert registered["ModelApprovalStatus"] == "Rejected"
    assert registered["ApprovalDescription"].startswith(f"The system test of {ENDPOINT} failed: RMSE ")
    notification = account.told(ended["executionArn"])
    assert notification["Subject"] == "abalone: ModelRejected"
    assert ended["cause"] in notification["Message"]


@pytest.mark.usefixtures("_thresholds_of_its_own")
def test_slow_endpoint_is_rejected_for_its_latency_alone(account: DeliveryAccount, way: Detour) -> None:
    way.delay_seconds = 0.2
    account.set_parameters({"thresholds/latency-p95-ms": "100"})
    package = account.register_package()

    ended = account.ended(system_test(account, package))

    assert ended["error"] == "ModelRejected"
    assert account.package(package)["ModelApprovalStatus"] == "Rejected"
    reason = account.told(ended["executionArn"])["Message"].partition(" is rejected: ")[2].partition(" (")[0]
    assert reason.startswith("p95 ")
    assert reason.endswith(" ms is above 100 ms")


def test_endpoint_that_is_down_is_tried_again_and_then_the_test_fails_with_the_reason(
    account: DeliveryAccount, way: Detour
) -> None:
    way.port = None
    package = account.register_package()

    ended = account.ended(system_test(account, package))

    assert (ended["status"], ended["error"]) == ("FAILED", "SystemTestFailed")
    assert ended["cause"].startswith(f"The endpoint {ENDPOINT} does not answer: ")
    assert way.connections == 5
    assert account.package(package)["ModelApprovalStatus"] == "PendingManualApproval"
    assert ended["cause"] in account.told(ended["executionArn"])["Message"]


def test_endpoint_that_comes_back_between_attempts_is_measured(
    account: DeliveryAccount, way: Detour, service: RunningService
) -> None:
    way.port = None
    execution = system_test(account, account.register_package())
    await_that(lambda: way.connections > 0, "the endpoint was never asked", deadline_seconds=EXECUTION_SECONDS)
    way.port = service.port

    ended = account.ended(execution)

    assert ended["status"] == "SUCCEEDED", ended


@pytest.mark.usefixtures("_thresholds_of_its_own")
def test_missing_threshold_fails_the_test_by_its_name(account: DeliveryAccount) -> None:
    account.client("ssm").delete_parameter(Name=f"{PREFIX}/thresholds/coverage")

    ended = account.ended(system_test(account, account.register_package()))

    assert ended["error"] == "SystemTestFailed"
    assert f"{PREFIX}/thresholds has no coverage" in ended["cause"]
    assert ended["cause"] in account.told(ended["executionArn"])["Message"]
