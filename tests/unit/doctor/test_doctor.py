"""`abalone doctor` in an account on this machine that has everything, and lacks one thing after the other."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result

from abalone.console.__main__ import cli
from abalone.doctor.account import Account
from abalone.doctor.checks.quotas import needed
from abalone.doctor.examination import CHECKS
from abalone.doctor.finding import Finding
from support.equipped_account import LANDED, MODEL, PREFIX, EquippedAccount, serving_account
from support.project import REPOSITORY

Change = Callable[[EquippedAccount], Any]
APPLY = "make apply ENV=dev"


@pytest.fixture(scope="module")
def session() -> boto3.Session:
    """One for all tests, as it reads what each service takes only once."""
    return boto3.Session("testing", "testing", None, "eu-west-1")


@pytest.fixture(scope="module")
def server() -> Iterator[EquippedAccount]:
    with serving_account() as account:
        yield account


@pytest.fixture
def account(server: EquippedAccount, monkeypatch: pytest.MonkeyPatch) -> EquippedAccount:
    """An account that lacks nothing."""
    monkeypatch.chdir(REPOSITORY)
    for variable in ("ABALONE_IMAGE", "ABALONE_SERVING_IMAGE", "AWS_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    for name, value in server.env.items():
        monkeypatch.setenv(name, value)
    server.equip()
    return server


def doctor(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["doctor", *arguments])


def faults() -> tuple[int, list[dict[str, str]]]:
    """The exit code, and the findings that are not ok."""
    result = doctor("--json")
    return result.exit_code, [finding for finding in json.loads(result.output) if finding["status"] != "ok"]


@pytest.mark.usefixtures("account")
def test_account_that_has_everything_passes() -> None:
    assert faults() == (0, [])


def test_table_says_what_was_found_and_remedies_can_be_copied(account: EquippedAccount) -> None:
    delete_objects(account, LANDED)

    result = doctor()

    assert result.exit_code == 1
    for subject in ("credentials", "bucket", "landing zone", "key", "execution role", "quota", "connection", "release"):
        assert f" {subject} " in result.output
    assert ", 0 warning, 1 missing\n" in result.output
    remedy = f"  aws s3 cp data/01_raw/landing/ s3://{account.bucket}/data/01_raw/landing/ --recursive"
    assert remedy in result.output.splitlines()


def delete_objects(account: EquippedAccount, *keys: str) -> None:
    for key in keys:
        account.client("s3").delete_object(Bucket=account.bucket, Key=key)


def empty_repository(account: EquippedAccount, name: str) -> None:
    account.client("ecr").batch_delete_image(repositoryName=name, imageIds=[{"imageTag": "0" * 40}])


def distrust(account: EquippedAccount) -> None:
    account.client("iam").delete_role(RoleName="abalone-dev-sagemaker")
    account.make_role({"Effect": "Allow", "Principal": {"Service": "glue.amazonaws.com"}, "Action": "sts:AssumeRole"})


def delete_bucket(account: EquippedAccount) -> None:
    delete_objects(account, LANDED, MODEL)
    account.client("s3").delete_bucket(Bucket=account.bucket)
    account.client("ssm").delete_parameter(Name=f"{PREFIX}/serving/model")


def leave_no_batch(account: EquippedAccount) -> None:
    delete_objects(account, LANDED)
    account.client("s3").put_object(Bucket=account.bucket, Key=f"{LANDED}.txt")


def delete_repository(account: EquippedAccount) -> None:
    account.client("ecr").delete_repository(repositoryName="abalone-dev-job", force=True)


MISSING: dict[str, tuple[Change, str, str, str]] = {
    "a parameter": (
        lambda account: account.client("ssm").delete_parameter(Name=f"{PREFIX}/pipeline/kms-key"),
        "parameters",
        "/abalone/dev/pipeline lacks kms-key",
        APPLY,
    ),
    "the landing zone": (
        leave_no_batch,
        "bucket",
        "no CSV file is in s3://abalone-test/data/01_raw/landing/",
        "aws s3 cp data/01_raw/landing/ s3://abalone-test/data/01_raw/landing/ --recursive",
    ),
    "a key that is off": (
        lambda account: account.client("kms").disable_key(KeyId=account.key_id),
        "key",
        "is Disabled",
        "aws kms enable-key --key-id",
    ),
    "a key that goes": (
        lambda account: account.client("kms").schedule_key_deletion(KeyId=account.key_id),
        "key",
        "is about to be deleted",
        "aws kms cancel-key-deletion --key-id",
    ),
    "the role": (
        lambda account: account.client("iam").delete_role(RoleName="abalone-dev-sagemaker"),
        "execution role",
        "role/abalone-dev-sagemaker does not exist",
        APPLY,
    ),
    "the trust": (distrust, "execution role", "does not trust sagemaker.amazonaws.com", APPLY),
    "a repository": (delete_repository, "images", "amazonaws.com/abalone-dev-job does not exist", APPLY),
    "the group": (
        lambda account: account.set_parameter("pipeline/model-package-group", "abalone-gone"),
        "model package group",
        "abalone-gone does not exist",
        APPLY,
    ),
    "a quota": (
        lambda account: account.quotas.update({"ml.m5.xlarge for spot training job usage": 0.0}),
        "quotas",
        "ml.m5.xlarge for spot training job usage: 0",
        "aws service-quotas request-service-quota-increase --service-code sagemaker --quota-code L-1",
    ),
    "the pipeline": (
        lambda account: account.client("codepipeline").delete_pipeline(name="abalone-dev"),
        "pipeline",
        "abalone-dev does not exist",
        APPLY,
    ),
    "the confirmation": (
        lambda account: setattr(account, "connection_status", "PENDING"),
        "pipeline",
        "connection/1 is PENDING",
        "confirm it at https://eu-west-1.console.aws.amazon.com/codesuite/settings/connections",
    ),
    "the released model": (
        lambda account: delete_objects(account, MODEL),
        "release",
        f"s3://abalone-test/{MODEL} does not exist",
        "run the pipeline again",
    ),
}


def found_by(check: str, session: boto3.Session) -> Finding:
    """What one check finds that is not ok."""
    found = CHECKS[check](Account("dev", REPOSITORY / "conf", session))
    (fault,) = [finding for finding in found if finding.status != "ok"]
    return fault


@pytest.mark.parametrize("what", MISSING)
def test_what_is_missing_is_named_with_the_remedy(what: str, account: EquippedAccount, session: boto3.Session) -> None:
    change, check, found, remedy = MISSING[what]
    change(account)

    fault = found_by(check, session)

    assert fault.status == "missing"
    assert found in fault.found
    assert remedy in fault.remedy


def test_bucket_that_is_gone_is_named(account: EquippedAccount) -> None:
    delete_bucket(account)

    code, found = faults()

    assert code == 1
    assert [fault["found"] for fault in found if fault["subject"] == "bucket"] == ["abalone-test does not exist"]


def unencrypt(account: EquippedAccount) -> None:
    rules = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
    account.client("s3").put_bucket_encryption(Bucket=account.bucket, ServerSideEncryptionConfiguration=rules)


WARNINGS: dict[str, tuple[Change, str, str]] = {
    "encryption of S3's own": (unencrypt, "bucket", "is encrypted with AES256 and not with KMS"),
    "no image": (lambda account: empty_repository(account, "abalone-dev-serving"), "images", "is empty"),
    "an endpoint's quota": (
        lambda account: account.quotas.update({"ml.t2.medium for endpoint usage": 0.0}),
        "quotas",
        "ml.t2.medium for endpoint usage: 0",
    ),
    "a quota that is not told": (
        lambda account: account.quotas.pop("ml.m5.large for processing job usage"),
        "quotas",
        "AWS does not tell that of ml.m5.large for processing job usage",
    ),
    "no release": (
        lambda account: account.client("ssm").delete_parameter(Name=f"{PREFIX}/serving/model"),
        "release",
        "no model was released",
    ),
}


@pytest.mark.parametrize("what", WARNINGS)
def test_what_does_not_stop_a_delivery_is_a_warning(
    what: str, account: EquippedAccount, session: boto3.Session
) -> None:
    change, check, found = WARNINGS[what]
    change(account)

    fault = found_by(check, session)

    assert fault.status == "warning"
    assert found in fault.found


def test_role_that_anyone_may_assume_lacks_nothing(account: EquippedAccount, session: boto3.Session) -> None:
    account.client("iam").delete_role(RoleName="abalone-dev-sagemaker")
    account.make_role({"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"})

    (finding,) = CHECKS["execution role"](Account("dev", REPOSITORY / "conf", session))

    assert finding.status == "ok"


@pytest.mark.usefixtures("account")
def test_image_in_another_repository_that_is_not_there_is_named(
    session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "123456789012.dkr.ecr.eu-west-1.amazonaws.com"
    monkeypatch.setenv("ABALONE_IMAGE", f"{address}/other@sha256:{'0' * 64}")

    fault = found_by("images", session)

    assert fault.found == f"{address}/other does not exist"
    assert fault.remedy == f"name an image of {address}/abalone-dev-job by ABALONE_IMAGE, or unset it"


@pytest.mark.parametrize(
    ("image", "status", "found"),
    [
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/abalone-dev-job@sha256:" + 64 * "0", "missing", "has no image"),
        ("123456789012.dkr.ecr.eu-west-1.amazonaws.com/abalone-dev-job", "warning", "no image by its digest"),
        ("abalone:latest", "missing", "is no address of ECR with a digest"),
    ],
)
@pytest.mark.usefixtures("account")
def test_image_that_is_named_is_looked_for(
    image: str, status: str, found: str, session: boto3.Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABALONE_IMAGE", image)

    fault = found_by("images", session)

    assert (fault.status, fault.subject) == (status, "image of job")
    assert found in fault.found
    assert fault.remedy.startswith("delivery/push_image.sh job ")


def test_empty_account_lacks_the_parameters_alone(account: EquippedAccount) -> None:
    names = [
        parameter["Name"]
        for parameter in account.client("ssm").get_parameters_by_path(Path=PREFIX, Recursive=True)["Parameters"]
    ]
    account.client("ssm").delete_parameters(Names=names)

    code, found = faults()

    assert code == 1
    assert [(fault["subject"], fault["status"]) for fault in found] == [
        ("parameters", "missing"),
        ("release", "warning"),
    ]
    assert found[0]["remedy"] == APPLY


def test_what_aws_refuses_to_tell_does_not_hide_the_rest(
    account: EquippedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    # a server that knows no quotas denies them
    monkeypatch.setenv("AWS_ENDPOINT_URL_SERVICE_QUOTAS", account.env["AWS_ENDPOINT_URL_CODECONNECTIONS"])

    code, (fault,) = faults()

    assert code == 1
    assert fault["subject"] == "quotas"
    assert "you may not ListServiceQuotas" in fault["found"]
    assert fault["remedy"].startswith("the AWS identity in use may not do this")


@pytest.mark.parametrize(
    ("variable", "value", "subject", "remedy"),
    [
        ("AWS_DEFAULT_REGION", None, "region", "export AWS_DEFAULT_REGION=<region>"),
        ("AWS_PROFILE", "unknown", "credentials", "check AWS_PROFILE"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9", "credentials", "check the network and AWS_ENDPOINT_URL"),
    ],
)
@pytest.mark.usefixtures("account")
def test_without_an_account_nothing_else_is_looked_for(
    variable: str, value: str | None, subject: str, remedy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is None:
        monkeypatch.delenv(variable)
    else:
        monkeypatch.setenv(variable, value)

    code, (fault,) = faults()

    assert code == 1
    assert fault["subject"] == subject
    assert remedy in fault["remedy"]


def test_unknown_environment_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(REPOSITORY)

    result = doctor("--env", "staging")

    assert result.exit_code == 1
    assert result.stderr == (
        "Error: conf/staging has no sagemaker.yml: run in the project's folder, with --env dev or prd\n"
    )


@pytest.mark.parametrize(
    ("env", "training"),
    [("dev", "ml.m5.xlarge for spot training job usage"), ("prd", "ml.m5.xlarge for training job usage")],
)
def test_quotas_are_those_of_the_configuration(env: str, training: str) -> None:
    jobs, endpoints = needed(REPOSITORY / "conf", env)

    assert jobs == {"ml.m5.large for processing job usage", training}
    assert endpoints == {"ml.t2.medium for endpoint usage", "ml.m5.large for endpoint usage"}


def test_project_that_trains_and_registers_nothing_needs_quotas_of_its_other_jobs_alone(tmp_path: Path) -> None:
    shutil.copytree(REPOSITORY / "conf" / "base", tmp_path / "base")
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev" / "sagemaker.yml").write_text("training: null\nregistration: null\n", encoding="utf-8")

    jobs, endpoints = needed(tmp_path, "dev")

    assert jobs == {"ml.m5.large for processing job usage", "ml.m5.xlarge for processing job usage"}
    assert endpoints == set()


def test_command_is_a_module_as_well(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "abalone.console", "doctor"]

    completed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert completed.returncode == 1
    assert "run in the project's folder" in completed.stderr
