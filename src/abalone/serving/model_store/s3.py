"""Folders on S3: what keys have in common before a slash."""

from dataclasses import dataclass
from typing import Any

from abalone.serving.aws import aws_faults
from abalone.serving.model_store.folders import UnavailableError, check_size

_NOT_FOUND = 404


@dataclass(frozen=True)
class S3Folder:
    """A folder on S3.

    Attributes:
        client: Of S3.
        bucket: Its bucket.
        key: Its address in the bucket, "" for the bucket itself.
    """

    client: Any
    bucket: str
    key: str

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}".rstrip("/")

    def __truediv__(self, path: str) -> "S3Folder":
        return S3Folder(self.client, self.bucket, self._key_of(path))

    def files(self) -> dict[str, str]:
        """See `Folder.files`."""
        prefix = self._key_of("")
        with aws_faults(UnavailableError, f"listing {self}"):
            # one page: a folder that holds more than a thousand files beside the model is no place for it
            found = self.client.list_objects_v2(Bucket=self.bucket, Prefix=prefix, Delimiter="/")
        stamps = {item["Key"].removeprefix(prefix): item["ETag"] for item in found.get("Contents", ())}
        return {name: stamp for name, stamp in stamps.items() if name and not name.startswith(".")}

    def stamp(self, name: str) -> str | None:
        """See `Folder.stamp`."""
        from botocore.exceptions import ClientError  # noqa: PLC0415

        with aws_faults(UnavailableError, f"looking at {self}/{name}"):
            try:
                return str(self.client.head_object(Bucket=self.bucket, Key=self._key_of(name))["ETag"])
            except ClientError as error:
                if error.response["ResponseMetadata"]["HTTPStatusCode"] != _NOT_FOUND:
                    raise
                return None

    def read(self, name: str) -> bytes:
        """See `Folder.read`."""
        with aws_faults(UnavailableError, f"reading {self}/{name}"):
            answer = self.client.get_object(Bucket=self.bucket, Key=self._key_of(name))
            check_size(f"{self}/{name}", answer["ContentLength"])
            content: bytes = answer["Body"].read()
            return content

    def _key_of(self, path: str) -> str:
        return f"{self.key}/{path}" if self.key else path
