"""The model that the hosts serve."""

from collections.abc import Iterator

from abalone.doctor.account import Account
from abalone.doctor.faults import is_absence
from abalone.doctor.finding import Finding, Status

PARAMETER = "serving/model"


def check(account: Account) -> Iterator[Finding]:
    """Look whether a model was released, and is still there."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    model = account.parameters.get(PARAMETER)
    if not model:
        found = f"no model was released: {account.prefix}/{PARAMETER} is not set"
        yield Finding("release", Status.WARNING, found, "the pipeline's first run that reaches Release sets it")
        return
    bucket, _, key = model.removeprefix("s3://").partition("/")
    try:
        account.client("s3").head_object(Bucket=bucket, Key=key)
    except ClientError as error:
        if not is_absence(error):
            raise
        found = f"{model} does not exist, and a new host could not serve it"
        yield Finding("release", Status.MISSING, found, "run the pipeline again")
    else:
        yield Finding("release", Status.OK, model)
