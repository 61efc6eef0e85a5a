"""Collection against a real HTTP server on this machine, faults included."""

import hashlib
import logging
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from fsspec.registry import _registry as loaded_filesystems
from kedro.io import DataCatalog
from kedro.runner import SequentialRunner

from abalone.errors import AbaloneError
from abalone.pipelines.collection import create_pipeline
from abalone.pipelines.collection.download import fetch
from abalone.pipelines.collection.nodes import fetch_batch
from abalone.schema import COLUMN_NAMES

LANDING_FILE = Path(__file__).parents[4] / "data" / "01_raw" / "landing" / "uci_abalone.csv"
HEADER, _, CONTENT = LANDING_FILE.read_bytes().partition(b"\n")
SHA256 = hashlib.sha256(CONTENT).hexdigest()
LARGE = CONTENT * 100
HEADED = b"\xef\xbb\xbf\r\n" + b'"Rings", sex;length\r\n' + CONTENT


class Source(BaseHTTPRequestHandler):
    """A source that serves the batch well or badly, depending on the path."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        getattr(self, f"serve_{path.strip('/').replace('.', '_')}", lambda: self.send_error(404))()

    def serve_abalone_data(self, content: bytes = CONTENT, told: int | None = None) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content) if told is None else told))
        self.end_headers()
        self.wfile.write(content)

    def serve_with_header(self) -> None:
        self.serve_abalone_data(HEADED)

    def serve_large(self) -> None:
        self.serve_abalone_data(LARGE)

    def serve_cut(self) -> None:
        self.serve_abalone_data(CONTENT[: len(CONTENT) // 2], told=len(CONTENT))
        self.close_connection = True

    def serve_cut_chunked(self) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"%x\r\n%b\r\n" % (1_000, CONTENT[:1_000]))
        self.close_connection = True

    def serve_hung_up(self) -> None:
        self.close_connection = True

    def serve_truncated(self) -> None:
        self.serve_abalone_data(CONTENT[:-1])

    def serve_changed(self) -> None:
        self.serve_abalone_data(CONTENT.replace(b"M", b"F", 1))

    def serve_silent(self) -> None:
        self.server.released.wait(10)

    def serve_trickle(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(CONTENT)))
        self.end_headers()
        for place in range(100):
            if self.server.released.wait(0.1):
                return
            self.wfile.write(CONTENT[place : place + 1])

    def serve_moved(self) -> None:
        self.send_response(302)
        self.send_header("Location", "/abalone.data")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def serve_forbidden(self) -> None:
        self.send_error(403)

    def serve_broken(self) -> None:
        self.send_error(500)

    def log_message(self, *_: object) -> None:
        """Keep the test output clean."""


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Source)
    server.daemon_threads = True
    server.released = threading.Event()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.released.set()
    server.shutdown()
    server.server_close()
    thread.join()


def fault(url: str, sha256: str = SHA256, timeout_seconds: float = 5) -> str:
    with pytest.raises(AbaloneError) as caught:
        fetch(url, sha256, timeout_seconds)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_headerless_source_becomes_exactly_the_committed_batch(source):
    fetched = fetch_batch(f"{source}/abalone.data", SHA256, "uci_abalone", 5, add_header=True)

    assert fetched == {"uci_abalone": LANDING_FILE.read_bytes()}


def test_source_with_a_header_is_stored_as_it_is(source):
    assert fetch_batch(f"{source}/abalone.data", SHA256, "site", 5, add_header=False) == {"site": CONTENT}


def test_header_is_not_put_above_a_header_which_may_name_the_columns_in_another_order(source):
    digest = hashlib.sha256(HEADED).hexdigest()

    with pytest.raises(AbaloneError, match=r"begins with a header line.*set collection\.add_header=false"):
        fetch_batch(f"{source}/with_header?token=hidden", digest, "site", 5, add_header=True)

    assert fetch_batch(f"{source}/with_header", digest, "site", 5, add_header=False) == {"site": HEADED}


def test_redirect_is_followed_and_digest_may_be_in_capitals(source):
    assert fetch(f"{source}/moved", SHA256.upper(), 5) == CONTENT


def test_progress_of_a_large_file_is_logged(source, caplog):
    caplog.set_level(logging.INFO)

    assert fetch(f"{source}/large", hashlib.sha256(LARGE).hexdigest(), 30) == LARGE

    progress = [record.message for record in caplog.records if record.message.startswith("fetching")]
    assert 1 <= len(progress) <= 3
    assert "of 19 MB" in progress[0]
    assert "SHA-256 verified" in caplog.text


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("missing", "there is no such file (404); check collection.url"),
        ("forbidden", "the server answered 403 Forbidden"),
        ("broken", "the server answered 500 Internal Server Error"),
        ("cut", "the connection was cut before the end of the file; try again"),
        ("cut_chunked", "the connection was cut before the end of the file; try again"),
        ("hung_up", "the connection was cut before the end of the file; try again"),
        ("truncated", "is not the expected file: its 191,872 bytes have the SHA-256"),
        ("changed", "update collection.sha256"),
    ],
)
def test_faulty_source_is_an_error_in_one_line_with_its_address_and_a_remedy(source, path, told):
    message = fault(f"{source}/{path}")

    assert f"{source}/{path}" in message
    assert told in message


@pytest.mark.parametrize("path", ["silent", "trickle"])
def test_slow_source_ends_at_the_timeout(source, path):
    began = time.monotonic()

    message = fault(f"{source}/{path}", timeout_seconds=0.5)

    assert "took longer than 0.5 seconds" in message
    assert time.monotonic() - began < 3


def test_refused_connection_is_an_error_with_the_address():
    assert "http://127.0.0.1:1/x: cannot connect to the server" in fault("http://127.0.0.1:1/x")


@pytest.mark.parametrize("url", ["ftp://host/x", "file:///etc/hostname", "/etc/hostname", "abalone.data", "gopher:x"])
def test_other_protocols_are_refused(url):
    assert "its protocol is not http, https or s3" in fault(url)


@pytest.fixture
def without_s3(monkeypatch: pytest.MonkeyPatch) -> None:
    """An installation of the run set only."""
    monkeypatch.delitem(loaded_filesystems, "s3", raising=False)
    for module in ("s3fs", "botocore"):
        monkeypatch.setitem(sys.modules, module, None)


@pytest.mark.usefixtures("without_s3")
def test_s3_source_without_the_aws_extra_is_an_error_that_names_it():
    assert "Cannot fetch s3://bucket/x: install the aws extra" in fault("s3://bucket/x?versionId=1")


@pytest.mark.usefixtures("without_s3")
def test_http_source_needs_no_aws_extra(source):
    assert fetch(f"{source}/abalone.data", SHA256, 5) == CONTENT
    assert "404" in fault(f"{source}/missing")


@pytest.mark.parametrize("sha256", ["", None, "abc", "g" * 64])
def test_nothing_is_fetched_without_a_digest(sha256):
    assert "collection.sha256 is not a SHA-256 digest" in fault("http://127.0.0.1:1/x", sha256)


@pytest.mark.parametrize("path", ["missing", "changed", "cut"])
def test_secrets_in_the_address_are_not_shown(source, path):
    url = f"{source}/{path}?token=hidden#hidden".replace("//", "//user:hidden@")

    with pytest.raises(AbaloneError) as caught:
        fetch(url, SHA256, 5)

    assert "hidden" not in str(caught.value)
    assert caught.value.__context__ is None or caught.value.__suppress_context__


@pytest.mark.parametrize(
    "batch", ["../escape", "a/b", "..", ".hidden", "", "a b", "x" * 101, "a\\b", "a\n", 2024, None]
)
def test_name_that_is_not_a_plain_name_is_refused_before_anything_is_fetched(batch):
    with pytest.raises(AbaloneError, match="cannot name a batch"):
        fetch_batch("http://127.0.0.1:1/x", SHA256, batch, 1, add_header=True)


def catalog(folder: Path, url: str) -> DataCatalog:
    values = {"url": url, "sha256": SHA256, "batch": "uci", "timeout_seconds": 5, "add_header": True}
    landing = {
        "type": "partitions.PartitionedDataset",
        "path": str(folder),
        "filename_suffix": ".csv",
        "dataset": {"type": "text.TextDataset", "fs_args": {"open_args_save": {"mode": "wb"}}},
    }
    parameters = {
        f"params:collection.{name}": {"type": "MemoryDataset", "data": value} for name, value in values.items()
    }
    return DataCatalog.from_config({"collected_batch": landing, **parameters})


def test_collecting_twice_gives_the_same_landing_zone_and_a_failure_leaves_it_alone(source, tmp_path):
    landed = tmp_path / "uci.csv"

    for path in ("abalone.data", "abalone.data"):
        SequentialRunner().run(create_pipeline(), catalog(tmp_path, f"{source}/{path}"))
        assert landed.read_bytes() == ",".join(COLUMN_NAMES).encode() + b"\n" + CONTENT
    with pytest.raises(AbaloneError):
        SequentialRunner().run(create_pipeline(), catalog(tmp_path, f"{source}/cut"))

    assert list(tmp_path.iterdir()) == [landed]
    assert landed.read_bytes() == LANDING_FILE.read_bytes()
