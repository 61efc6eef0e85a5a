from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.etl.arguments import SPLIT_BYTES, Options, read_arguments, read_arguments_of_glue
from abalone.etl.configuration import read_configuration
from support.project import REPOSITORY

CONF = ["--conf", str(REPOSITORY / "conf")]


def test_arguments_that_count_are_read_and_those_of_glue_are_left_alone() -> None:
    glues_own = ["--JOB_NAME", "abalone-dev-prepare", "--enable-metrics", "true", "--TempDir", "s3://b/tmp"]

    options = read_arguments_of_glue([*glues_own, *CONF, "--environment", "dev", "--data=s3://bucket/data"])

    assert options == Options("dev", REPOSITORY / "conf", "s3://bucket/data", SPLIT_BYTES)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (CONF, "--environment is missing among the arguments of the job: choose one of base, dev, prd"),
        ([*CONF, "--environment", "dve"], "has no environment 'dve': choose one of base, dev, prd"),
        (["--environment", "dev", "--conf", "nowhere"], "--conf is 'nowhere', which is no folder"),
        ([*CONF, "--environment", "dev", "--data", "http://b/data"], "--data is 'http://b/data': give a folder"),
        ([*CONF, "--environment", "dev", "--data", "s3:///data"], "--data is 's3:///data': give a folder"),
        ([*CONF, "--environment", "dev", "--data", ""], "--data is '': give a folder"),
        ([*CONF, "--environment", "dev", "--split-bytes", "0"], "--split-bytes is '0': give a number of bytes above 0"),
        ([*CONF, "--environment", "dev", "--split-bytes", "64M"], "--split-bytes is '64M': give a number of bytes"),
    ],
)
def test_wrong_argument_is_told_in_one_line(arguments: list[str], told: str) -> None:
    with pytest.raises(AbaloneError, match=r"^[^\n]+$") as caught:
        read_arguments(arguments)

    assert told in str(caught.value)


def test_argument_of_a_job_without_its_value_is_told_in_one_line() -> None:
    with pytest.raises(AbaloneError, match=r"^the arguments of the job are wrong: argument --data: expected one"):
        read_arguments_of_glue(["--environment", "dev", "--data"])


@pytest.mark.parametrize("unknown", [["--params", "x=1"], ["--enviroment", "dev"], ["dev"]])
def test_unknown_argument_of_a_person_is_refused(unknown: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments([*CONF, "--environment", "base", *unknown])

    assert ended.value.code == 2
    assert f"unrecognized arguments: {' '.join(unknown)}" in capsys.readouterr().err


def test_help_names_the_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(["--help"])

    assert not ended.value.code
    assert "--split-bytes" in capsys.readouterr().out


def test_data_folder_is_the_environments_unless_another_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ABALONE_DATA", str(tmp_path))

    configured = read_configuration(read_arguments([*CONF, "--environment", "base"]))
    given = read_configuration(read_arguments([*CONF, "--environment", "base", "--data", "s3://bucket/data/"]))

    assert configured.data == str(tmp_path)
    assert given.data == "s3://bucket/data"
    assert given.ingestion["maximum_line_bytes"] == 10_000


def test_environment_on_s3_takes_its_bucket_from_the_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ABALONE_BUCKET", raising=False)

    configuration = read_configuration(read_arguments([*CONF, "--environment", "dev", "--data", "s3://bucket/data"]))

    assert configuration.data == "s3://bucket/data"
    monkeypatch.delenv("ABALONE_BUCKET", raising=False)
