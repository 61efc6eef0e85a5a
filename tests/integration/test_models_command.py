"""`abalone models`, `promote` and `rollback`: in processes of their own on disk, and in an account on this machine."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from abalone.console.__main__ import cli
from abalone.datasets.champion import ChampionDataset
from support.equipped_account import PREFIX, EquippedAccount, serving_account
from support.project import REPOSITORY, Project
from support.versions import (
    FIRST,
    SECOND,
    artifact_of,
    make_champion,
    model_data_url,
    register,
    upload,
    write_version,
)

Run = Callable[..., Result]


@pytest.fixture
def versions(tmp_path: Path) -> Path:
    """Two versions, of which the first is the champion."""
    models = tmp_path / "data" / "06_models"
    for version in (FIRST, SECOND):
        write_version(models, version)
    make_champion(models, FIRST)
    return models


@pytest.fixture(scope="module")
def server() -> Iterator[EquippedAccount]:
    with serving_account() as account:
        yield account


@pytest.fixture
def account(server: EquippedAccount, versions: Path, monkeypatch: pytest.MonkeyPatch) -> EquippedAccount:
    """An account in which both versions are registered, and the first serves."""
    monkeypatch.chdir(REPOSITORY)
    for name, value in {**server.env, "ABALONE_BUCKET": server.bucket}.items():
        monkeypatch.setenv(name, value)
    server.equip()
    upload(versions, server)
    register(server, FIRST, "Approved")
    register(server, SECOND)
    server.set_parameter("serving/model", model_data_url(server, FIRST))
    return server


@pytest.fixture
def abalone(account: EquippedAccount) -> Run:  # noqa: ARG001 - it is what the command finds
    return lambda *arguments, **options: CliRunner().invoke(cli, [*arguments, "--env", "dev"], **options)


def in_registry(account: EquippedAccount) -> dict[str, tuple[str, str]]:
    """Approval status and description of each version's package."""
    sagemaker = account.client("sagemaker")
    listed = sagemaker.list_model_packages(ModelPackageGroupName="abalone-dev")["ModelPackageSummaryList"]
    found = {}
    for summary in listed:
        package = sagemaker.describe_model_package(ModelPackageName=summary["ModelPackageArn"])
        version = package["InferenceSpecification"]["Containers"][0]["ModelDataUrl"].split("/")[-2]
        assert package["CustomerMetadataProperties"] == {"git_commit": "0123abc"}
        found[version] = package["ModelApprovalStatus"], package.get("ApprovalDescription") or ""
    return found


def served(account: EquippedAccount) -> str:
    value: str = account.client("ssm").get_parameter(Name=f"{PREFIX}/serving/model")["Parameter"]["Value"]
    return value


def record(account: EquippedAccount) -> dict[str, Any]:
    body = account.client("s3").get_object(Bucket=account.bucket, Key="data/06_models/champion.json")["Body"]
    read: dict[str, Any] = json.loads(body.read())
    return read


def logged(account: EquippedAccount) -> list[str]:
    return account.account.keys("data/06_models/promotions/")


def test_models_are_promoted_and_rolled_back_on_disk(versions: Path) -> None:
    project = Project(versions.parent)
    champion = ChampionDataset(filepath=(versions / "champion.json").as_posix(), versions="model")

    promoted = project.python("-m", "abalone.console", "promote", SECOND, "--reason", "better at new sites")
    assert promoted.returncode == 0, promoted.stderr
    loaded = champion.load()
    assert loaded is not None
    assert (loaded.version, loaded.digest) == (SECOND, artifact_of(SECOND).digest)

    assert project.python("-m", "abalone.console", "rollback").returncode == 0
    restored = champion.load()
    assert restored is not None
    assert restored.version == FIRST
    lines = [json.loads(path.read_text()) for path in sorted((versions / "promotions").iterdir())]
    assert [(line["action"], line["to"]) for line in lines] == [("promote", SECOND), ("rollback", FIRST)]


def test_table_joins_versions_with_their_packages(abalone: Run) -> None:
    versions = json.loads(abalone("models", "--json").output)

    assert [(version["version"], version["status"], version["approval"]) for version in versions] == [
        (SECOND, "candidate", "PendingManualApproval"),
        (FIRST, "champion", "Approved"),
    ]
    assert versions[0]["package"].endswith("model-package/abalone-dev/2")
    assert "2, PendingManualApproval" in abalone("models").output


