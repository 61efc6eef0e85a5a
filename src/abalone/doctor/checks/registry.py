"""The group of the registered models."""

from collections.abc import Iterator

from abalone.doctor.account import Account
from abalone.doctor.faults import is_absence
from abalone.doctor.finding import Finding, Status


def check(account: Account) -> Iterator[Finding]:
    """Look whether the group is there."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    name = account.parameters.get("pipeline/model-package-group")
    if not name:
        return
    try:
        account.client("sagemaker").describe_model_package_group(ModelPackageGroupName=name)
    except ClientError as error:
        if not is_absence(error):
            raise
        yield Finding("model package group", Status.MISSING, f"{name} does not exist", account.apply)
    else:
        yield Finding("model package group", Status.OK, name)
