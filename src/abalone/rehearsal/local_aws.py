"""A server on this machine that answers as AWS does, and the environment in which nothing else is called AWS."""

import importlib.util
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abalone.errors import AbaloneError
from abalone.rehearsal.client import client
from abalone.rehearsal.isolation import ACCOUNT, IDENTITY, REGION, isolated
from abalone.rehearsal.server import HOST, free_port, running_server

BUCKET = "abalone-rehearsal"


@dataclass(frozen=True)
class LocalAWS:
    """A server on this machine.

    Attributes:
        endpoint: Its URL.
        bucket: A bucket that is there.
    """

    endpoint: str
    bucket: str

    @property
    def variables(self) -> dict[str, str]:
        """What a run needs to use the server, and nothing that works anywhere else."""
        repository = f"{ACCOUNT}.dkr.ecr.{REGION}.amazonaws.com/abalone"
        return {
            "ABALONE_BUCKET": self.bucket,
            "ABALONE_EXECUTION_ROLE": f"arn:aws:iam::{ACCOUNT}:role/abalone-rehearsal",
            "ABALONE_IMAGE": f"{repository}@sha256:{'0' * 64}",
            "ABALONE_SERVING_IMAGE": f"{repository}-serving@sha256:{'0' * 64}",
            "ABALONE_KMS_KEY": f"arn:aws:kms:{REGION}:{ACCOUNT}:key/00000000-0000-0000-0000-000000000000",
            "AWS_ENDPOINT_URL": self.endpoint,
            **IDENTITY,
        }

    def environment(self, parent: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of a process that can reach no other AWS than this server.

        Args:
            parent: The environment that it would have; nothing of what it says of AWS is kept.
        """
        return isolated(parent, self.variables)

    def client(self, service: str) -> Any:
        """Return boto3's client of a service of this server."""
        return client(service, self.endpoint)

    def upload(self, folder: Path, prefix: str) -> None:
        """Copy the files of a folder into the bucket, under a prefix."""
        s3 = self.client("s3")
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                s3.upload_file(str(path), self.bucket, f"{prefix}/{path.relative_to(folder).as_posix()}")


@contextmanager
def local_aws(bucket: str = BUCKET) -> Iterator[LocalAWS]:
    """Run a server, with one empty bucket, as long as the context is open.

    Args:
        bucket: Name of the bucket.

    Raises:
        AbaloneError: What the server is made of is not installed, or it does not start.
    """
    missing = [name for name in ("boto3", "moto") if importlib.util.find_spec(name) is None]
    if missing:
        raise AbaloneError(
            f"AWS on this machine needs {' and '.join(missing)} of the aws and rehearsal sets, "
            "which `make rehearsal` installs"
        )
    port = free_port()
    with running_server([sys.executable, "-m", "moto.server", "--host", HOST, "--port", str(port)], port):
        aws = LocalAWS(f"http://{HOST}:{port}", bucket)
        aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield aws