def test_promotion_approves_the_package_and_names_it_to_the_hosts(abalone: Run, account: EquippedAccount) -> None:
    result = abalone("promote", SECOND, "--reason", "counted again", "--yes")

    assert result.exit_code == 0, result.output
    approval, why = in_registry(account)[SECOND]
    assert approval == "Approved"
    assert why.startswith("promote by arn:aws:sts::123456789012:")
    assert why.endswith(": counted again")
    assert served(account) == model_data_url(account, SECOND)
    assert (record(account)["version"], record(account)["previous"]) == (SECOND, FIRST)
    assert len(logged(account)) == 1
    assert f"ModelDataUrl={model_data_url(account, SECOND)}" in result.output


def test_rollback_restores_the_one_before_and_rejects_what_it_rolled_back(
    abalone: Run, account: EquippedAccount
) -> None:
    abalone("promote", SECOND, "--yes")

    result = abalone("rollback", "--reason", "slow", "--yes")

    assert result.exit_code == 0, result.output
    packages = in_registry(account)
    assert packages[FIRST][0] == "Approved"
    assert packages[SECOND][0] == "Rejected"
    assert packages[SECOND][1].endswith(": slow")
    assert served(account) == model_data_url(account, FIRST)
    assert record(account)["version"] == FIRST
    assert len(logged(account)) == 2
    assert "was rejected in the registry" in abalone("promote", SECOND, "--yes").output


def test_nothing_is_changed_in_an_account_without_a_yes(abalone: Run, account: EquippedAccount) -> None:
    result = abalone("promote", SECOND, input="n\n")

    assert result.exit_code == 1
    assert f"Make {SECOND} the champion of dev, in the place of {FIRST}? [y/N]" in result.output
    assert in_registry(account)[SECOND][0] == "PendingManualApproval"
    assert record(account)["version"] == FIRST


def test_promotion_that_was_stopped_after_the_record_is_finished_by_the_same_command(
    abalone: Run, account: EquippedAccount
) -> None:
    abalone("promote", SECOND, "--reason", "counted again", "--yes")
    s3 = account.client("s3")
    for key in logged(account):
        s3.delete_object(Bucket=account.bucket, Key=key)
    account.set_parameter("serving/model", model_data_url(account, FIRST))

    assert "was not finished" in abalone("models").output
    assert abalone("promote", SECOND).exit_code == 0

    assert served(account) == model_data_url(account, SECOND)
    assert len(logged(account)) == 1
    assert in_registry(account)[SECOND][1].endswith(": counted again")


def test_champion_of_a_run_in_the_meantime_is_not_overwritten(
    abalone: Run, account: EquippedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def promote_another(*_: object, **__: object) -> bool:
        """What a run does while the question waits for its answer."""
        body = json.dumps({"version": "theirs", "digest": "d", "previous": FIRST}).encode()
        account.client("s3").put_object(Bucket=account.bucket, Key="data/06_models/champion.json", Body=body)
        return True

    monkeypatch.setattr("click.confirm", promote_another)

    result = abalone("promote", SECOND)

    assert result.exit_code == 1
    assert "champion.json was written by somebody else in the meantime" in result.output
    assert record(account)["version"] == "theirs"
    assert in_registry(account)[SECOND][0] == "PendingManualApproval"


def test_version_without_a_package_is_refused_with_the_remedy(
    abalone: Run, account: EquippedAccount, versions: Path
) -> None:
    third = "2026-03-01T00.00.00.000Z"
    write_version(versions, third)
    upload(versions, account)

    result = abalone("promote", third, "--yes")

    assert result.exit_code == 1
    assert f"{third} has no model package in abalone-dev" in result.output
    assert "`kedro sagemaker run --env dev` registers" in result.output
    assert record(account)["version"] == FIRST


def test_data_on_s3_without_a_registry_have_a_champion_all_the_same(
    abalone: Run, account: EquippedAccount, versions: Path
) -> None:
    account.account.reset()
    upload(versions, account)

    result = abalone("promote", SECOND, "--yes")

    assert result.exit_code == 0, result.output
    assert "A service that watches" in result.output
    assert record(account)["version"] == SECOND


def test_bucket_that_is_not_named_is_told(abalone: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ABALONE_BUCKET")

    result = abalone("models")

    assert result.exit_code == 1
    assert "export ABALONE_BUCKET=" in result.output
    assert len(result.output.splitlines()) == 1
