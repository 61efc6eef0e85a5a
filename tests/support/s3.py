"""A real S3 server on this machine, and ways to make it fail."""

import contextlib
import socket
import threading
import urllib.request
from dataclasses import dataclass

import boto3

BUCKET = "abalone-test"
REGION = "eu-west-1"


@dataclass(frozen=True)
class S3:
    """The address of an S3 server, and what a run needs to use it."""

    endpoint: str
    bucket: str = BUCKET

    @property
    def env(self) -> dict[str, str]:
        return {
            "ABALONE_BUCKET": self.bucket,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_REGION": REGION,
            "AWS_DEFAULT_REGION": REGION,
            "AWS_MAX_ATTEMPTS": "1",
        }

    @property
    def client(self):  # boto3 makes its clients' types at run time
        return boto3.client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def reset(self) -> None:
        """Forget all that was put there, and make an empty bucket."""
        self.moto("reset")
        self.check_keys(after=float("inf"))
        self.client.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": REGION})

    def check_keys(self, after: float = 0) -> None:
        """Check every call against IAM, which knows no key, after so many calls."""
        self.moto("reset-auth", str(after))

    def moto(self, path: str, content: str = "") -> None:
        request = urllib.request.Request(  # noqa: S310
            f"{self.endpoint}/moto-api/{path}", data=content.encode(), headers={"Content-Type": "text/plain"}
        )
        urllib.request.urlopen(request, timeout=30).close()  # noqa: S310

    def keys(self, prefix: str = "") -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix)
        return [item["Key"] for page in pages for item in page.get("Contents", [])]

    def read(self, key: str) -> bytes:
        return self.client.get_object(Bucket=self.bucket, Key=key)["Body"].read()


class CuttingProxy:
    """Passes TCP on to a server, and cuts every connection once so many bytes have been sent to it in all."""

    def __init__(self, endpoint: str, allowance: int) -> None:
        host, port = endpoint.removeprefix("http://").split(":")
        self._target = (host, int(port))
        self._allowance = allowance
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            server = socket.create_connection(self._target)
            threading.Thread(target=self._pass_on, args=(client, server, True), daemon=True).start()
            threading.Thread(target=self._pass_on, args=(server, client, False), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket, counted: bool) -> None:
        try:
            while data := source.recv(4096):
                if counted:
                    with self._lock:
                        self._allowance -= len(data)
                        if self._allowance < 0:
                            return
                target.sendall(data)
        except OSError:
            return
        finally:
            for end in (source, target):
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue


class OutageProxy:
    """Passes TCP on to a server, but for a while cuts every connection and accepts none."""

    def __init__(self, endpoint: str) -> None:
        host, port = endpoint.removeprefix("http://").split(":")
        self._target = (host, int(port))
        self._out = threading.Event()
        self._sockets: set[socket.socket] = set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.refused = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def fail(self) -> None:
        self._out.set()
        for end in list(self._sockets):
            _shut(end)

    def recover(self) -> None:
        self._out.clear()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self._out.is_set():
                self.refused += 1
                client.close()
                continue
            server = socket.create_connection(self._target)
            self._sockets |= {client, server}
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                target.sendall(data)
        except OSError:
            return
        finally:
            _shut(source)
            _shut(target)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
