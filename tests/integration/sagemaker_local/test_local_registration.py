"""Model packages that an execution registers."""

from typing import Any

import boto3

from support.executable_definitions import condition, definition, equals, get, registration, training


def test_model_is_registered_with_the_archive_that_training_made(machine: Any) -> None:
    execution = machine.execute(
        definition(
            training("fit", "(ml / 'model' / 'weights').write_text('1')", bucket=machine.s3.bucket),
            condition(
                "gate",
                equals(1, 1),
                if_steps=[registration("register", get("Steps.fit.ModelArtifacts.S3ModelArtifacts"))],
            ),
        )
    )

    assert execution.status == "Succeeded", execution.reason
    package = boto3.client("sagemaker").describe_model_package(ModelPackageName=execution.model_package_arn)
    [model] = machine.s3.keys("models/")
    assert package["ModelPackageGroupName"] == "abalone"
    assert package["ModelApprovalStatus"] == "PendingManualApproval"
    [container] = package["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"] == f"s3://{machine.s3.bucket}/{model}"
    assert machine.statuses("register") == ["Pending", "Starting", "Executing", "Succeeded"]


def test_second_registration_is_the_next_version_of_the_group(machine: Any) -> None:
    for _ in range(2):
        machine.execute(definition(registration("register", f"s3://{machine.s3.bucket}/model.tar.gz")))

    packages = boto3.client("sagemaker").list_model_packages(ModelPackageGroupName="abalone")
    assert sorted(item["ModelPackageVersion"] for item in packages["ModelPackageSummaryList"]) == [1, 2]


def test_request_that_the_api_does_not_know_fails_with_what_is_wrong(machine: Any) -> None:
    step = registration("register", f"s3://{machine.s3.bucket}/model.tar.gz")
    step["Arguments"]["Approval"] = "yes"

    execution = machine.execute(definition(step))

    assert execution.status == "Failed"
    assert 'Unknown parameter in input: "Approval"' in execution.reason
    assert "\n" not in execution.reason


def test_group_that_cannot_be_looked_up_fails_the_registration(machine: Any, failing: Any) -> None:
    failing.fail("POST", "SageMaker.DescribeModelPackageGroup", times=9, status=400, code="AccessDeniedException")

    execution = machine.execute(definition(registration("register", f"s3://{machine.s3.bucket}/model.tar.gz")))

    assert "AccessDeniedException" in execution.reason
    assert execution.model_package_arn is None
