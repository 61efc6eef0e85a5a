import re
from pathlib import Path

import pytest

from abalone.datasets.promotions import GATE, is_by_hand, is_logged, promotion, read_log, write_line
from abalone.errors import AbaloneError


@pytest.fixture
def filepath(tmp_path: Path) -> str:
    return (tmp_path / "champion.json").as_posix()


def record_of(version: str, replaced: str | None = None) -> dict[str, object]:
    line = promotion(by="ada", action="promote", replaced=replaced, version=version, reason="it is better")
    return {"version": version, "promotion": line}


def test_log_has_every_line_once_in_its_order(filepath: str) -> None:
    first, second = record_of("1"), record_of("2", "1")

    for record in (first, second, first):
        write_line(filepath, record)

    assert read_log(filepath) == [first["promotion"], second["promotion"]]


def test_line_says_who_what_when_and_why(filepath: str) -> None:
    write_line(filepath, record_of("2", "1"))

    (line,) = read_log(filepath)
    assert line.pop("at").endswith("+00:00")
    assert line == {"by": "ada", "action": "promote", "from": "1", "to": "2", "reason": "it is better"}


def test_record_whose_line_is_missing_can_be_told(filepath: str) -> None:
    record = record_of("1")

    assert not is_logged(filepath, record)
    write_line(filepath, record)
    assert is_logged(filepath, record)


def test_record_from_before_lines_were_kept_lacks_none(filepath: str) -> None:
    old = {"version": "1", "digest": "d"}

    write_line(filepath, old)

    assert is_logged(filepath, old)
    assert read_log(filepath) == []


@pytest.mark.parametrize("content", ['{"at": ', "[]", "null", '{"at": "2026-01-01"}'])
def test_damaged_line_is_told_with_its_place_and_the_remedy(filepath: str, content: str) -> None:
    write_line(filepath, record_of("1"))
    (line,) = (Path(filepath).parent / "promotions").iterdir()
    line.write_text(content)

    with pytest.raises(AbaloneError, match=rf"{re.escape(line.name)} is no line of the log of promotions .* mend it"):
        read_log(filepath)


def test_champion_of_a_run_was_made_by_no_hand() -> None:
    of_a_run = promotion(by="kedro run", action=GATE, replaced=None, version="1", reason="it passed the gate")

    assert is_by_hand(record_of("1"))
    assert not is_by_hand({"version": "1", "promotion": of_a_run})
    assert not is_by_hand({"version": "1"})
