"""The delivery pipeline, and its connection to the code."""

from collections.abc import Iterator
from typing import Any

from abalone.doctor.account import Account
from abalone.doctor.faults import is_absence
from abalone.doctor.finding import Finding, Status


def check(account: Account) -> Iterator[Finding]:
    """Look whether the pipeline is there, and whether somebody has confirmed its connection."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    name = account.parameters.get("pipeline/pipeline-name")
    if not name:
        return
    try:
        pipeline = account.client("codepipeline").get_pipeline(name=name)["pipeline"]
    except ClientError as error:
        if not is_absence(error):
            raise
        yield Finding("pipeline", Status.MISSING, f"{name} does not exist", account.apply)
        return
    yield Finding("pipeline", Status.OK, name)
    for arn in _connections(pipeline):
        status = account.client("codeconnections").get_connection(ConnectionArn=arn)["Connection"]["ConnectionStatus"]
        if status == "AVAILABLE":
            yield Finding("connection", Status.OK, arn)
        else:
            region = account.session.region_name
            remedy = f"confirm it at https://{region}.console.aws.amazon.com/codesuite/settings/connections"
            yield Finding("connection", Status.MISSING, f"{arn} is {status}", remedy)


def _connections(pipeline: dict[str, Any]) -> list[str]:
    actions = [action for stage in pipeline["stages"] for action in stage["actions"]]
    return [arn for action in actions if (arn := action.get("configuration", {}).get("ConnectionArn"))]
