"""The default pipeline on a real S3 server, over HTTP, through s3fs."""

import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pandas as pd
import pytest

from abalone.model.artifact import artifact_from_files
from support.project import REPOSITORY, Project, new_project
from support.s3 import S3, CuttingProxy

LANDING, BATCH = "data/01_raw/landing", "uci_abalone.csv"


@pytest.fixture
def landed(s3: S3) -> S3:
    """A bucket whose landing zone holds the first batch."""
    land(s3)
    return s3


def land(s3: S3) -> None:
    s3.client.upload_file(str(REPOSITORY / "data" / "01_raw" / "landing" / BATCH), s3.bucket, f"{LANDING}/{BATCH}")


@pytest.fixture(scope="module")
def finished_bucket(s3_server: S3, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The objects of a bucket after one run in the environment `dev`, by their keys."""
    s3_server.reset()
    land(s3_server)
    project = new_project(tmp_path_factory.mktemp("run") / "data")
    completed = project.kedro("run", "--env", "dev", env=s3_server.env)
    assert completed.returncode == 0, completed.stderr
    assert sorted(path.name for path in project.data.iterdir()) == ["01_raw"]
    return {key: s3_server.read(key) for key in s3_server.keys("data/")}


def load_champion(s3: S3) -> str:
    """Load the champion from the bucket, which checks its digests, and return its version."""
    version = json.loads(s3.read("data/06_models/champion.json"))["version"]
    prefix = f"data/06_models/model/{version}/model/"
    artifact = artifact_from_files({Path(key).name: s3.read(key) for key in s3.keys(prefix)}, version)
    return artifact.version


def test_run_on_s3_gives_what_a_run_on_local_files_gives(
    finished_bucket: dict[str, bytes], s3: S3, finished_project: Project
) -> None:
    fill(s3, finished_bucket)

    assert_same_outcome(s3, finished_project)


def test_run_in_production_gives_what_a_run_on_local_files_gives(
    landed: S3, project: Project, finished_project: Project
) -> None:
    completed = project.run("--env", "prd", env=landed.env)

    assert completed.returncode == 0, completed.stderr
    assert_same_outcome(landed, finished_project)
    assert sorted(path.name for path in project.data.iterdir()) == ["01_raw"]


def fill(s3: S3, objects: dict[str, bytes]) -> None:
    for key, content in objects.items():
        s3.client.put_object(Bucket=s3.bucket, Key=key, Body=content)


def assert_same_outcome(s3: S3, finished_project: Project) -> None:
    local = finished_project.data / "08_reporting"
    for report in ("metrics.json", "cross_validation.csv", "quarantine.csv"):
        assert s3.read(f"data/08_reporting/{report}") == (local / report).read_bytes()
    pd.testing.assert_frame_equal(
        pd.read_parquet(io.BytesIO(s3.read("data/07_model_output/test_predictions.parquet"))),
        pd.read_parquet(finished_project.data / "07_model_output" / "test_predictions.parquet"),
    )
    assert load_champion(s3)


def test_collection_fetches_a_batch_from_s3_into_the_landing_zone(landed: S3, project: Project) -> None:
    source = project.data / "01_raw" / "landing" / "uci_abalone.csv"
    headerless = source.read_bytes().split(b"\n", 1)[1]
    landed.client.put_object(Bucket=landed.bucket, Key="surveys/abalone.data", Body=headerless)
    landed.client.delete_object(Bucket=landed.bucket, Key=f"{LANDING}/uci_abalone.csv")

    completed = project.run(
        "--pipelines", "collection", "--env", "dev",
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
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
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
    completed = project.run("--env", "dev")

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, "ABALONE_BUCKET", "export")


def test_missing_bucket_is_a_clear_error(s3: S3, project: Project) -> None:
    completed = project.run("--env", "dev", env={**s3.env, "ABALONE_BUCKET": "no-such-bucket"})

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, "no-such-bucket", "check ABALONE_BUCKET")


def test_missing_permission_is_a_clear_error(landed: S3, project: Project) -> None:
    landed.check_keys()

    completed = project.run("--env", "dev", env=landed.env)

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, landed.bucket, "check AWS_PROFILE")


def test_bucket_of_another_region_is_a_clear_error(project: Project, wrong_region_endpoint: str) -> None:
    completed = project.run("--env", "dev", env=S3(wrong_region_endpoint).env)

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, "AWS_DEFAULT_REGION")


def test_server_that_does_not_answer_is_a_clear_error(landed: S3, project: Project) -> None:
    env = {**landed.env, "AWS_ENDPOINT_URL": "http://127.0.0.1:9"}

    completed = project.run("--env", "dev", env=env)

    assert completed.returncode == 1
    assert_one_clear_line(completed.stderr, "AWS_ENDPOINT_URL")


def test_connection_cut_half_way_is_a_clear_error_and_the_last_good_model_stays(
    finished_bucket: dict[str, bytes], s3: S3, project: Project
) -> None:
    fill(s3, finished_bucket)
    champion = load_champion(s3)
    before = {key: s3.read(key) for key in s3.keys("data/06_models/")}

    for allowance in (300_000, 700_000):
        proxy = CuttingProxy(s3.endpoint, allowance)
        completed = project.run("--env", "dev", env={**s3.env, "AWS_ENDPOINT_URL": proxy.endpoint})
        proxy.close()

        assert completed.returncode == 1
        assert_one_clear_line(completed.stderr, "connection")
        assert load_champion(s3) == champion
        assert before.items() <= {key: s3.read(key) for key in s3.keys("data/06_models/")}.items()

    assert project.run("--env", "dev", env=s3.env).returncode == 0
