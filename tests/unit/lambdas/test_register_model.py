import uuid

import pytest

from abalone.lambdas.errors import EventError, ModelPackageError
from abalone.lambdas.register_model import handler

EVALUATION = {
    "rows": 819,
    "rmse": 1.9923456789,
    "latency_ms": {"p50": 3.25, "p95": 7.5, "p99": 9.0},
    "report": "s3://abalone-dev-data/data/08_reporting/system_test/abalone-dev-staging/one.json",
}


@pytest.fixture
def group(aws, monkeypatch) -> str:
    name = f"abalone-{uuid.uuid4()}"
    aws("sagemaker").create_model_package_group(ModelPackageGroupName=name)
    monkeypatch.setenv("ABALONE_MODEL_PACKAGE_GROUP", name)
    return name


@pytest.fixture
def package(aws, group) -> str:
    """A package that waits for its approval."""
    made = aws("sagemaker").create_model_package(
        ModelPackageGroupName=group,
        ModelApprovalStatus="PendingManualApproval",
        CustomerMetadataProperties={"artifact_digest": "61ec", "git_commit": "0123abc"},
    )
    return made["ModelPackageArn"]


def verdict(package, status="Approved", reason="it passed", **more):
    return {"model_package_arn": package, "status": status, "reason": reason, "evaluation": EVALUATION, **more}


@pytest.mark.parametrize("status", ["Approved", "Rejected"])
def test_verdict_is_written_with_its_reason_and_figures(aws, package, context, status):
    answer = handler(verdict(package, status), context)

    assert answer == {"model_package_arn": package, "status": status, "changed": True}
    written = aws("sagemaker").describe_model_package(ModelPackageName=package)
    assert (written["ModelApprovalStatus"], written["ApprovalDescription"]) == (status, "it passed")
    assert written["CustomerMetadataProperties"] == {
        "artifact_digest": "61ec",
        "git_commit": "0123abc",
        "system-test/rows": "819",
        "system-test/rmse": "1.99235",
        "system-test/latency_ms/p50": "3.25",
        "system-test/latency_ms/p95": "7.5",
        "system-test/latency_ms/p99": "9",
        "system-test/report": EVALUATION["report"],
    }


def test_same_verdict_again_changes_nothing(package, context):
    handler(verdict(package), context)

    assert handler(verdict(package), context)["changed"] is False


def test_later_verdict_replaces_the_earlier_one(aws, package, context):
    handler(verdict(package), context)

    handler(verdict(package, "Rejected", "it is slow"), context)

    written = aws("sagemaker").describe_model_package(ModelPackageName=package)
    assert (written["ModelApprovalStatus"], written["ApprovalDescription"]) == ("Rejected", "it is slow")


def test_long_reason_is_cut_to_what_the_registry_takes(aws, package, context):
    handler(verdict(package, reason="slow " * 1000), context)

    written = aws("sagemaker").describe_model_package(ModelPackageName=package)
    assert len(written["ApprovalDescription"]) == 1024
    assert written["ApprovalDescription"].endswith("…")


def test_unknown_status_is_refused_and_changes_nothing(aws, package, context):
    with pytest.raises(EventError, match="'PendingManualApproval' is unknown: a model package is Approved or Rejected"):
        handler(verdict(package, "PendingManualApproval"), context)

    assert "ApprovalDescription" not in aws("sagemaker").describe_model_package(ModelPackageName=package)


@pytest.mark.parametrize("name", ["model_package_arn", "status", "reason"])
def test_missing_field_is_named(package, context, name):
    with pytest.raises(EventError, match=f"no text '{name}'"):
        handler(verdict(package) | {name: None}, context)


def test_package_that_does_not_exist_is_named(group, context):
    arn = f"arn:aws:sagemaker:eu-west-1:123456789012:model-package/{group}/7"

    with pytest.raises(ModelPackageError, match=f"{group}/7 cannot be read"):
        handler(verdict(arn), context)


def test_package_of_another_group_is_refused(package, context, monkeypatch):
    monkeypatch.setenv("ABALONE_MODEL_PACKAGE_GROUP", "abalone-prd")

    with pytest.raises(ModelPackageError, match="is not in the group abalone-prd"):
        handler(verdict(package), context)
