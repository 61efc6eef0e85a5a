"""Between a job's folders and S3."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from abalone.sagemaker.local.faults import StepError, aws_faults


def download(s3: Any, source: Mapping[str, Any], folder: Path) -> None:
    """Copy all objects whose keys begin as a source's URI says, below a folder.

    Args:
        s3: Client of S3.
        source: The S3Input or S3DataSource of a request.
        folder: Where to.

    Raises:
        StepError: There are none, S3 failed, or the source is a list of objects.
    """
    uri = source["S3Uri"]
    if source["S3DataType"] != "S3Prefix":
        raise StepError(f"ClientError: {uri} is of type {source['S3DataType']}, and only S3Prefix is executed here")
    bucket, prefix = split_uri(uri)
    with aws_faults(f"download of {uri}"):
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        keys = [item["Key"] for page in pages for item in page.get("Contents", []) if not item["Key"].endswith("/")]
        if not keys:
            raise StepError(f"ClientError: no S3 objects found under S3 URI {uri}")
        for key in keys:
            # an object that is named in full keeps its name
            path = folder / (key.removeprefix(prefix).lstrip("/") or Path(key).name)
            path.parent.mkdir(parents=True, exist_ok=True)
            s3.download_file(bucket, key, str(path))


def upload_folder(s3: Any, folder: Path, uri: str, kms_key: str | None) -> None:
    """Copy the files of a folder to S3.

    Args:
        s3: Client of S3.
        folder: The folder.
        uri: What their keys begin with.
        kms_key: Key to encrypt them with, if any.

    Raises:
        StepError: The folder is missing, or S3 failed.
    """
    if not folder.is_dir():
        raise StepError(f"ClientError: the job removed its output folder {folder}")
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            upload_file(s3, path, f"{uri.rstrip('/')}/{path.relative_to(folder).as_posix()}", kms_key)


def upload_file(s3: Any, path: Path, uri: str, kms_key: str | None) -> None:
    """Copy a file to S3.

    Args:
        s3: Client of S3.
        path: The file.
        uri: The object.
        kms_key: Key to encrypt it with, if any.

    Raises:
        StepError: S3 failed.
    """
    bucket, key = split_uri(uri)
    encryption = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
    # unlike upload_file, upload_fileobj tells how S3 failed
    with aws_faults(f"upload to {uri}"), path.open("rb") as content:
        s3.upload_fileobj(content, bucket, key, ExtraArgs=encryption)


def split_uri(uri: str) -> tuple[str, str]:
    """Split the URI of an S3 object into bucket and key.

    Raises:
        StepError: It is none.
    """
    parts = urlsplit(uri)
    if parts.scheme != "s3" or not parts.netloc:
        raise StepError(f"ClientError: {uri!r} is no S3 URI")
    return parts.netloc, uri.removeprefix(f"s3://{parts.netloc}").lstrip("/")
