"""Runs one after the other: again, with more batches, with too many bad rows, and killed."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from pyspark.sql import SparkSession

from abalone.errors import AbaloneError
from abalone.etl.arguments import SPLIT_BYTES
from abalone.etl.job import run
from support.batches import HEADER
from support.project import REPOSITORY, UNMEASURED, Project
from support.tables import TABLES, assert_same, configuration, everything_in, land, load_table
from support.waiting import await_that

KILL_AT_WRITE = """
import os, pathlib, signal, sys
from abalone.etl.job import main

replace = pathlib.Path.replace

def replace_or_die(self, target):
    if pathlib.Path(target).name == "tables.json":
        os.kill(os.getpid(), signal.SIGKILL)
    return replace(self, target)

pathlib.Path.replace = replace_or_die
main(sys.argv[1:])
"""


@pytest.fixture
def batches(landing_zone: dict[str, bytes]) -> dict[str, bytes]:
    """Two batches of the survey, which overlap."""
    lines = landing_zone["survey.csv"].splitlines()
    return {"a.csv": b"\n".join(lines[:400]), "b.csv": b"\n".join([lines[0], *lines[300:600]])}


def parsed(data: Path) -> dict[str, int]:
    """When each file of a parsed batch was written."""
    return written(data / "02_intermediate" / "etl")


def written(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*.*")}


def reports(data: Path) -> dict[str, bytes]:
    return everything_in(data / "05_model_input") | everything_in(data / "08_reporting")


def test_only_what_has_changed_is_made_anew_and_only_two_runs_are_kept(
    spark: SparkSession, batches: dict[str, bytes], tmp_path: Path
) -> None:
    configured = configuration(str(tmp_path))
    land(batches, tmp_path)
    run(spark, configured, SPLIT_BYTES)
    at_first, tables = parsed(tmp_path), written(tmp_path / "03_primary")
    # as a run leaves them that is killed when it has swapped the tables
    (tmp_path / "08_reporting" / "ingestion_report.json").write_text("of the run before")
    (tmp_path / "05_model_input" / "held_out.csv").unlink()

    run(spark, configured, SPLIT_BYTES)

    assert parsed(tmp_path) == at_first
    assert written(tmp_path / "03_primary") == tables
    assert_same(str(tmp_path), lambda path: (tmp_path / path).read_bytes(), batches, configured)

    more = {**batches, "aa.csv": b"\n".join([HEADER.encode(), *batches["b.csv"].splitlines()[200:]])}
    land(more, tmp_path)
    run(spark, configured, SPLIT_BYTES)

    assert at_first.items() <= parsed(tmp_path).items()
    assert len({Path(path).parent for path in parsed(tmp_path)}) == len({Path(path).parent for path in at_first}) + 1
    assert_same(str(tmp_path), lambda path: (tmp_path / path).read_bytes(), more, configured)
    assert len(list((tmp_path / "03_primary" / "etl").iterdir())) == 2


def test_too_many_bad_rows_leave_the_tables_and_say_what_is_wrong(
    spark: SparkSession, batches: dict[str, bytes], tmp_path: Path
) -> None:
    configured = configuration(str(tmp_path))
    land(batches, tmp_path)
    run(spark, configured, SPLIT_BYTES)
    before = everything_in(tmp_path)
    # as a run leaves it that is killed when it has swapped the tables
    (tmp_path / "08_reporting" / "ingestion_report.json").write_text("of the run before")
    land({"c.csv": "\n".join([HEADER, *["bad"] * 100]).encode()}, tmp_path)

    for _ in range(2):
        with pytest.raises(AbaloneError, match=r"100 of 799 rows \(12.5%\) are quarantined.*mend the batches"):
            run(spark, configured, SPLIT_BYTES)

    after = everything_in(tmp_path)
    changed = {path for path in before if after[path] != before[path]}
    assert changed == {"08_reporting/quarantine.csv"}
    assert (tmp_path / "08_reporting" / "quarantine.csv").read_text().count("wrong number of fields") == 100

    (tmp_path / "01_raw" / "landing" / "c.csv").unlink()
    run(spark, configured, SPLIT_BYTES)

    assert before.items() <= everything_in(tmp_path).items()


def test_killed_job_leaves_the_last_complete_tables_and_the_next_one_tidies_up(
    spark: SparkSession, batches: dict[str, bytes], tmp_path: Path
) -> None:
    configured = configuration(str(tmp_path))
    land(batches, tmp_path)
    run(spark, configured, SPLIT_BYTES)
    before, reported = {name: load_table(str(tmp_path), name) for name in TABLES}, reports(tmp_path)
    runs = tmp_path / "03_primary" / "etl"
    land({"c.csv": batches["a.csv"].replace(b"M", b"F")}, tmp_path)

    for kill in (kill_at_the_manifest, interrupt_at_work):
        kill(tmp_path, runs)

        for name, table in before.items():
            pd.testing.assert_frame_equal(load_table(str(tmp_path), name), table)
        assert reports(tmp_path) == reported
    assert len(list(runs.iterdir())) == 3

    run(spark, configured, SPLIT_BYTES)

    assert len(list(runs.iterdir())) == 2
    assert len(load_table(str(tmp_path), "measurements")) > len(before["measurements"])


def started(data: Path, *program: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, *program, "--environment", "base", "--data", str(data)]
    return subprocess.Popen(command, cwd=REPOSITORY, env=os.environ | UNMEASURED, stderr=subprocess.PIPE)


def kill_at_the_manifest(data: Path, _: Path) -> None:
    """The job dies with all files written, but not the one that names them."""
    job = started(data, "-c", KILL_AT_WRITE)
    job.communicate(timeout=240)
    assert job.returncode == -signal.SIGKILL


def interrupt_at_work(data: Path, runs: Path) -> None:
    """Ctrl-C ends the job as soon as the first file of its tables is there."""
    there = set(runs.iterdir())
    job = started(data, "-m", "abalone.etl")
    await_that(lambda: bool(set(runs.iterdir()) - there), deadline_seconds=240)
    job.send_signal(signal.SIGINT)
    _, told = job.communicate(timeout=60)
    assert job.returncode == 130
    assert b"\nStopped: the tables are as the last complete run left them" in told
    assert b"Traceback" not in told


def test_wrong_argument_ends_the_command_in_one_line(project: Project) -> None:
    completed = project.python("-m", "abalone.etl", "--environment", "dve", env=UNMEASURED)

    assert completed.returncode == 1
    assert completed.stderr.splitlines()[-1].startswith("Error: conf has no environment 'dve': choose one of base")


def test_pipelines_that_make_tables_stop_before_they_begin_where_the_etl_makes_them(project: Project) -> None:
    completed = project.run(env={"ABALONE_INGESTION_ENGINE": "glue"})

    assert completed.returncode == 1
    assert "the ETL job on Spark that does the feature_engineering and ingestion" in completed.stderr
    assert "--pipelines training,evaluation" in completed.stderr
    assert "1/" not in completed.stderr
