import io
from dataclasses import replace

import pytest
from rich.console import Console

from abalone.rehearsal.year.__main__ import main
from abalone.rehearsal.year.played import PlayedWeek
from abalone.rehearsal.year.table import show_verdict, show_week
from abalone.rehearsal.year.verdict import judge
from support.played_weeks import year

REASON = "the error is 2.93 rings on 177 labelled rows, 1.25 times what was promised, and more than chance explains"


@pytest.fixture
def week() -> PlayedWeek:
    return replace(year(1.2, 1.0)[1], reason=REASON)


def printed(week: PlayedWeek, *, is_terminal: bool) -> str:
    file = io.StringIO()
    show_week(Console(file=file, force_terminal=is_terminal, no_color=True, width=80), week)
    return file.getvalue()


def test_line_of_a_week_is_whole_in_a_file(week: PlayedWeek) -> None:
    line = printed(week, is_terminal=False)

    assert line.endswith(f"retrain  model 2 promoted; {REASON}\n")
    assert line.count("\n") == 1


def test_line_of_a_week_is_cut_to_the_width_of_a_terminal(week: PlayedWeek) -> None:
    line = printed(week, is_terminal=True)

    assert len(line.rstrip("\n")) == 80
    assert line.endswith("…\n")


def test_year_of_a_week_is_not_told_in_the_plural(week: PlayedWeek) -> None:
    file = io.StringIO()

    show_verdict(Console(file=file, width=80), judge([week], seed=0, is_whole=False))

    assert file.getvalue().startswith("\nLast week      RMSE ")


@pytest.mark.parametrize("weeks", ["abc", "0", "-1", "1.5"])
def test_number_of_weeks_that_cannot_be_played_is_refused(weeks: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([f"--weeks={weeks}"])

    assert f"argument --weeks: {weeks!r} is not a whole number from 1 on" in capsys.readouterr().err
