"""How much has landed: what tells whether there is enough new data to train anew."""

from typing import Any

from abalone.lambdas.etl_request import LANDING


def landing_bytes(s3: Any, bucket: str) -> int:
    """Sum the sizes of the batches in the landing zone.

    Args:
        s3: boto3's client.
        bucket: Of the environment.
    """
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=LANDING)
    return sum(item["Size"] for page in pages for item in page.get("Contents", []) if item["Key"].endswith(".csv"))
