"""`abalone models`, `promote` and `rollback`: in processes of their own on disk, and in an account on this machine."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from abalone.console.__main__ import cli
from abalone.datasets.champion import ChampionDataset
from abalone.datasets.champion_record import ChampionChangedError, look, replace
from abalone.promotion.registry import Registry
from support.equipped_account import PREFIX, EquippedAccount, serving_account
from support.json_service import json_service
from support.project import REPOSITORY, Project
from support.versions import (
    FIRST,
    SECOND,
    THIRD,
    artifact_of,
    make_champion,
    metadata_of,
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
        assert package["CustomerMetadataProperties"] == metadata_of(version)
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


def remove_archive(account: EquippedAccount, version: str) -> None:
    key = model_data_url(account, version).removeprefix(f"s3://{account.bucket}/")
    account.client("s3").delete_object(Bucket=account.bucket, Key=key)


def test_versions_are_joined_with_their_packages_and_the_hosts_without_reading_an_archive(
    abalone: Run, account: EquippedAccount
) -> None:
    for version in (FIRST, SECOND):
        remove_archive(account, version)

    versions = json.loads(abalone("models", "--json").output)

    assert [
        (version["version"], version["status"], version["approval"], version["on_hosts"]) for version in versions
    ] == [
        (SECOND, "candidate", "PendingManualApproval", False),
        (FIRST, "champion", "Approved", True),
    ]
    assert versions[0]["package"].endswith("model-package/abalone-dev/2")
    _, second, first = abalone("models").output.splitlines()
    assert "2, pending" in second
    assert "serving" not in second
    assert "1, approved  serving" in first


def test_package_from_before_metadata_named_the_artifact_is_known_by_its_archive(
    abalone: Run, account: EquippedAccount
) -> None:
    register(account, SECOND, "Approved", metadata={"git_commit": "0123abc"})

    (version,) = json.loads(abalone("models", "--limit", "1", "--json").output)[:1]

    assert version["package"].endswith("model-package/abalone-dev/3")


def test_version_that_was_rejected_in_the_registry_says_why(abalone: Run, account: EquippedAccount) -> None:
    (package,) = (version["package"] for version in json.loads(abalone("models", "--json").output)[:1])
    account.client("sagemaker").update_model_package(
        ModelPackageArn=package, ModelApprovalStatus="Rejected", ApprovalDescription="RMSE 2.9 at the endpoint"
    )

    assert f"{SECOND}: rejected in the registry: RMSE 2.9 at the endpoint" in abalone("models").output


def test_champion_before_that_was_rejected_since_is_not_what_a_rollback_goes_back_to(
    abalone: Run, account: EquippedAccount
) -> None:
    abalone("promote", SECOND, "--yes")
    first = json.loads(abalone("models", "--json").output)[1]
    account.client("sagemaker").update_model_package(
        ModelPackageArn=first["package"], ModelApprovalStatus="Rejected", ApprovalDescription="slow"
    )

    statuses = [version["status"] for version in json.loads(abalone("models", "--json").output)]

    assert (first["status"], statuses) == ("previous", ["champion", "rejected"])
    refused = abalone("rollback", "--yes")
    assert f'`abalone promote {FIRST} --env dev --force --reason "..."`' in refused.output


def test_hosts_that_are_told_to_serve_no_version_are_noticed(abalone: Run, account: EquippedAccount) -> None:
    account.set_parameter("serving/model", "s3://elsewhere/model.tar.gz")

    assert "The hosts are told to serve s3://elsewhere/model.tar.gz, which is none of these" in abalone("models").output


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
    write_version(versions, THIRD)
    upload(versions, account)

    result = abalone("promote", THIRD, "--yes")

    assert result.exit_code == 1
    assert f"{THIRD} has no model package in abalone-dev" in result.output
    assert "`kedro sagemaker run --env dev` registers" in result.output
    assert record(account)["version"] == FIRST


def test_version_whose_archive_is_gone_is_not_named_to_the_hosts(abalone: Run, account: EquippedAccount) -> None:
    remove_archive(account, SECOND)

    result = abalone("promote", SECOND, "--yes")

    assert result.exit_code == 1
    assert f"{SECOND} has no model package in abalone-dev whose archive is there" in result.output
    assert (record(account)["version"], served(account)) == (FIRST, model_data_url(account, FIRST))


def test_data_on_s3_without_a_registry_have_a_champion_all_the_same(
    abalone: Run, account: EquippedAccount, versions: Path
) -> None:
    account.account.reset()
    upload(versions, account)

    result = abalone("promote", SECOND, "--yes")

    assert result.exit_code == 0, result.output
    assert "A service that watches" in result.output
    assert record(account)["version"] == SECOND


def test_promotion_in_the_wrong_region_says_that_nobody_was_told_and_is_made_good_in_the_right_one(
    abalone: Run, account: EquippedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("AWS_DEFAULT_REGION", "us-east-1")
        result = abalone("promote", SECOND, input="y\n")

    assert result.exit_code == 0, result.output
    assert "There is no model package group abalone-dev in us-east-1: only the champion's record" in result.output
    assert "no host or endpoint told" in result.output
    assert f"`abalone promote {SECOND} --env dev` with that region in AWS_DEFAULT_REGION" in result.output
    assert (record(account)["version"], served(account)) == (SECOND, model_data_url(account, FIRST))

    assert abalone("promote", SECOND, "--reason", "in the right region", "--yes").exit_code == 0

    assert served(account) == model_data_url(account, SECOND)
    assert in_registry(account)[SECOND][0] == "Approved"
    assert f"{SECOND} is the champion already" in abalone("promote", SECOND, "--yes").output
    assert abalone("rollback", "--yes").exit_code == 0
    assert (record(account)["version"], served(account)) == (FIRST, model_data_url(account, FIRST))


def test_rollback_in_the_wrong_region_is_made_good_in_the_right_one_by_the_command_that_it_names(
    abalone: Run, account: EquippedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    abalone("promote", SECOND, "--yes")
    with monkeypatch.context() as elsewhere:
        elsewhere.setenv("AWS_DEFAULT_REGION", "us-east-1")
        result = abalone("rollback", "--reason", "slow", "--yes")
    assert f"`abalone rollback {FIRST} --env dev` with that region in AWS_DEFAULT_REGION" in result.output
    assert (in_registry(account)[SECOND][0], served(account)) == ("Approved", model_data_url(account, SECOND))

    assert abalone("rollback", FIRST).exit_code == 0

    approval, why = in_registry(account)[SECOND]
    assert (approval, served(account)) == ("Rejected", model_data_url(account, FIRST))
    assert why.endswith(": slow")
    assert (record(account)["version"], len(logged(account))) == (FIRST, 2)
    assert f"{FIRST} is the champion already" in abalone("rollback", FIRST).output


def test_champion_of_a_rollback_that_was_rejected_since_is_not_approved_by_the_same_command(
    abalone: Run, account: EquippedAccount
) -> None:
    abalone("promote", SECOND, "--yes")
    abalone("rollback", "--yes")
    package = json.loads(abalone("models", "--json").output)[1]["package"]
    account.client("sagemaker").update_model_package(
        ModelPackageArn=package, ModelApprovalStatus="Rejected", ApprovalDescription="slow"
    )

    result = abalone("rollback", FIRST, "--yes")

    assert result.exit_code == 1
    assert f"{FIRST} was rejected in the registry" in result.output
    assert json.loads(abalone("models", "--json").output)[1]["approval"] == "Rejected"


def test_promotion_whose_archive_is_deleted_meanwhile_is_left_unfinished_and_hinders_no_other(
    abalone: Run, account: EquippedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    def delete_archive(*_: object, **__: object) -> bool:
        """What somebody does while the question waits for its answer."""
        remove_archive(account, SECOND)
        return True

    monkeypatch.setattr("click.confirm", delete_archive)

    result = abalone("promote", SECOND)

    assert result.exit_code == 1
    assert f"{SECOND} is the champion" in result.output
    assert "its model package in abalone-dev, or the archive, is gone" in result.output
    assert served(account) == model_data_url(account, FIRST)
    assert f"The promote of {SECOND} was not finished" in abalone("models").output
    assert abalone("promote", FIRST, "--yes").exit_code == 0
    assert (record(account)["version"], served(account)) == (FIRST, model_data_url(account, FIRST))
    assert len(logged(account)) == 2


def test_packages_that_are_older_than_those_of_the_listed_versions_are_not_read(
    abalone: Run, account: EquippedAccount, versions: Path
) -> None:
    account.equip()
    register(account, FIRST, metadata={"git_commit": "0123abc"})
    first_archive = model_data_url(account, FIRST).removeprefix(f"s3://{account.bucket}/")
    account.client("s3").put_object(Bucket=account.bucket, Key=first_archive, Body=b"would be told to be damaged")
    package = register(account, SECOND)
    write_version(versions, THIRD, passed=False)
    make_champion(versions, SECOND)
    upload(versions, account)

    result = abalone("models", "--limit", "2", "--json")

    assert result.exit_code == 0, result.output
    assert [version["package"] for version in json.loads(result.output)] == [None, package]


def test_registry_that_refuses_is_not_taken_for_one_that_is_missing(
    abalone: Run, account: EquippedAccount, monkeypatch: pytest.MonkeyPatch
) -> None:
    refusal = {"__type": "ValidationException", "message": "1 validation error detected: the name is too long"}
    with json_service({"DescribeModelPackageGroup": lambda _: refusal}) as endpoint:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SAGEMAKER", endpoint)
        result = abalone("promote", SECOND, "--yes")

    assert result.exit_code == 1
    assert "the name is too long" in result.output
    assert record(account)["version"] == FIRST


@pytest.mark.parametrize(("moment", "other"), [("serve", ("promote", THIRD)), ("approve", ("rollback", FIRST))])
def test_of_two_promotions_at_once_the_one_of_the_record_has_the_last_word(
    abalone: Run,
    account: EquippedAccount,
    versions: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    moment: str,
    other: tuple[str, str],
) -> None:
    write_version(versions, THIRD)
    upload(versions, account)
    register(account, THIRD)
    undisturbed = getattr(Registry, moment)

    def overtaken(*arguments: Any) -> None:
        """What a slow promotion does, while another one runs from beginning to end."""
        monkeypatch.setattr(Registry, moment, undisturbed)
        assert abalone(*other, "--yes").exit_code == 0
        undisturbed(*arguments)

    monkeypatch.setattr(Registry, moment, overtaken)

    result = abalone("promote", SECOND, "--yes")

    assert result.exit_code == 0, result.output
    champion = other[1]
    assert record(account)["version"] == champion
    assert served(account) == model_data_url(account, champion)
    assert in_registry(account)[champion][0] == "Approved"
    assert in_registry(account)[SECOND][0] == ("Rejected" if other[0] == "rollback" else "Approved")
    lines = [json.loads(line) for line in abalone("models", "--log").output.splitlines()]
    assert [(line["from"], line["to"]) for line in lines] == [(FIRST, SECOND), (SECOND, champion)]


def test_own_record_is_not_taken_for_that_of_somebody_else_when_its_answer_was_lost(account: EquippedAccount) -> None:
    place = f"s3://{account.bucket}/data/06_models/champion.json"
    seen, ours = look(place), {"version": SECOND, "digest": "d", "previous": FIRST}
    replace(place, ours, seen)

    replace(place, ours, seen)  # as the client does when it heard no answer

    with pytest.raises(ChampionChangedError):
        replace(place, {**ours, "version": THIRD}, seen)
    assert record(account) == ours


def test_bucket_that_is_not_named_is_told(abalone: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ABALONE_BUCKET")

    result = abalone("models")

    assert result.exit_code == 1
    assert result.output.startswith("Error: Environment variable 'ABALONE_BUCKET' not found. To mend it: set it first:")
    assert "export ABALONE_BUCKET=" in result.output
    assert len(result.output.splitlines()) == 1
