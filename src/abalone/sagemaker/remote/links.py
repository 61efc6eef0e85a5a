"""Links into the AWS console."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

CONSOLES = {"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}
JOBS = {"processing-job": "processing-jobs", "training-job": "jobs"}


def job_link(arn: str) -> str:
    """Link to a job.

    Args:
        arn: Of a processing or training job.
    """
    _, partition, _, region, _, resource = arn.split(":", 5)
    kind, name = resource.split("/", 1)
    return f"{_console(partition, region)}/sagemaker/home?region={region}#/{JOBS[kind]}/{name}"


def execution_link(sagemaker: Any, arn: str) -> str:
    """Link to the execution of a pipeline.

    Args:
        sagemaker: A client of SageMaker.
        arn: Of the execution.

    Returns:
        Its graph in SageMaker Studio; the logs of its processing jobs where there is no Studio domain, since the
        console shows pipelines in Studio only.
    """
    _, partition, _, region, _, resource = arn.split(":", 5)
    _, pipeline, _, execution = resource.split("/")
    try:
        domains = sagemaker.list_domains()["Domains"]
    except (BotoCoreError, ClientError):  # a link is not worth a permission of its own
        domains = []
    if domains:
        studio = f"https://studio-{domains[0]['DomainId']}.studio.{region}.sagemaker.aws"
        return f"{studio}/pipelines/view/{pipeline}/executions/{execution}/graph"
    logs = "$252Faws$252Fsagemaker$252FProcessingJobs"
    return (
        f"{_console(partition, region)}/cloudwatch/home?region={region}#logsV2:log-groups/log-group/{logs}"
        f"$3FlogStreamNameFilter$3Dpipelines-{execution}"
    )


def _console(partition: str, region: str) -> str:
    return f"https://{region}.{CONSOLES.get(partition, 'console.aws.amazon.com')}"
