"""Another model is put in place while the service answers."""

import dataclasses
import io
import json
import os
import re
import signal
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from abalone.model.artifact import MANIFEST, METADATA, ONNX, Artifact
from support.artifacts import packed, promote, summing_artifact, write_artifact
from support.measurements import ROW, as_json, predicted_rings
from support.raw_http import post, raw_connection
from support.service import RunningService, running_service
from support.waiting import await_that

ROWS = [ROW, {**ROW, "sex": "I", "shell_weight": 0.05}]


def put_directory(artifact: Artifact, place: Path) -> Path:
    """File by file, as it is copied."""
    return write_artifact(artifact, place)


def put_archive(artifact: Artifact, place: Path) -> Path:
    place.mkdir(exist_ok=True)
    return replace(place / "model.tar.gz", packed(artifact.files()))


def put_champion(artifact: Artifact, place: Path) -> Path:
    version = f"version-{artifact.digest[:6]}"
    write_artifact(artifact, place / "model" / version / "model")
    return replace(place / "champion.json", json.dumps({"version": version, "digest": artifact.digest}).encode())


def replace(path: Path, content: bytes) -> Path:
    beside = path.with_name(".new")
    beside.write_bytes(content)
    return beside.rename(path)


def versions_of(artifact: Artifact) -> set[str]:
    return {artifact.digest[:12], f"version-{artifact.digest[:6]}"}


@dataclass
class Asked:
    """What was answered under load.

    Attributes:
        versions: Of the models that answered, one an answer.
        failures: Answers that are wrong, or missing.
    """

    versions: list[str] = field(default_factory=list)
    failures: list[object] = field(default_factory=list)


@contextmanager
def load(port: int, *artifacts: Artifact) -> Iterator[Asked]:
    """Clients that ask again and again, and know what each model has to say."""
    expected = {
        version: pytest.approx(predicted_rings(artifact, ROWS), abs=1e-9)
        for artifact in artifacts
        for version in versions_of(artifact)
    }
    asked, ends = Asked(), threading.Event()

    def ask(request: bytes, repeated: int) -> None:
        try:
            with raw_connection(port) as connection:
                while not ends.is_set():
                    connection.send(request)
                    answer = connection.answer()
                    version = answer.headers["x-model-version"]
                    content = answer.json()
                    rings = [prediction["rings"] for prediction in content["predictions"]]
                    pairs = [rings[start : start + len(ROWS)] for start in range(0, len(rings), len(ROWS))]
                    right = len(pairs) == repeated and all(pair == expected[version] for pair in pairs)
                    if answer.status != 200 or content["model_version"] != version or not right:
                        asked.failures.append(answer)
                    asked.versions.append(version)
        except Exception as error:
            asked.failures.append(error)

    clients = [
        threading.Thread(target=ask, args=(post(as_json(ROWS * repeated)), repeated)) for repeated in (1, 1, 1, 200)
    ]
    for client in clients:
        client.start()
    try:
        yield asked
    finally:
        ends.set()
        for client in clients:
            client.join()


def await_version(asked: Asked, artifact: Artifact) -> None:
    await_that(lambda: not versions_of(artifact).isdisjoint(asked.versions[-1:]), "the model is not replaced")


def count(service: RunningService, outcome: str) -> float:
    with service.client() as client:
        text = client.get("/metrics").text
    match = re.search(rf'^abalone_model_reloads_total{{outcome="{outcome}"}} (\S+)$', text, re.MULTILINE)
    return float(match.group(1)) if match else 0.0


def errors(service: RunningService) -> list[str]:
    return [str(line["message"]) for line in service.log if line["level"] == "ERROR"]


@pytest.mark.parametrize("put", [put_directory, put_archive, put_champion])
def test_another_model_takes_over_without_a_failed_request(
    put: Callable[[Artifact, Path], Path], artifact: Artifact, other_artifact: Artifact, tmp_path: Path
) -> None:
    put(artifact, tmp_path / "place")
    with (
        running_service(tmp_path / "place", reload_seconds=0.2) as service,
        load(service.port, artifact, other_artifact) as asked,
    ):
        for model in (other_artifact, artifact, other_artifact):
            put(model, tmp_path / "place")
            await_version(asked, model)
    assert asked.failures == []
    assert set(asked.versions) <= versions_of(artifact) | versions_of(other_artifact)


def test_sighup_has_all_workers_look_at_once(artifact: Artifact, other_artifact: Artifact, tmp_path: Path) -> None:
    put_champion(artifact, tmp_path)
    with (
        running_service(tmp_path, reload_seconds=0, workers=2) as service,
        load(service.port, artifact, other_artifact) as asked,
    ):
        starts = "is in service"
        await_that(lambda: sum(starts in str(line["message"]) for line in service.log) == 2, "a worker does not start")
        put_champion(other_artifact, tmp_path)
        service.process.send_signal(signal.SIGHUP)
        await_that(lambda: count(service, "loaded") == 2, "a worker did not look")
        answered = len(asked.versions)
        await_that(lambda: len(asked.versions) > answered + 50, "nobody answers")
        assert set(asked.versions[answered + 10 :]) <= versions_of(other_artifact)
    assert asked.failures == []


