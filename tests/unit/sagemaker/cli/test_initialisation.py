import shutil
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from abalone.errors import AbaloneError
from abalone.sagemaker.cli import initialisation
from abalone.sagemaker.cli.commands import COMMANDS
from support.project import REPOSITORY, Project
from support.sagemaker_account import IMAGE, ROLE

SERVING = IMAGE.replace("abalone@", "abalone-serving@")
BUCKET = "abalone-data"
GIVEN = ("--bucket", BUCKET, "--role", ROLE, "--image", IMAGE, "--serving-image", SERVING)


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the project's configuration, in the current folder; nothing of an account is in the environment."""
    monkeypatch.chdir(tmp_path)
    for name in ("ABALONE_BUCKET", "ABALONE_EXECUTION_ROLE", "ABALONE_IMAGE", "ABALONE_SERVING_IMAGE"):
        monkeypatch.delenv(name, raising=False)
    return Path(shutil.copytree(REPOSITORY / "conf", tmp_path / "conf"))


def init(*arguments: str, answers: str = "") -> Result:
    return CliRunner().invoke(COMMANDS["init"], ["--env", "dev", *arguments], input=answers)


def test_values_are_written_and_the_rest_of_the_files_stays(conf: Path) -> None:
    before = yaml.safe_load((conf / "dev" / "sagemaker.yml").read_text())
    globals_before = (conf / "dev" / "globals.yml").read_text()

    result = init(*GIVEN)

    after = yaml.safe_load((conf / "dev" / "sagemaker.yml").read_text())
    assert result.exit_code == 0, result.output
    assert after.pop("aws") == {**before.pop("aws"), "execution_role": ROLE}
    assert after.pop("registration") == {**before.pop("registration"), "image": SERVING}
    assert after.pop("docker") == {"image": IMAGE}
    assert after == before
    assert (conf / "dev" / "globals.yml").read_text() == globals_before.replace("${oc.env:ABALONE_BUCKET}", BUCKET)


def test_pipeline_compiles_from_what_was_written_with_nothing_in_the_environment(conf: Path, project: Project) -> None:
    init(*GIVEN)
    for name in ("pyproject.toml", "src"):
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy
        copy(REPOSITORY / name, conf.parent / name)

    result = project.kedro(
        "sagemaker", "compile", "--output-path", "-", cwd=conf.parent, env={"AWS_DEFAULT_REGION": "eu-west-1"}
    )

    assert result.returncode == 0, result.stderr
    assert f"s3://{BUCKET}/" in result.stdout
    assert ROLE in result.stdout


def test_environment_without_a_file_gets_one(conf: Path) -> None:
    (conf / "dev" / "sagemaker.yml").unlink()

    result = init(*GIVEN)

    assert result.exit_code == 0, result.output
    assert (conf / "dev" / "sagemaker.yml").read_text().startswith("# Merged over conf/base/sagemaker.yml")


def test_what_is_not_given_is_asked_for_until_it_is_right(conf: Path) -> None:
    result = init(*GIVEN[2:], answers="s3://Wrong\nabalone-data\n")

    assert result.exit_code == 0, result.output
    assert "'s3://Wrong' is no name of an S3 bucket" in result.output
    assert "bucket: abalone-data" in (conf / "dev" / "globals.yml").read_text()


def test_what_nobody_can_answer_is_missed_by_name(conf: Path) -> None:
    before = (conf / "dev" / "sagemaker.yml").read_text()

    result = init(*GIVEN[2:])

    assert result.exit_code == 2
    assert "Missing option '--bucket'" in result.output
    assert (conf / "dev" / "sagemaker.yml").read_text() == before


def test_value_that_is_there_is_replaced_only_with_yes(conf: Path) -> None:
    init(*GIVEN)
    other = (*GIVEN[2:], "--bucket", "another-bucket")

    refused = init(*other)
    replaced = init(*other, "--yes")

    assert refused.exit_code == 1
    assert "bucket: abalone-data: give --yes to replace it" in refused.output
    assert replaced.exit_code == 0, replaced.output
    assert "bucket: another-bucket" in (conf / "dev" / "globals.yml").read_text()


def test_same_values_may_be_given_again(conf: Path) -> None:
    init(*GIVEN)
    written = (conf / "dev" / "sagemaker.yml").read_text()

    assert init(*GIVEN).exit_code == 0
    assert (conf / "dev" / "sagemaker.yml").read_text() == written


def test_file_that_would_not_be_valid_is_not_written(conf: Path) -> None:
    file = conf / "dev" / "sagemaker.yml"
    file.write_text(file.read_text() + "colour: red\n")
    before = file.read_text()

    result = init(*GIVEN)

    assert result.exit_code == 1
    assert "colour is not the name of a key" in result.output
    assert file.read_text() == before


def test_environment_that_does_not_exist_is_told_with_those_that_do(conf: Path) -> None:
    with pytest.raises(AbaloneError, match="no environment 'staging': choose one of base, dev, prd"):
        initialisation.initialise(conf, "staging", {}, overwrite=False)


@pytest.mark.parametrize(
    "name", ["ab", "Upper", "s3://bucket", "a_b", "-a-", "192.168.5.4", "a..b", "xn--abc", 64 * "a"]
)
def test_bucket_that_s3_refuses_is_refused(name: str) -> None:
    with pytest.raises(AbaloneError, match="3 to 63 lower-case letters"):
        initialisation.check_bucket(name)


@pytest.mark.parametrize("arn", ["abalone", "arn:aws:iam::1:role/abalone", "arn:aws:iam::123456789012:user/abalone"])
def test_role_that_iam_does_not_know_is_refused(arn: str) -> None:
    with pytest.raises(AbaloneError, match="aws iam get-role"):
        initialisation.check_role(arn)


@pytest.mark.parametrize("image", ["abalone", "with blank:1", "repository@latest", "registry:5000/abalone", ""])
def test_image_that_names_nothing_is_refused(image: str) -> None:
    with pytest.raises(AbaloneError, match="sha256:<"):
        initialisation.check_image(image)


@pytest.mark.parametrize("image", [IMAGE, "abalone:1.2", "registry:5000/team/abalone:latest"])
def test_image_with_tag_or_digest_is_taken(image: str) -> None:
    initialisation.check_image(image)
