"""What the Glue job is made of runs as Glue runs it: the script, the wheel on the path, a working directory."""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from abalone.rehearsal.local_aws import LocalAWS, local_aws
from support.project import REPOSITORY

FILES = ["abalone.whl", "conf.tar.gz", "prepare.py", "requirements.txt"]
GLUES_OWN = ("--JOB_NAME", "abalone-dev-prepare", "--TempDir", "s3://abalone/tmp", "--enable-metrics", "true")


def package(output: Path) -> Path:
    """Make the files of the job from somewhere else, and return their folder."""
    command = [sys.executable, REPOSITORY / "delivery" / "glue" / "package.py", output.name]
    subprocess.run(command, cwd=output.parent, check=True, capture_output=True)
    return output


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("glue"))


def run_job(packaged: Path, folder: Path, *arguments: str, aws: LocalAWS | None = None) -> subprocess.CompletedProcess:
    """Run the job as Glue does, with nothing of this repository in its path or its folder."""
    shutil.copy(packaged / "conf.tar.gz", folder)
    variables = {name: os.environ[name] for name in ("HOME", "PATH")} | {"PYTHONPATH": str(packaged / "abalone.whl")}
    variables |= {name: value for name, value in (aws.variables if aws else {}).items() if name.startswith("AWS_")}
    command = [sys.executable, packaged / "prepare.py", *GLUES_OWN, *arguments]
    return subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, timeout=240, check=False)


def test_job_makes_the_tables_that_the_pipelines_make(packaged: Path, tmp_path: Path) -> None:
    with local_aws() as aws:
        aws.upload(REPOSITORY / "data" / "01_raw" / "landing", "data/01_raw/landing")

        completed = run_job(packaged, tmp_path, "--environment", "dev", "--bucket", aws.bucket, aws=aws)

        assert completed.returncode == 0, completed.stderr
        table = aws.client("s3").get_object(Bucket=aws.bucket, Key="data/05_model_input/train_table.parquet")
        assert len(pd.read_parquet(io.BytesIO(table["Body"].read()))) == 3350
    assert str(packaged / "abalone.whl") in loaded_from(packaged)


def loaded_from(packaged: Path) -> str:
    command = [sys.executable, "-c", "import abalone; print(abalone.__file__)"]
    variables = {"PYTHONPATH": str(packaged / "abalone.whl"), "PATH": os.environ["PATH"]}
    return subprocess.run(command, cwd="/", env=variables, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--environment (the environment of conf/, such as dev) and --bucket"),
        (["--environment", "dev"], "--bucket (the bucket of the data, without s3://) missing"),
        (["--environment", "dev", "--bucket", "s3://b/data"], "--bucket is 's3://b/data': give its name alone"),
        (["--environment", "dve", "--bucket", "abalone"], "has no environment 'dve': choose one of base, dev, prd"),
    ],
)
def test_wrong_argument_is_the_reason_of_the_failure(
    arguments: list[str], said: str, packaged: Path, tmp_path: Path
) -> None:
    completed = run_job(packaged, tmp_path, *arguments)

    assert completed.returncode == 1
    assert completed.stderr.splitlines()[-1].startswith("abalone.errors.AbaloneError: ")
    assert said in completed.stderr.splitlines()[-1]


def test_job_without_its_configuration_says_how_it_comes(packaged: Path, tmp_path: Path) -> None:
    job = tmp_path / "job"
    shutil.copytree(packaged, job)
    command = [sys.executable, "prepare.py", "--environment", "dev", "--bucket", "abalone"]
    (job / "conf.tar.gz").unlink()

    completed = subprocess.run(command, cwd=job, capture_output=True, text=True, check=False)

    assert "let --extra-files of the job name it" in completed.stderr.splitlines()[-1]


def test_files_are_the_same_bytes_whenever_they_are_made(packaged: Path, tmp_path: Path) -> None:
    again = package(tmp_path)

    assert sorted(path.name for path in again.iterdir()) == FILES
    assert [name for name in FILES if (again / name).read_bytes() != (packaged / name).read_bytes()] == []


def test_requirements_are_those_of_the_locks_each_with_a_hash(packaged: Path) -> None:
    def pinned(text: str) -> set[str]:
        return {line.rstrip(" \\") for line in text.splitlines() if not line.startswith(" ")}

    locks = [(REPOSITORY / "requirements" / name).read_text() for name in ("run.txt", "aws.txt")]
    text = (packaged / "requirements.txt").read_text()

    assert pinned(text) == pinned("".join(locks))
    assert text.count("\n    --hash=") >= len(pinned(text))
