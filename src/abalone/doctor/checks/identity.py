"""Whose credentials are in use, and which region."""

from typing import TYPE_CHECKING

from abalone.doctor.account import client
from abalone.doctor.finding import Finding, Status
from abalone.errors import AbaloneError

if TYPE_CHECKING:
    import boto3


def check() -> "tuple[boto3.Session | None, list[Finding]]":
    """Look who asks, and where.

    Returns:
        A session, or None when nobody can be asked anything; and the findings.

    Raises:
        AbaloneError: boto3 is not installed.
    """
    try:
        import boto3  # noqa: PLC0415 - installed with the aws set only
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415
    except ImportError as error:
        raise AbaloneError("abalone doctor needs boto3 of the aws set, which `make doctor` installs") from error
    try:
        session = boto3.Session()
        if session.region_name is None:
            remedy = "export AWS_DEFAULT_REGION=<region>, or `aws configure`"
            return None, [Finding("region", Status.MISSING, "no region is set", remedy)]
        identity = client(session, "sts").get_caller_identity()
    except (BotoCoreError, ClientError, ValueError) as error:  # of an endpoint that is no URL
        return None, [refused("credentials", error)]
    return session, [
        Finding("credentials", Status.OK, identity["Arn"]),
        Finding("region", Status.OK, f"{session.region_name}, account {identity['Account']}"),
    ]


def refused(subject: str, error: Exception) -> Finding:
    """Say what AWS refused, and how to mend it."""
    from abalone.diagnosis import diagnose  # noqa: PLC0415 - it takes Kedro, which takes a second

    found, _, remedy = (diagnose(error) or str(error)).partition(". To mend it: ")
    return Finding(subject, Status.MISSING, found, remedy or "check AWS_PROFILE, the region and the network")
