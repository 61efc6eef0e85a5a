"""What the Glue job is made of runs as Glue runs it: script, wheel, configuration, Spark, and nothing else of ours."""

import io
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pandas as pd
import pytest

from abalone.rehearsal.local_aws import LocalAWS, local_aws
from support.project import REPOSITORY

pytestmark = pytest.mark.timeout(900)

FILES = ["abalone.whl", "conf.tar.gz", "etl.py", "requirements.txt"]
GLUES_OWN = ("--JOB_NAME", "abalone-dev-etl", "--TempDir", "s3://abalone/tmp", "--enable-metrics", "true")
INSTALLED = sysconfig.get_path("purelib")
SPARK = Path(INSTALLED) / "pyspark"
ON_THIS_MACHINE = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": "1",
    "spark.ui.enabled": "false",
}


def package(output: Path) -> Path:
    """Make the files of the job from somewhere else, and return their folder."""
    command = [sys.executable, REPOSITORY / "delivery" / "glue" / "package.py", output.name]
    subprocess.run(command, cwd=output.parent, check=True, capture_output=True)
    return output


@pytest.fixture(scope="module")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package(tmp_path_factory.mktemp("glue"))


@pytest.fixture
def job(packaged: Path, tmp_path: Path) -> Path:
    """The working directory of a run: the package under the names of Terraform, and a Python that lacks abalone."""
    shutil.copytree(packaged, tmp_path, dirs_exist_ok=True)
    (tmp_path / "abalone.whl").rename(tmp_path / "abalone.zip")
    # without the site module, nothing leads from the installed packages to the source tree
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S "$@"\n')
    python.chmod(0o755)
    return tmp_path


def variables(job: Path, aws: LocalAWS | None = None) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("HOME", "JAVA_HOME", "PATH") if name in os.environ}
    kept |= {name: value for name, value in (aws.variables if aws else {}).items() if name.startswith("AWS_")}
    pythons = dict.fromkeys(("PYSPARK_PYTHON", "PYSPARK_DRIVER_PYTHON"), str(job / "python"))
    return {**kept, **pythons, "PYTHONPATH": INSTALLED, "SPARK_HOME": str(SPARK)}


def run(job: Path, *command: str | Path, aws: LocalAWS | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=job, env=variables(job, aws), capture_output=True, text=True, timeout=600, check=False
    )


def submit(job: Path, *arguments: str, aws: LocalAWS) -> subprocess.CompletedProcess[str]:
    """Run the job as Glue does, on a core of this machine."""
    settings = [part for name, value in ON_THIS_MACHINE.items() for part in ("--conf", f"{name}={value}")]
    spark = [SPARK / "bin" / "spark-submit", "--master", "local[1]", *settings, "--py-files", "abalone.zip"]
    return run(job, *spark, "etl.py", *GLUES_OWN, *arguments, aws=aws)


def run_script(job: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the script as far as it gets without Spark."""
    setup = f"import sys; sys.path.insert(0, 'abalone.zip'); sys.argv = ['etl.py', *{[*GLUES_OWN, *arguments]!r}]"
    return run(job, job / "python", "-c", f"{setup}; import runpy; runpy.run_path('etl.py', run_name='__main__')")


def content(aws: LocalAWS, path: str) -> bytes:
    body: bytes = aws.client("s3").get_object(Bucket=aws.bucket, Key=f"data/{path}")["Body"].read()
    return body


def rows_of(aws: LocalAWS, files: list[str]) -> int:
    return sum(len(pd.read_parquet(io.BytesIO(content(aws, path)))) for path in files)


def test_job_makes_the_tables_that_the_pipelines_make_with_the_package_alone(job: Path) -> None:
    assert "No module named 'abalone'" in run(job, job / "python", "-c", "import abalone").stderr
    with local_aws() as aws:
        aws.upload(REPOSITORY / "data" / "01_raw" / "landing", "data/01_raw/landing")

        completed = submit(job, "--environment", "dev", "--data", f"s3://{aws.bucket}/data", aws=aws)

        assert completed.returncode == 0, completed.stderr
        manifest = json.loads(content(aws, "03_primary/tables.json"))
        tables = {name: rows_of(aws, table["files"]) for name, table in manifest["tables"].items()}
    rows = {"measurements": 4169, "quarantine": 8, "train_table": 3350, "test_table": 819}
    assert tables == rows
    assert {name: table["rows"] for name, table in manifest["tables"].items()} == rows


def test_wrong_argument_is_the_reason_of_the_failure(job: Path) -> None:
    completed = run_script(job)

    assert completed.returncode == 1
    said = completed.stderr.splitlines()[-1]
    assert said.startswith("abalone.errors.AbaloneError: --environment is missing among the arguments of the job: ")


def test_job_without_its_configuration_says_how_it_comes(job: Path) -> None:
    (job / "conf.tar.gz").unlink()

    completed = run_script(job, "--environment", "dev")

    assert "let --extra-files of the job name it" in completed.stderr.splitlines()[-1]


def test_files_are_the_same_bytes_whenever_they_are_made(packaged: Path, tmp_path: Path) -> None:
    again = package(tmp_path)

    assert sorted(path.name for path in again.iterdir()) == FILES
    assert [name for name in FILES if (again / name).read_bytes() != (packaged / name).read_bytes()] == []


def test_requirements_are_those_of_the_locks_each_with_a_hash_and_without_spark(packaged: Path) -> None:
    def pinned(text: str) -> set[str]:
        return {line.rstrip(" \\") for line in text.splitlines() if not line.startswith(" ")}

    locks = [(REPOSITORY / "requirements" / name).read_text() for name in ("run.txt", "aws.txt")]
    text = (packaged / "requirements.txt").read_text()

    assert pinned(text) == pinned("".join(locks))
    assert text.count("\n    --hash=") >= len(pinned(text))
    assert "pyspark" not in text
