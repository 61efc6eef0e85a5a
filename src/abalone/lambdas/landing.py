"""The landing zone, as the functions see it: which objects are batches, and how much has landed."""

from typing import Any

LANDING = "data/01_raw/landing/"
"""Prefix of the batches in the bucket of an environment."""


def is_batch(key: str) -> bool:
    """Tell whether the ingestion reads an object: a .csv, in any case, below the landing zone, that is not hidden.

    Args:
        key: Of the object.
    """
    name = key.removeprefix(LANDING)
    is_hidden = any(part.startswith(".") for part in name.split("/"))
    return name != key and not is_hidden and name.lower().endswith(".csv")


def landing_bytes(s3: Any, bucket: str) -> int:
    """Sum the sizes of the batches in the landing zone: what tells whether there are new data to train on.

    Args:
        s3: boto3's client.
        bucket: Of the environment.
    """
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=LANDING)
    return sum(item["Size"] for page in pages for item in page.get("Contents", []) if is_batch(item["Key"]))
