import json
from pathlib import Path

import pytest
from kedro.io import DatasetError, Version

from abalone.datasets.artifact import ArtifactDataset
from abalone.datasets.champion import NO_CHAMPION, ChampionDataset, ChampionRecordDataset
from abalone.datasets.promotions import promotion, read_log, write_line
from abalone.model.artifact import Artifact

FIRST = Artifact(onnx=b"first graph", skops=b"first model", metadata={"name": "first"})
SECOND = Artifact(onnx=b"second graph", skops=b"second model", metadata={"name": "second"})


def dataset(folder: Path, load: str | None = None, save: str | None = None) -> ArtifactDataset:
    return ArtifactDataset(filepath=(folder / "model").as_posix(), version=Version(load, save))


def champion(folder: Path) -> ChampionDataset:
    return ChampionDataset(filepath=(folder / "champion.json").as_posix(), versions="model")


def promote(folder: Path, version: str | None) -> None:
    (folder / "champion.json").write_text(json.dumps({"version": version}), encoding="utf-8")


def test_there_is_no_champion_until_one_is_named(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)

    assert champion(tmp_path).load() is None
    assert not champion(tmp_path).exists()

    promote(tmp_path, None)
    assert champion(tmp_path).load() is None


def test_champion_is_the_version_that_the_record_names(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    dataset(tmp_path, save="2026-01-02").save(SECOND)
    promote(tmp_path, "2026-01-01")

    loaded = champion(tmp_path).load()

    assert loaded is not None
    assert loaded.onnx == FIRST.onnx
    assert champion(tmp_path).exists()


def test_record_that_names_a_missing_version_is_told(tmp_path: Path) -> None:
    promote(tmp_path, "2026-01-01")

    with pytest.raises(DatasetError, match=r"2026-01-01.*delete .*champion\.json"):
        champion(tmp_path).load()


def test_champion_that_was_changed_is_told_with_its_place_and_the_remedy(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    promote(tmp_path, "2026-01-01")
    (tmp_path / "model" / "2026-01-01" / "model" / "model.onnx").write_bytes(b"another graph")

    with pytest.raises(DatasetError, match=r"2026-01-01/model: model\.onnx is not .*delete .*champion\.json"):
        champion(tmp_path).load()


@pytest.mark.parametrize("record", ['{"version": ', "[]", "{}", '{"version": 5}', "null"])
def test_damaged_record_is_told_with_the_remedy(tmp_path: Path, record: str) -> None:
    (tmp_path / "champion.json").write_text(record, encoding="utf-8")

    with pytest.raises(DatasetError, match=r"champion\.json does not name a champion .* delete it"):
        champion(tmp_path).load()


def test_champion_is_not_saved_as_an_artifact(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match="champion_record"):
        champion(tmp_path).save(FIRST)  # type: ignore[arg-type]


def test_pinned_champion_is_loaded_whatever_the_record_names(tmp_path: Path) -> None:
    dataset(tmp_path, save="2026-01-01").save(FIRST)
    dataset(tmp_path, save="2026-01-02").save(SECOND)
    promote(tmp_path, "2026-01-02")
    where = {"filepath": (tmp_path / "champion.json").as_posix(), "versions": "model"}

    pinned = ChampionDataset(**where, pinned="2026-01-01").load()

    assert pinned is not None
    assert pinned.onnx == FIRST.onnx
    assert ChampionDataset(**where, pinned=NO_CHAMPION).load() is None


def test_description_says_where_the_record_is(tmp_path: Path) -> None:
    assert "champion.json" in str(champion(tmp_path))


def record(folder: Path) -> ChampionRecordDataset:
    return ChampionRecordDataset(filepath=(folder / "champion.json").as_posix())


def recorded(folder: Path) -> dict[str, str | None]:
    """The record, but for the line of the log."""
    return {name: value for name, value in record(folder).load().items() if name != "promotion"}


def named(version: str | None, previous: str | None) -> dict[str, str | None]:
    return {"version": version, "digest": f"digest of {version}", "previous": previous}


def test_first_champion_is_recorded(tmp_path: Path) -> None:
    record(tmp_path).save(named("1", None))

    assert recorded(tmp_path) == named("1", None)


def test_new_champion_takes_the_place_of_the_one_that_it_was_compared_with(tmp_path: Path) -> None:
    record(tmp_path).save(named("1", None))

    record(tmp_path).save(named("2", "1"))

    assert recorded(tmp_path) == named("2", "1")


@pytest.mark.parametrize("again", [("2", "1"), ("2", "2"), ("1", "1")])
def test_champion_that_stays_or_is_named_again_leaves_the_record_as_it_is(
    again: tuple[str, str], tmp_path: Path
) -> None:
    record(tmp_path).save(named("1", None))
    record(tmp_path).save(named("2", "1"))

    record(tmp_path).save(named(*again))

    assert recorded(tmp_path) == named("2", "1")


def test_champion_of_another_run_is_not_pushed_aside_by_a_model_that_was_not_compared_with_it(tmp_path: Path) -> None:
    record(tmp_path).save(named("1", None))
    record(tmp_path).save(named("2", "1"))

    with pytest.raises(DatasetError, match=r"another champion \(2\) .* compared with \(1\): run again"):
        record(tmp_path).save(named("3", "1"))

    assert recorded(tmp_path) == named("2", "1")


def test_that_there_is_no_champion_is_recorded(tmp_path: Path) -> None:
    record(tmp_path).save({"version": None, "digest": None, "previous": None})

    assert record(tmp_path).load()["version"] is None


def test_promotions_of_runs_are_logged(tmp_path: Path) -> None:
    for version, previous in (("1", None), ("2", "1"), ("2", "1"), ("2", "2")):
        record(tmp_path).save(named(version, previous))

    first, second = read_log((tmp_path / "champion.json").as_posix())
    assert (first["from"], first["to"], second["from"], second["to"]) == (None, "1", "1", "2")
    assert (second["by"], second["action"], second["reason"]) == ("kedro run", "gate", "it passed the gate")
    assert record(tmp_path).load()["promotion"] == second


def test_line_of_a_run_that_was_killed_before_it_was_written_is_written_by_the_next(tmp_path: Path) -> None:
    record(tmp_path).save(named("1", None))
    (line,) = (tmp_path / "promotions").iterdir()
    line.unlink()

    record(tmp_path).save(named("2", "1"))

    assert [line["to"] for line in read_log((tmp_path / "champion.json").as_posix())] == ["1", "2"]


@pytest.mark.parametrize("action", ["promote", "rollback"])
def test_run_does_not_declare_done_what_a_person_did_not_finish(tmp_path: Path, action: str) -> None:
    by_hand = promotion(by="ada", action=action, replaced=None, version="1", reason="it is better")
    unfinished = json.dumps({**named("1", None), "promotion": by_hand})
    (tmp_path / "champion.json").write_text(unfinished)

    with pytest.raises(DatasetError, match=rf"the {action} of 1 by ada was not finished.*`abalone {action} 1`"):
        record(tmp_path).save(named("2", "1"))

    assert (tmp_path / "champion.json").read_text() == unfinished
    assert read_log((tmp_path / "champion.json").as_posix()) == []


def test_run_follows_what_a_person_has_finished(tmp_path: Path) -> None:
    by_hand = promotion(by="ada", action="promote", replaced=None, version="1", reason="it is better")
    finished = {**named("1", None), "promotion": by_hand}
    (tmp_path / "champion.json").write_text(json.dumps(finished))
    write_line((tmp_path / "champion.json").as_posix(), finished)

    record(tmp_path).save(named("2", "1"))

    assert [line["by"] for line in read_log((tmp_path / "champion.json").as_posix())] == ["ada", "kedro run"]
