"""A server on this machine that answers as AWS does, and the environment in which nothing else is called AWS."""

import importlib.util
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from abalone.errors import AbaloneError

HOST = "127.0.0.1"
REGION = "eu-west-1"
ACCOUNT = "123456789012"
BUCKET = "abalone-rehearsal"
CREDENTIAL = "rehearsal"
START_SECONDS = 60


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
            "AWS_ACCESS_KEY_ID": CREDENTIAL,
            "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def environment(self, parent: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of a process that can reach no other AWS than this server.

        Args:
            parent: The environment that it would have; nothing of what it says of AWS is kept.
        """
        kept = {name: value for name, value in parent.items() if not name.startswith("AWS_")}
        direct = {name: ",".join(filter(None, (parent.get(name), HOST))) for name in ("NO_PROXY", "no_proxy")}
        return {**kept, **direct, **self.variables}

    def client(self, service: str) -> Any:
        """Return boto3's client of a service of this server."""
        import boto3  # noqa: PLC0415 - what is missing is told before
        from botocore.config import Config  # noqa: PLC0415
        from botocore.session import Session  # noqa: PLC0415

        # each as (key of the configuration file, variable, default): the user's own files and profile do not count
        own = dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
        session = boto3.Session(CREDENTIAL, CREDENTIAL, None, REGION, Session({**own, "profile": (None,) * 4}))
        return session.client(service, endpoint_url=self.endpoint, config=Config(proxies={}))

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
    with socket.create_server((HOST, 0)) as probe:
        port = probe.getsockname()[1]
    # A session of its own: Ctrl-C ends the command, and the server only after it.
    server = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "moto.server", "--host", HOST, "--port", str(port)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_it_answers(server, port)
        aws = LocalAWS(f"http://{HOST}:{port}", bucket)
        aws.client("s3").create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        yield aws
    finally:
        server.terminate()
        server.wait()


def _wait_until_it_answers(server: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise AbaloneError(f"the server did not start on {HOST}:{port}: `python -m moto.server --port {port}` says why")