@pytest.fixture(scope="module")
def reloading(artifact: Artifact, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[RunningService, Path]]:
    place = tmp_path_factory.mktemp("place")
    write_artifact(artifact, place)
    with running_service(place, reload_seconds=0) as service:
        yield service, place


def without_digests_that_fit(files: dict[str, bytes]) -> dict[str, bytes]:
    manifest = json.loads(files[MANIFEST])
    manifest["sha256"][ONNX] = "0" * 64
    return {**files, MANIFEST: json.dumps(manifest).encode()}


def changed(artifact: Artifact, **fields: object) -> dict[str, bytes]:
    return dataclasses.replace(artifact, **fields).files()  # type: ignore[arg-type]


BAD: dict[str, Callable[[Artifact], dict[str, bytes]]] = {
    "garbage": lambda good: dict.fromkeys(good.files(), os.urandom(1000)),
    "half copied": lambda good: {**good.files(), ONNX: good.onnx[:1000]},
    "other digests": lambda good: without_digests_that_fit(good.files()),
    "empty files": lambda good: dict.fromkeys(good.files(), b""),
    "graph of garbage": lambda good: changed(good, onnx=os.urandom(1000)),
    "graph that is cut": lambda good: changed(good, onnx=good.onnx[: len(good.onnx) // 2]),
    "predicts nothing": lambda good: changed(good, onnx=summing_artifact(float("nan")).onnx),
    "predicts less than nothing": lambda good: changed(good, onnx=summing_artifact(-1).onnx),
    "no metadata": lambda good: changed(good, metadata={}),
    "deep metadata": lambda good: {**good.files(), METADATA: b"[" * 100_000},
    "manifest that is a list": lambda good: {**good.files(), MANIFEST: b"[]"},
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_model_is_refused_and_a_good_one_after_it_taken(
    reloading: tuple[RunningService, Path], artifact: Artifact, other_artifact: Artifact, kind: str
) -> None:
    service, place = reloading
    refused, told = count(service, "refused"), len(errors(service))
    with service.client() as client:
        before = client.post("/invocations", json=[dict(row) for row in ROWS])
        old, new = (
            (artifact, other_artifact)
            if before.headers["x-model-version"] in versions_of(artifact)
            else (other_artifact, artifact)
        )

        for name, content in BAD[kind](new).items():
            (place / name).write_bytes(content)
        for _ in range(3):
            service.process.send_signal(signal.SIGHUP)
            await_that(lambda: count(service, "refused") == refused + 1, "it is not refused")
        after = client.post("/invocations", json=[dict(row) for row in ROWS])

        assert after.headers["x-model-version"] == before.headers["x-model-version"]
        assert after.json()["predictions"] == before.json()["predictions"]
        assert [p["rings"] for p in after.json()["predictions"]] == pytest.approx(predicted_rings(old, ROWS), abs=1e-9)
        assert client.get("/ping").status_code == 200
        assert len(errors(service)) == told + 1

        write_artifact(new, place)
        service.process.send_signal(signal.SIGHUP)
        await_that(lambda: client.get("/ping").json()["model_version"] in versions_of(new), "it is not taken")
        taken = client.post("/invocations", json=[dict(row) for row in ROWS]).json()["predictions"]
        assert [prediction["rings"] for prediction in taken] == pytest.approx(predicted_rings(new, ROWS), abs=1e-9)


@pytest.mark.parametrize("content", ["garbage", "cut", "link"])
def test_bad_archive_is_refused(artifact: Artifact, other_artifact: Artifact, tmp_path: Path, content: str) -> None:
    good = packed(other_artifact.files())
    link = io.BytesIO()
    with tarfile.open(fileobj=link, mode="w:gz") as archive:
        member = tarfile.TarInfo(ONNX)
        member.type, member.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(member)
    bad = {"garbage": os.urandom(5000), "cut": good[: len(good) // 2], "link": link.getvalue()}[content]
    path = put_archive(artifact, tmp_path)
    with running_service(path, reload_seconds=0.2) as service, load(service.port, artifact, other_artifact) as asked:
        replace(path, bad)
        await_that(lambda: count(service, "refused") == 1, "it is not refused")
        assert set(asked.versions) <= versions_of(artifact)
        replace(path, good)
        await_that(lambda: count(service, "loaded") == 1, "it is not taken")
        assert len(errors(service)) == 1
    assert asked.failures == []


def test_champion_that_is_removed_stays_in_service(
    artifact: Artifact, other_artifact: Artifact, tmp_path: Path
) -> None:
    record = promote(artifact, "first", tmp_path)
    with running_service(tmp_path, reload_seconds=0) as service, service.client() as client:
        record.unlink()
        service.process.send_signal(signal.SIGHUP)
        await_that(lambda: any(line["level"] == "WARNING" for line in service.log), "nothing is said")
        assert client.get("/ping").json()["model_version"] == "first"

        promote(other_artifact, "second", tmp_path)
        service.process.send_signal(signal.SIGHUP)
        await_that(lambda: client.get("/ping").json()["model_version"] == "second", "it is not taken")
