"""The model in service: what replaces it, what does not, and what a reader sees meanwhile."""

import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from abalone.errors import AbaloneError
from abalone.model.artifact import MANIFEST, ONNX, Artifact
from abalone.serving.model_store import ModelStore, model_source
from support.artifacts import ROW, packed, promote, summing_artifact, write_artifact
from support.waiting import await_that

FIRST, SECOND = summing_artifact(1.0), summing_artifact(2.0)


def predicted(artifact: Artifact) -> float:
    """What a service builds of the artifact, here: its prediction for one row."""
    return float(artifact.predict(ROW).rings[0])


@pytest.fixture
def models(tmp_path: Path) -> Path:
    """A folder with a champion."""
    promote(FIRST, "1", tmp_path)
    return tmp_path


@pytest.fixture
def outcomes() -> list[str]:
    return []


@pytest.fixture
def store(models: Path, outcomes: list[str]) -> Iterator[ModelStore[float]]:
    store = ModelStore(model_source(str(models)), predicted, outcomes.append)
    yield store
    store.close()


def test_first_model_is_in_service_at_once(store: ModelStore[float], outcomes: list[str]) -> None:
    assert store.current == 7.0
    assert outcomes == []


def test_store_without_a_model_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(AbaloneError, match=r"holds no model: train first"):
        ModelStore(model_source(str(tmp_path)), predicted)


def test_first_model_that_cannot_predict_is_told_in_one_line(tmp_path: Path) -> None:
    promote(Artifact(b"no graph", b"", {}), "1", tmp_path)

    with pytest.raises(AbaloneError, match=r"the model in .* cannot predict .*: train again") as refused:
        ModelStore(model_source(str(tmp_path)), predicted)

    assert "\n" not in str(refused.value)


def test_other_model_replaces_the_one_in_service(
    store: ModelStore[float], models: Path, outcomes: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="abalone")
    promote(SECOND, "2", models)

    assert store.reload()

    assert store.current == 14.0
    assert outcomes == ["loaded"]
    assert f"model 2 (digest {SECOND.digest}) replaces 1 (digest {FIRST.digest})" in caplog.text


def test_nothing_is_done_while_nothing_changes(models: Path) -> None:
    builds: list[Artifact] = []
    store = ModelStore(model_source(str(models)), builds.append)

    assert not store.reload()
    (models / "champion.json").touch()
    for path in (models / "model/1/model").iterdir():
        path.touch()  # as a copy of the same artifact does
    assert not store.reload()

    assert len(builds) == 1


def test_same_model_under_another_version_is_taken_for_another(store: ModelStore[float], models: Path) -> None:
    promote(FIRST, "2", models)

    assert store.reload()


@pytest.mark.parametrize("garbage", [b"", b"garbage", FIRST.onnx[:-20]])
def test_garbage_leaves_the_model_in_service_and_is_told_once(
    store: ModelStore[float], models: Path, outcomes: list[str], caplog: pytest.LogCaptureFixture, garbage: bytes
) -> None:
    promote(Artifact(garbage, b"", {}), "2", models)  # its manifest vouches for it

    for _ in range(3):
        assert not store.reload()

    assert store.current == 7.0
    assert outcomes == ["refused"]
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "the new model is refused, 1 (digest" in caplog.text
    assert "cannot predict" in caplog.text


def test_damaged_record_is_told_once_and_leaves_the_model_in_service(
    store: ModelStore[float], models: Path, outcomes: list[str]
) -> None:
    (models / "champion.json").write_text("{")

    for _ in range(3):
        assert not store.reload()

    assert store.current == 7.0
    assert outcomes == ["refused"]


def test_good_model_after_a_bad_one_is_loaded(store: ModelStore[float], models: Path, outcomes: list[str]) -> None:
    promote(Artifact(b"garbage", b"", {}), "2", models)
    store.reload()
    promote(SECOND, "3", models)

    assert store.reload()

    assert store.current == 14.0
    assert outcomes == ["refused", "loaded"]


def test_return_to_the_model_in_service_after_a_bad_one_changes_nothing(
    store: ModelStore[float], models: Path, outcomes: list[str]
) -> None:
    promote(Artifact(b"garbage", b"", {}), "2", models)
    store.reload()
    promote(FIRST, "1", models)

    assert not store.reload()

    assert outcomes == ["refused"]


