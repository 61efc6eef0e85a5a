import json
from collections.abc import Callable
from pathlib import Path

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


def test_version_that_a_killed_run_left_is_no_version(abalone: Run, models: Path) -> None:
    write_version(models, FIRST)
    (models / "model" / FIRST / "model" / "manifest.json").unlink()

    assert listed(abalone) == []


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


def test_environment_that_does_not_exist_is_told(abalone: Run) -> None:
    result = abalone("models", "--env", "staging")

    assert result.exit_code == 1
    assert "conf/staging is no environment" in result.output
