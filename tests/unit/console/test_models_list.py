import json
import shutil
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from support.versions import FIRST, REFUSED, SECOND, THIRD, make_champion, write_version

Run = Callable[..., Result]


def listed(abalone: Run, *arguments: str) -> list[dict[str, object]]:
    result = abalone("models", "--json", *arguments)
    assert result.exit_code == 0, result.output
    versions: list[dict[str, object]] = json.loads(result.output)
    return versions


def test_folder_without_a_model_says_how_to_get_one(abalone: Run) -> None:
    result = abalone("models")

    assert result.exit_code == 0
    assert "`make run` trains one" in result.output
    assert listed(abalone) == []


def test_table_names_versions_in_full_with_their_figures(abalone: Run, models: Path) -> None:
    write_version(models, FIRST)
    make_champion(models, FIRST)

    header, line = abalone("models").output.splitlines()

    assert header.split("  ")[0] == "version"
    for text in (FIRST, "champion", "2026-01-01 00:00", "average", "3,350 rows, abababab", "2.063", "1.992", "89.6%"):
        assert text in line


def test_newest_version_comes_first_each_with_its_status(abalone: Run, models: Path) -> None:
    for version in (FIRST, SECOND, THIRD):
        write_version(models, version, passed=version != THIRD)
    make_champion(models, SECOND, previous=FIRST)

    statuses = [(version["version"], version["status"]) for version in listed(abalone)]

    assert statuses == [(THIRD, "rejected"), (SECOND, "champion"), (FIRST, "previous")]


def test_version_that_passed_is_a_candidate_and_one_without_a_verdict_is_said_to_be(abalone: Run, models: Path) -> None:
    write_version(models, FIRST, passed=None)
    write_version(models, SECOND)

    assert [version["status"] for version in listed(abalone)] == ["candidate", "not evaluated"]


def test_version_that_was_refused_says_why(abalone: Run, models: Path) -> None:
    write_version(models, FIRST, passed=False)

    assert f"{FIRST}: {REFUSED}" in abalone("models").output


def test_damaged_version_is_told_and_hides_no_other(abalone: Run, models: Path) -> None:
    write_version(models, FIRST)
    write_version(models, SECOND)
    (models / "model" / SECOND / "model" / "model.onnx").write_bytes(b"cut short")

    damaged, whole = listed(abalone)

    assert (damaged["status"], whole["status"]) == ("damaged", "candidate")
    assert "model.onnx is not the file" in str(damaged["detail"])


def test_version_that_a_run_still_writes_or_was_killed_at_is_no_version(abalone: Run, models: Path) -> None:
    write_version(models, FIRST, passed=None)
    (models / "model" / FIRST / "model" / "manifest.json").unlink()

    assert listed(abalone) == []


@pytest.mark.parametrize("lost", ["manifest.json", "."])
def test_champion_that_is_not_whole_any_more_is_listed_with_the_remedy(abalone: Run, models: Path, lost: str) -> None:
    for version in (FIRST, SECOND):
        write_version(models, version, passed=None)
    make_champion(models, SECOND, previous=FIRST)
    path = models / "model" / SECOND / "model" / lost
    shutil.rmtree(path) if path.is_dir() else path.unlink()

    champion, before = listed(abalone)

    assert (champion["version"], champion["status"], before["status"]) == (SECOND, "damaged", "previous")
    detail = str(champion["detail"])
    assert "it has no manifest.json; it is the champion: restore it, or `abalone promote` another version" in detail


def test_version_that_was_whole_when_the_gate_judged_it_is_listed_without_its_manifest(
    abalone: Run, models: Path
) -> None:
    write_version(models, FIRST)
    (models / "model" / FIRST / "model" / "manifest.json").unlink()

    (version,) = listed(abalone)

    assert version["status"] == "damaged"
    assert "it has no manifest.json; restore it, or delete its folder" in str(version["detail"])


