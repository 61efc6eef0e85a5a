from collections.abc import Iterator

import pytest

from abalone.sagemaker.aws import client
from abalone.sagemaker.remote.links import execution_link, job_link
from abalone.sagemaker.remote.logs import tail
from support.sagemaker_server import EXECUTION, Look, Script, job_arn, serving


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    with serving(Script([Look("Failed")])) as script:
        for name, value in {**script.env, "AWS_MAX_ATTEMPTS": "1"}.items():
            monkeypatch.setenv(name, value)
        yield script


def test_last_lines_of_a_job_are_read_from_all_its_streams(script: Script) -> None:
    script.logs = {
        "pipelines-x1y2z3-training/algo-1": ["first", "second\n", "third"],
        "pipelines-x1y2z3-training/algo-2": ["fourth"],
        "another-job/algo-1": ["nothing of ours"],
    }

    assert tail(client("logs"), job_arn("training", "training-job"), lines=3) == ["second", "third", "fourth"]


def test_job_without_a_log_is_told(script: Script) -> None:
    assert script.logs == {}

    assert tail(client("logs"), job_arn("ingestion")) == [
        "(/aws/sagemaker/ProcessingJobs holds no log of pipelines-x1y2z3-ingestion)"
    ]


def test_log_that_may_not_be_read_is_told_and_is_no_fault(script: Script) -> None:
    script.faults = {"DescribeLogStreams": [(400, "AccessDeniedException")]}

    (line,) = tail(client("logs"), job_arn("ingestion"))

    assert "could not be read" in line
    assert "AccessDenied" in line


def test_execution_is_linked_to_in_studio(script: Script) -> None:
    script.domains = ["d-abc"]

    assert execution_link(client("sagemaker"), EXECUTION) == (
        "https://studio-d-abc.studio.eu-west-1.sagemaker.aws/pipelines/view/abalone-dev/executions/x1y2z3/graph"
    )


@pytest.mark.parametrize("faults", [{}, {"ListDomains": [(400, "AccessDeniedException")]}])
def test_execution_is_linked_to_by_its_logs_without_studio(
    script: Script, faults: dict[str, list[tuple[int, str]]]
) -> None:
    script.faults = faults

    link = execution_link(client("sagemaker"), EXECUTION)

    assert link.startswith("https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1")
    assert link.endswith("pipelines-x1y2z3")


@pytest.mark.parametrize(
    ("arn", "link"),
    [
        (
            "arn:aws:sagemaker:eu-west-1:1:training-job/a-b",
            "https://eu-west-1.console.aws.amazon.com/sagemaker/home?region=eu-west-1#/jobs/a-b",
        ),
        (
            "arn:aws-cn:sagemaker:cn-north-1:1:processing-job/a",
            "https://cn-north-1.console.amazonaws.cn/sagemaker/home?region=cn-north-1#/processing-jobs/a",
        ),
    ],
)
def test_job_is_linked_to_in_the_console_of_its_partition(arn: str, link: str) -> None:
    assert job_link(arn) == link