def test_model_that_vanishes_stays_in_service_until_it_is_back(
    store: ModelStore[float], models: Path, outcomes: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="abalone")
    (models / "champion.json").unlink()

    for _ in range(3):
        assert not store.reload()
    assert store.current == 7.0
    promote(SECOND, "2", models)
    assert store.reload()

    assert outcomes == ["loaded"]
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO", "INFO"]


def test_artifact_copied_file_by_file_is_refused_until_it_is_whole(tmp_path: Path) -> None:
    folder = write_artifact(FIRST, tmp_path / "served")
    store = ModelStore(model_source(str(folder)), predicted)
    shown = set()

    for name, content in SECOND.files().items():
        for part in (content[: len(content) // 2], content):
            (folder / name).write_bytes(part)
            store.reload()
            shown.add(store.current)
            is_whole = name == MANIFEST and part == content
            assert store.current == (14.0 if is_whole else 7.0)

    assert shown == {7.0, 14.0}


def test_archive_copied_in_pieces_is_refused_until_it_is_whole(tmp_path: Path) -> None:
    place = tmp_path / "model.tar.gz"
    place.write_bytes(packed(FIRST.files()))
    store = ModelStore(model_source(str(tmp_path)), predicted)
    new = packed(SECOND.files())

    with place.open("wb", buffering=0) as file:
        for begin in range(0, len(new), 200):
            file.write(new[begin : begin + 200])
            store.reload()
    store.reload()

    assert store.current == 14.0


def test_files_with_their_old_times_are_seen_as_another_model(tmp_path: Path) -> None:
    folder = write_artifact(FIRST, tmp_path / "served")
    store = ModelStore(model_source(str(folder)), predicted)
    other = write_artifact(SECOND, tmp_path / "other")
    for name in SECOND.files():
        shutil.copystat(folder / name, other / name)
        (other / name).replace(folder / name)

    assert store.reload()


def test_readers_see_one_model_or_the_other_and_never_a_mixture(tmp_path: Path) -> None:
    promote(FIRST, "1", tmp_path)
    store = ModelStore(model_source(str(tmp_path)), lambda artifact: (predicted(artifact), artifact.version))
    seen: set[tuple[float, str]] = set()
    is_over = threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seen.add(store.current)
            time.sleep(0)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for turn in range(30):
        promote(*((SECOND, "2") if turn % 2 == 0 else (FIRST, "1")), tmp_path)
        assert store.reload()
    is_over.set()
    for reader in readers:
        reader.join()

    assert seen == {(7.0, "1"), (14.0, "2")}


def test_concurrent_reloads_replace_the_model_once(store: ModelStore[float], models: Path, outcomes: list[str]) -> None:
    promote(SECOND, "2", models)

    looks = [threading.Thread(target=store.reload) for _ in range(8)]
    for look in looks:
        look.start()
    for look in looks:
        look.join()

    assert outcomes == ["loaded"]


def test_watch_finds_another_model_by_itself(store: ModelStore[float], models: Path) -> None:
    store.watch(0.02)

    promote(SECOND, "2", models)

    await_that(lambda: store.current == 14.0)


def test_watch_that_does_not_look_by_itself_looks_when_a_signal_asks_for_it(
    store: ModelStore[float], models: Path
) -> None:
    store.watch(0)
    promote(SECOND, "2", models)
    before = signal.signal(signal.SIGHUP, lambda *_: store.request_reload())
    try:
        os.kill(os.getpid(), signal.SIGHUP)
        await_that(lambda: store.current == 14.0)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_watch_ends_at_once_however_seldom_it_looks(models: Path) -> None:
    store = ModelStore(model_source(str(models)), predicted)
    store.watch(3600)
    begin = time.monotonic()

    store.close()

    assert time.monotonic() - begin < 1
    assert "model-watcher" not in {thread.name for thread in threading.enumerate()}


def test_watch_survives_a_load_that_fails_in_an_unforeseen_way(models: Path) -> None:
    def build(artifact: Artifact) -> float:
        if artifact.version == "2":
            raise ZeroDivisionError("unforeseen")
        return predicted(artifact)

    outcomes: list[str] = []
    store = ModelStore(model_source(str(models)), build, outcomes.append)
    store.watch(0.01)
    promote(SECOND, "2", models)
    await_that(lambda: outcomes == ["refused"])

    promote(SECOND, "3", models)
    await_that(lambda: store.current == 14.0)

    store.close()
    assert (models / "model/3/model" / ONNX).exists()