def test_only_what_a_rollback_goes_back_to_is_the_previous_one(abalone: Run, models: Path) -> None:
    for version in (FIRST, SECOND, THIRD):
        write_version(models, version)
    told = []

    for change in (("promote", FIRST), ("promote", THIRD), ("promote", FIRST), ("promote", SECOND), ("rollback",)):
        assert abalone(*change).exit_code == 0
        told.append([version["status"] for version in listed(abalone)])

    assert told == [
        ["candidate", "candidate", "champion"],
        ["champion", "candidate", "previous"],
        ["candidate", "candidate", "champion"],
        ["candidate", "champion", "previous"],
        ["candidate", "candidate", "champion"],
    ]


def test_log_is_a_line_a_promotion_or_one_list(abalone: Run, models: Path) -> None:
    assert abalone("models", "--log").output == ""
    for version in (FIRST, SECOND):
        write_version(models, version)
        abalone("promote", version)

    lines = abalone("models", "--log").output.splitlines()

    assert [json.loads(line)["to"] for line in lines] == [FIRST, SECOND]
    assert listed(abalone, "--log") == list(map(json.loads, lines))


def test_champion_is_listed_however_old_it_is(abalone: Run, models: Path) -> None:
    for version in (FIRST, SECOND, THIRD):
        write_version(models, version)
    make_champion(models, FIRST)

    assert [version["version"] for version in listed(abalone, "--limit", "1")] == [THIRD, FIRST]


def test_damaged_record_is_told_in_one_line(abalone: Run, models: Path) -> None:
    (models / "champion.json").write_text("{")

    result = abalone("models")

    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert "champion.json does not name a champion" in result.output


@pytest.mark.parametrize("content", ['{"version": ', "[]", '{"version": "2026-01-01T00.00.00.000Z"}'])
@pytest.mark.parametrize("command", [("models",), ("promote", FIRST), ("rollback", FIRST)])
def test_damaged_verdict_is_told_in_one_line_with_the_remedy(
    abalone: Run, models: Path, command: tuple[str, ...], content: str
) -> None:
    for version in (FIRST, SECOND):
        write_version(models, version)
    make_champion(models, SECOND)
    verdict = models / "verdict" / FIRST / "verdict"
    verdict.write_text(content)

    result = abalone(*command)

    assert result.exit_code == 1
    assert len(result.output.splitlines()) == 1
    assert f"{verdict} is no verdict of the gate" in result.output
    assert "delete it" in result.output
    verdict.unlink()
    assert [version["status"] for version in listed(abalone)] == ["champion", "not evaluated"]


@pytest.mark.parametrize("content", ['{"at": ', "[]", '{"at": "2026"}'])
def test_damaged_line_of_the_log_is_told_in_one_line_with_the_remedy(abalone: Run, models: Path, content: str) -> None:
    for version in (FIRST, SECOND):
        write_version(models, version)
        abalone("promote", version)
    damaged, _ = sorted((models / "promotions").iterdir())
    damaged.write_text(content)

    for command in (("models", "--log"), ("rollback",)):
        result = abalone(*command)
        assert result.exit_code == 1
        assert len(result.output.splitlines()) == 1
        assert f"{damaged} is no line of the log of promotions" in result.output
        assert "mend it, or take it out of that folder" in result.output


def test_narrow_terminal_gets_the_columns_that_it_has_room_for(
    abalone: Run, models: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_version(models, FIRST)
    for name, value in {"FORCE_COLOR": "1", "NO_COLOR": "1", "COLUMNS": "80"}.items():
        monkeypatch.setenv(name, value)

    header, line = map(click.unstyle, abalone("models").output.splitlines())

    assert header.split() == ["version", "status", "CV", "RMSE", "new", "site", "test", "coverage"]
    assert line.split() == [FIRST, "candidate", "2.063", "2.117", "1.992", "89.6%"]
    assert len(line) <= 80


def test_environment_that_does_not_exist_is_told(abalone: Run) -> None:
    result = abalone("models", "--env", "staging")

    assert result.exit_code == 1
    assert "conf/staging is no environment" in result.output
