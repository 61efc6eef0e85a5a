"""The default pipeline on a real S3 server, over HTTP, through s3fs."""

import io
import json
import threading
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from abalone.model.artifact import artifact_from_files
from support.project import Project
from support.s3 import S3, CuttingProxy

LANDING = "data/01_raw/landing"


@pytest.fixture
def landed(s3: S3, project: Project) -> S3:
    """A bucket whose landing zone holds the first batch."""
    batch = project.data / "01_raw" / "landing" / "uci_abalone.csv"
    s3.client.upload_file(str(batch), s3.bucket, f"{LANDING}/uci_abalone.csv")
    return s3


def load_champion(s3: S3) -> str:
    """Load the champion from the bucket, which checks its digests, and return its version."""
    version = json.loads(s3.read("data/06_models/champion.json"))["version"]
    prefix = f"data/06_models/model/{version}/model/"
    artifact = artifact_from_files({Path(key).name: s3.read(key) for key in s3.keys(prefix)}, version)
    return artifact.version


@pytest.mark.parametrize("env", ["dev", "prd"])
def test_run_on_s3_gives_what_a_run_on_local_files_gives(
    env: str, landed: S3, project: Project, finished_project: Project
) -> None:
    completed = project.kedro("run", "--env", env, env=landed.env)

    assert completed.returncode == 0, completed.stderr
    local = finished_project.data / "08_reporting"
    for report in ("metrics.json", "cross_validation.csv", "quarantine.csv"):
        assert landed.read(f"data/08_reporting/{report}") == (local / report).read_bytes()
    pd.testing.assert_frame_equal(
        pd.read_parquet(io.BytesIO(landed.read("data/07_model_output/test_predictions.parquet"))),
        pd.read_parquet(finished_project.data / "07_model_output" / "test_predictions.parquet"),
    )
    assert load_champion(landed)
    assert sorted(path.name for path in project.data.iterdir()) == ["01_raw"]


def test_collection_fetches_a_batch_from_s3_into_the_landing_zone(landed: S3, project: Project) -> None:
    source = project.data / "01_raw" / "landing" / "uci_abalone.csv"
    headerless = source.read_bytes().split(b"\n", 1)[1]
    landed.client.put_object(Bucket=landed.bucket, Key="surveys/abalone.data", Body=headerless)
    landed.client.delete_object(Bucket=landed.bucket, Key=f"{LANDING}/uci_abalone.csv")

    completed = project.kedro(
        "run", "--pipelines", "collection", "--env", "dev",
        "--params", f"collection.url=s3://{landed.bucket}/surveys/abalone.data",
        env=landed.env,
    )  # fmt: skip

    assert completed.returncode == 0, completed.stderr
    assert landed.read(f"{LANDING}/uci_abalone.csv") == source.read_bytes()


class WrongRegion(BaseHTTPRequestHandler):
    """Answers as S3 does when a request is signed for another region than the bucket's."""

    def answer(self) -> None:
        body = (
            b"<Error><Code>AuthorizationHeaderMalformed</Code><Message>The authorization header is malformed; "
            b"the region 'eu-west-1' is wrong; expecting 'us-west-2'</Message><Region>us-west-2</Region></Error>"
        )
        self.send_response(400)
        self.send_header("Content-Type", "application/xml")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("x-amz-bucket-region", "us-west-2")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = do_POST = answer

    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output clean."""


@pytest.fixture
def wrong_region_endpoint() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), WrongRegion)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def assert_one_clear_line(stderr: str, *parts: str) -> None:
    """The last line is the error, names its parts, and nothing looks like a traceback."""
    last = stderr.strip().splitlines()[-1]
    assert last.startswith("Error: ")
    for part in parts:
        assert part in last
    assert "Traceback" not in stderr


def test_bucket_that_was_never_named_is_a_clear_error(project: Project) -> None:
    completed = project.kedro("run", "--env", "dev")

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, "ABALONE_BUCKET", "export")


def test_missing_bucket_is_a_clear_error(s3: S3, project: Project) -> None:
    completed = project.kedro("run", "--env", "dev", env={**s3.env, "ABALONE_BUCKET": "no-such-bucket"})

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, "no-such-bucket", "check ABALONE_BUCKET")


def test_missing_permission_is_a_clear_error(landed: S3, project: Project) -> None:
    # From now on the server checks every call against IAM, which knows no such key.
    reset = urllib.request.Request(  # noqa: S310
        f"{landed.endpoint}/moto-api/reset-auth", data=b"0", headers={"Content-Type": "text/plain"}
    )
    urllib.request.urlopen(reset, timeout=10).close()  # noqa: S310

    completed = project.kedro("run", "--env", "dev", env=landed.env)

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, landed.bucket, "check AWS_PROFILE")


def test_bucket_of_another_region_is_a_clear_error(project: Project, wrong_region_endpoint: str) -> None:
    completed = project.kedro("run", "--env", "dev", env=S3(wrong_region_endpoint).env)

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, "AWS_DEFAULT_REGION")


def test_server_that_does_not_answer_is_a_clear_error(landed: S3, project: Project) -> None:
    env = {**landed.env, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}

    completed = project.kedro("run", "--env", "dev", env=env)

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, "AWS_ENDPOINT_URL")


@pytest.mark.parametrize("allowance", [300_000, 700_000])
def test_connection_cut_half_way_is_a_clear_error_and_the_last_good_model_stays(
    allowance: int, landed: S3, project: Project
) -> None:
    assert project.kedro("run", "--env", "dev", env=landed.env).returncode == 0
    champion = load_champion(landed)
    before = {key: landed.read(key) for key in landed.keys("data/06_models/")}
    proxy = CuttingProxy(landed.endpoint, allowance)

    completed = project.kedro("run", "--env", "dev", env={**landed.env, "AWS_ENDPOINT_URL": proxy.endpoint})
    proxy.close()

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, "connection")
    assert load_champion(landed) == champion
    assert before.items() <= {key: landed.read(key) for key in landed.keys("data/06_models/")}.items()
    assert project.kedro("run", "--env", "dev", env=landed.env).returncode == 0
