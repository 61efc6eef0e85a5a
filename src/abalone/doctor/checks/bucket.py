"""The bucket of the data."""

from collections.abc import Iterator
from typing import Any

from abalone.doctor.account import Account
from abalone.doctor.faults import is_absence
from abalone.doctor.finding import Finding, Status

LANDING = "data/01_raw/landing/"


def check(account: Account) -> Iterator[Finding]:
    """Look whether the bucket is there, encrypted, and holds data to train on."""
    from botocore.exceptions import ClientError  # noqa: PLC0415

    name = account.parameters.get("pipeline/bucket")
    if not name:
        return
    s3 = account.client("s3")
    try:
        s3.head_bucket(Bucket=name)
    except ClientError as error:
        if not is_absence(error):
            raise
        yield Finding("bucket", Status.MISSING, f"{name} does not exist", account.apply)
        return
    algorithm = _encryption(s3, name)
    if algorithm == "aws:kms":
        yield Finding("bucket", Status.OK, f"{name}, encrypted with KMS")
    else:
        yield Finding("bucket", Status.WARNING, f"{name} is encrypted with {algorithm} and not with KMS", account.apply)
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=name, Prefix=LANDING)
    landed = sum(found["Key"].lower().endswith(".csv") for page in pages for found in page.get("Contents", ()))
    if landed:
        yield Finding("landing zone", Status.OK, f"{landed} CSV files in s3://{name}/{LANDING}")
    else:
        remedy = f"aws s3 cp data/01_raw/landing/ s3://{name}/{LANDING} --recursive"
        yield Finding("landing zone", Status.MISSING, f"no CSV file is in s3://{name}/{LANDING}", remedy)


def _encryption(s3: Any, bucket: str) -> str:
    rules = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]
    algorithm: str = rules[0]["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"]
    return algorithm
