import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from abalone.datasets.champion_record import ChampionChangedError, look, replace
from abalone.errors import AbaloneError


@pytest.fixture
def filepath(tmp_path: Path) -> str:
    return (tmp_path / "06_models" / "champion.json").as_posix()


def test_there_is_no_record_at_first(filepath: str) -> None:
    assert look(filepath).record is None
    assert look(filepath).version is None


def test_record_that_was_read_is_replaced(filepath: str) -> None:
    replace(filepath, {"version": "1"}, look(filepath))
    replace(filepath, {"version": "2"}, look(filepath))

    assert look(filepath).version == "2"


@pytest.mark.parametrize("before", [None, "1"])
def test_record_that_somebody_else_has_written_since_is_left_alone(filepath: str, before: str | None) -> None:
    if before:
        replace(filepath, {"version": before}, look(filepath))
    seen = look(filepath)
    replace(filepath, {"version": "theirs"}, look(filepath))

    with pytest.raises(ChampionChangedError, match=r"champion\.json was written by somebody else"):
        replace(filepath, {"version": "ours"}, seen)

    assert look(filepath).version == "theirs"


def test_record_that_was_deleted_since_is_not_written_again(filepath: str) -> None:
    replace(filepath, {"version": "1"}, look(filepath))
    seen = look(filepath)
    Path(filepath).unlink()

    with pytest.raises(ChampionChangedError):
        replace(filepath, {"version": "2"}, seen)


def test_of_several_writers_at_once_one_wins(filepath: str) -> None:
    replace(filepath, {"version": "0"}, look(filepath))
    all_have_read = threading.Barrier(4, timeout=60)

    def write(version: str) -> str | None:
        seen = look(filepath)
        all_have_read.wait()
        try:
            replace(filepath, {"version": version}, seen)
        except ChampionChangedError:
            return None
        return version

    with ThreadPoolExecutor(4) as pool:
        won = [version for version in pool.map(write, "1234") if version]

    assert won == [look(filepath).version]


@pytest.mark.parametrize(
    "content",
    [
        '{"version": ',
        "[]",
        "{}",
        '{"version": 5}',
        '{"version": "1", "digest": "d", "previous": null, "promotion": {"at": "2026"}}',
    ],
)
def test_damaged_record_is_told_with_the_remedy(filepath: str, content: str) -> None:
    Path(filepath).parent.mkdir()
    Path(filepath).write_text(content)

    with pytest.raises(AbaloneError, match=r"champion\.json does not name a champion .* delete it"):
        look(filepath)


def test_record_is_json_that_a_person_can_read(filepath: str) -> None:
    replace(filepath, {"version": "1", "digest": "d"}, look(filepath))

    assert json.loads(Path(filepath).read_text()) == {"version": "1", "digest": "d"}
    assert Path(filepath).read_text().count("\n") == 4
