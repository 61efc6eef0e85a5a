"""The role that the jobs of SageMaker run under."""

from collections.abc import Iterator, Mapping
from typing import Any

from abalone.doctor.account import Account
from abalone.doctor.faults import is_absence
from abalone.doctor.finding import Finding, Status

SERVICE = "sagemaker.amazonaws.com"
ANYONE = "*"


def check(account: Account) -> Iterator[Finding]:
    """Look whether the role is there, and SageMaker may assume it."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    arn = account.parameters.get("pipeline/execution-role")
    if not arn:
        return
    try:
        role = account.client("iam").get_role(RoleName=arn.rsplit("/", 1)[-1])["Role"]
    except ClientError as error:
        if not is_absence(error):
            raise
        yield Finding("execution role", Status.MISSING, f"{arn} does not exist", account.apply)
        return
    if any(_trusts_sagemaker(statement) for statement in role["AssumeRolePolicyDocument"]["Statement"]):
        yield Finding("execution role", Status.OK, arn)
    else:
        yield Finding("execution role", Status.MISSING, f"{arn} does not trust {SERVICE}", account.apply)


def _trusts_sagemaker(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal", {})
    services = principal if principal == ANYONE else principal.get("Service", [])
    trusted = [services] if isinstance(services, str) else services
    return statement["Effect"] == "Allow" and not {ANYONE, SERVICE}.isdisjoint(trusted)
