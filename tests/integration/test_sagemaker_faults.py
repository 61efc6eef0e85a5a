"""Faults in the middle of an execution on this machine."""

import contextlib
import json
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from abalone.rehearsal.local_aws import local_aws
from support.project import Project
from support.s3 import OutageProxy
from support.sagemaker_run import STORAGE, SageMakerProject, new_sagemaker_project


@pytest.fixture
def aws_project(tmp_path: Path) -> Iterator[SageMakerProject]:
    with local_aws() as aws:
        yield new_sagemaker_project(aws, tmp_path / "scratch")


def wait_for(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.05)


def job_process(run: "subprocess.Popen[str]", group: str) -> psutil.Process | None:
    """The process of a group's job, if the run has one."""
    for process in psutil.Process(run.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if f"--group\0{group}\0" in "\0".join(process.cmdline()) + "\0":
                return process
    return None


def metrics(project: SageMakerProject) -> object:
    return json.loads(project.written("evaluation", "metrics.json"))


def metrics_of(project: Project) -> object:
    return json.loads((project.data / "08_reporting" / "metrics.json").read_text())


def test_s3_that_fails_for_a_while_and_a_job_killed_half_way_are_tried_again_and_leave_nothing_half_written(
    aws_project: SageMakerProject, finished_project: Project
) -> None:
    proxy = OutageProxy(aws_project.aws.endpoint)
    run = aws_project.start(env={"AWS_ENDPOINT_URL": proxy.endpoint})
    wait_for(lambda: job_process(run, "feature_engineering") is not None)
    proxy.fail()
    wait_for(lambda: proxy.refused >= 3)
    proxy.recover()
    log = "*/training/attempt-1/log.txt"
    # it has learnt half of what there is to learn
    wait_for(lambda: any("select_candidate_node" in path.read_text() for path in aws_project.scratch.glob(log)))
    assert not [key for key in aws_project.keys(f"{STORAGE}/training/") if key.endswith("group.json")]
    process = job_process(run, "training")
    assert process is not None
    process.kill()

    output, errors = run.communicate(timeout=240)
    proxy.close()

    assert run.returncode == 0, output + errors
    assert aws_project.executed().count("training") == 2
    assert metrics(aws_project) == metrics_of(finished_project)
    models = {key.split("/")[3] for key in aws_project.keys("data/06_models/model/") if key.endswith("manifest.json")}
    assert models == {aws_project.champion()["version"]}


def test_failing_job_gives_its_reason_and_its_log_and_skips_what_follows(aws_project: SageMakerProject) -> None:
    completed = aws_project.run("--params", "feature_engineering.minimum_rows=100000")

    told = completed.stdout + completed.stderr
    assert completed.returncode == 1
    assert "feature_engineering" in told
    assert "minimum_rows" in told
    assert aws_project.executed() == ["feature_engineering", "ingestion"]
    assert aws_project.packages() == []
