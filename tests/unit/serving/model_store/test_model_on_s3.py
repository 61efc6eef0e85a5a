"""The same places on a real S3 server."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.model.artifact import ONNX, ArtifactError
from abalone.serving import aws
from abalone.serving.model_store import ModelStore, UnavailableError, model_source
from support.artifacts import packed, promote, summing_artifact
from support.s3 import S3, OutageProxy

FIRST, SECOND = summing_artifact(1.0), summing_artifact(2.0)


@pytest.fixture
def upload(s3: S3, tmp_path: Path) -> Callable[[], None]:
    """Copies the folder of models to `models/` in the bucket."""

    def upload() -> None:
        client = s3.client
        for path in tmp_path.rglob("*"):
            if path.is_file():
                client.put_object(Bucket=s3.bucket, Key=f"models/{path.relative_to(tmp_path)}", Body=path.read_bytes())

    return upload


@pytest.mark.parametrize(
    ("location", "version"),
    [
        ("models", "2026-01-01"),
        ("models/", "2026-01-01"),
        ("models/champion.json", "2026-01-01"),
        ("models/model/2026-01-01/model", ""),
        ("models/packed", ""),
        ("models/packed/model.tar.gz", ""),
    ],
)
def test_model_is_loaded_from_every_kind_of_place(
    s3: S3, upload: Callable[[], None], tmp_path: Path, location: str, version: str
) -> None:
    promote(FIRST, "2026-01-01", tmp_path)
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed/model.tar.gz").write_bytes(packed(FIRST.files()))
    upload()

    source = model_source(f"s3://{s3.bucket}/{location}")

    assert source.fingerprint() == source.fingerprint()
    assert (source.load().digest, source.load().version) == (FIRST.digest, version)


def test_fingerprint_changes_with_the_archive(s3: S3) -> None:
    s3.client.put_object(Bucket=s3.bucket, Key="model.tar.gz", Body=packed(FIRST.files()))
    source = model_source(f"s3://{s3.bucket}/model.tar.gz")
    before = source.fingerprint()

    s3.client.put_object(Bucket=s3.bucket, Key="model.tar.gz", Body=packed(SECOND.files()))

    assert source.fingerprint() != before
    assert source.load().digest == SECOND.digest


def test_fingerprint_changes_with_any_file_of_the_artifact(s3: S3, upload: Callable[[], None], tmp_path: Path) -> None:
    promote(FIRST, "1", tmp_path)
    upload()
    source = model_source(f"s3://{s3.bucket}/models")
    before = source.fingerprint()

    s3.client.put_object(Bucket=s3.bucket, Key=f"models/model/1/model/{ONNX}", Body=b"other")

    assert source.fingerprint() != before
    with pytest.raises(ArtifactError, match=r"s3://abalone-test/models/model/1/model: model\.onnx is not the file"):
        source.load()


@pytest.mark.parametrize("location", ["", "/models", "/models/champion.json", "/models/model.tar.gz"])
def test_missing_model_is_told_with_what_to_do(s3: S3, location: str) -> None:
    with pytest.raises(AbaloneError, match=r"train first \(make run\), or name a place"):
        model_source(f"s3://{s3.bucket}{location}").fingerprint()


@pytest.mark.parametrize("location", ["", "/model.tar.gz", "/champion.json"])
def test_missing_bucket_is_told(s3: S3, location: str) -> None:  # noqa: ARG001 - the server
    with pytest.raises(UnavailableError, match="no-such-bucket"):
        model_source(f"s3://no-such-bucket{location}").fingerprint()


def test_address_without_a_bucket_is_told() -> None:
    with pytest.raises(AbaloneError, match="s3:/// is not an address on S3: write s3://bucket/key"):
        model_source("s3:///")


def test_broken_configuration_of_aws_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")

    with pytest.raises(AbaloneError, match=r"making a client of AWS s3 failed .*nobody"):
        model_source("s3://bucket/model.tar.gz")


def test_outage_leaves_the_model_in_service_and_is_told_once(
    s3: S3, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(aws, "_ATTEMPTS", 1)
    proxy = OutageProxy(s3.endpoint)
    monkeypatch.setenv("AWS_ENDPOINT_URL", proxy.endpoint)
    s3.client.put_object(Bucket=s3.bucket, Key="model.tar.gz", Body=packed(FIRST.files()))
    caplog.set_level("INFO", logger="abalone")
    store = ModelStore(model_source(f"s3://{s3.bucket}/model.tar.gz"), lambda artifact: artifact.digest)

    s3.client.put_object(Bucket=s3.bucket, Key="model.tar.gz", Body=packed(SECOND.files()))
    proxy.fail()
    assert not store.reload()
    assert not store.reload()
    assert store.current == FIRST.digest
    proxy.recover()
    assert store.reload()

    assert store.current == SECOND.digest
    levels = [record.levelname for record in caplog.records if record.name.startswith("abalone")]
    assert levels == ["INFO", "WARNING", "INFO", "INFO"]  # in service, outage, replaced, reached again
    proxy.close()


def test_service_without_s3_does_not_import_boto3() -> None:
    program = "import sys, abalone.serving.model_store, abalone.serving.capture; sys.exit('boto3' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
