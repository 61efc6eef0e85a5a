"""The key of what is stored."""

from collections.abc import Iterator

from abalone.doctor.account import Account
from abalone.doctor.faults import is_absence
from abalone.doctor.finding import Finding, Status


def check(account: Account) -> Iterator[Finding]:
    """Look whether the key can be used."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    arn = account.parameters.get("pipeline/kms-key")
    if not arn:
        return
    try:
        state = account.client("kms").describe_key(KeyId=arn)["KeyMetadata"]["KeyState"]
    except ClientError as error:
        if not is_absence(error):
            raise
        yield Finding("key", Status.MISSING, f"{arn} does not exist", account.apply)
        return
    if state == "Enabled":
        yield Finding("key", Status.OK, arn)
    elif state == "PendingDeletion":
        remedy = f"aws kms cancel-key-deletion --key-id {arn}, then aws kms enable-key --key-id {arn}"
        yield Finding("key", Status.MISSING, f"{arn} is about to be deleted", remedy)
    else:
        yield Finding("key", Status.MISSING, f"{arn} is {state}", f"aws kms enable-key --key-id {arn}")
