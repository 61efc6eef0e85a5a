from pathlib import Path

import pytest

from abalone.datasets.promotions import is_logged, promotion, read_log, write_line


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
