import getpass
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from support.versions import FIRST, SECOND, THIRD, artifact_of, make_champion, write_version

Run = Callable[..., Result]


@pytest.fixture
def versions(models: Path) -> Path:
    """Three versions; the second is the champion, and took over from the first."""
    for version in (FIRST, SECOND, THIRD):
        write_version(models, version)
    make_champion(models, SECOND, previous=FIRST)
    return models


def record(models: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((models / "champion.json").read_text())
    return read


def log(abalone: Run) -> list[dict[str, str]]:
    return [json.loads(line) for line in abalone("models", "--log").output.splitlines()]


def test_promoted_version_is_the_champion_and_the_log_says_by_whom_and_why(abalone: Run, versions: Path) -> None:
    result = abalone("promote", THIRD, "--reason", "counted again")

    assert result.exit_code == 0, result.output
    assert result.output.splitlines()[0] == f"{THIRD} is the champion ({versions}/champion.json)"
    assert "within 10 seconds, or at SIGHUP" in result.output
    promoted = record(versions)
    assert (promoted["version"], promoted["digest"], promoted["previous"]) == (THIRD, artifact_of(THIRD).digest, SECOND)
    (line,) = log(abalone)
    assert line == promoted["promotion"]
    del line["at"]
    assert line == {
        "by": getpass.getuser(),
        "action": "promote",
        "from": SECOND,
        "to": THIRD,
        "reason": "counted again",
    }


def test_version_may_be_cut_short(abalone: Run, versions: Path) -> None:
    assert abalone("promote", "2026-03").exit_code == 0

    assert record(versions)["version"] == THIRD


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("2025", "no version begins with '2025'"),
        ("2026", "3 versions begin with '2026'"),
        (SECOND, f"{SECOND} is the champion already"),
    ],
)
def test_version_that_cannot_be_meant_is_refused_in_one_line(
    abalone: Run, versions: Path, version: str, message: str
) -> None:
    before = (versions / "champion.json").read_bytes()

    result = abalone("promote", version)

    assert result.exit_code == 1
    assert message in result.output
    assert len(result.output.splitlines()) == 1
    assert (versions / "champion.json").read_bytes() == before


@pytest.mark.parametrize("command", [("promote", THIRD), ("rollback", FIRST)])
def test_damaged_version_is_refused(abalone: Run, versions: Path, command: tuple[str, str]) -> None:
    (versions / "model" / command[1] / "model" / "model.onnx").write_bytes(b"cut short")

    result = abalone(*command)

    assert result.exit_code == 1
    assert "model.onnx is not the file" in result.output
    assert record(versions)["version"] == SECOND


@pytest.mark.parametrize(
    ("passed", "message"), [(False, "did not pass the gate (better than the baseline"), (None, "was not evaluated")]
)
def test_gate_is_overruled_only_by_force_and_with_a_reason(
    abalone: Run, models: Path, passed: bool | None, message: str
) -> None:
    write_version(models, FIRST, passed=passed)

    refused, unexplained = abalone("promote", FIRST), abalone("promote", FIRST, "--force")

    assert message in refused.output
    assert (refused.exit_code, unexplained.exit_code) == (1, 2)
    assert "say why with --reason" in unexplained.output
    assert not (models / "champion.json").exists()
    assert abalone("promote", FIRST, "--force", "--reason", "the only one").exit_code == 0
    assert record(models)["version"] == FIRST


def test_model_that_was_changed_since_the_gate_judged_it_is_refused(abalone: Run, versions: Path) -> None:
    verdict = versions / "verdict" / THIRD / "verdict"
    verdict.write_text(json.dumps({**json.loads(verdict.read_text()), "digest": "another"}))

    assert "is not the model any more that the gate judged" in abalone("promote", THIRD).output


def test_rollback_goes_back_to_the_champion_before_and_further_when_repeated(abalone: Run, versions: Path) -> None:
    abalone("promote", THIRD)

    assert abalone("rollback", "--reason", "too slow").exit_code == 0
    assert record(versions)["version"] == SECOND
    beyond = abalone("rollback")

    assert beyond.exit_code == 1
    assert f"no champion before {SECOND} is known: `abalone promote {THIRD} --env base` undoes" in beyond.output
    assert "`abalone rollback VERSION` goes to any earlier version" in beyond.output
    assert abalone("rollback", FIRST).exit_code == 0
    assert record(versions)["version"] == FIRST
    assert [(line["action"], line["from"], line["to"], line["reason"]) for line in log(abalone)] == [
        ("promote", SECOND, THIRD, "chosen by hand"),
        ("rollback", THIRD, SECOND, "too slow"),
        ("rollback", SECOND, FIRST, "rolled back by hand"),
    ]


def test_rollbacks_follow_the_log_back(abalone: Run, models: Path) -> None:
    for version in (FIRST, SECOND, THIRD):
        write_version(models, version)
        abalone("promote", version)

    reached = []
    for _ in range(2):
        assert abalone("rollback").exit_code == 0
        reached.append(record(models)["version"])

    assert reached == [SECOND, FIRST]


def test_rollback_goes_to_an_earlier_version_only(abalone: Run, versions: Path) -> None:
    result = abalone("rollback", THIRD)

    assert result.exit_code == 1
    assert f"{THIRD} is no earlier one than the champion" in result.output
    assert f"`abalone promote {THIRD} --env base` makes it the champion" in result.output
    assert record(versions)["version"] == SECOND


def test_rollback_after_going_back_by_a_promotion_names_the_command_that_undoes_it(
    abalone: Run, versions: Path
) -> None:
    abalone("promote", FIRST)

    result = abalone("rollback")

    assert result.exit_code == 1
    assert f"`abalone promote {SECOND} --env base` makes it the champion" in result.output
    assert record(versions)["version"] == FIRST


def test_rollback_to_what_has_served_needs_no_verdict(abalone: Run, versions: Path) -> None:
    (versions / "verdict" / FIRST / "verdict").write_text("{")

    assert abalone("rollback").exit_code == 0

    assert record(versions)["version"] == FIRST


def test_rollback_does_not_bring_up_what_the_gate_refused(abalone: Run, models: Path) -> None:
    write_version(models, FIRST, passed=False)
    write_version(models, SECOND)
    make_champion(models, SECOND)

    assert "did not pass the gate" in abalone("rollback", FIRST).output


def test_without_a_champion_there_is_nothing_to_roll_back(abalone: Run) -> None:
    assert "there is no champion to roll back" in abalone("rollback").output


@pytest.mark.parametrize("again", [("rollback",), ("rollback", FIRST)])
def test_rollback_that_was_stopped_is_finished_and_goes_no_further(
    abalone: Run, versions: Path, again: tuple[str, ...]
) -> None:
    abalone("rollback", "--reason", "too slow")
    (line,) = (versions / "promotions").iterdir()
    line.unlink()  # as when the command was killed before its last step

    assert f"The rollback of {FIRST} was not finished" in abalone("models").output
    result = abalone(*again)

    assert result.exit_code == 0
    assert f"The rollback of {FIRST} was not finished, and goes on" in result.output
    assert [line["reason"] for line in log(abalone)] == ["too slow"]
    assert "was not finished" not in abalone("models").output
    assert record(versions)["version"] == FIRST


def test_line_of_a_promotion_that_was_stopped_is_not_lost_to_the_next_one(abalone: Run, versions: Path) -> None:
    abalone("promote", THIRD)
    (line,) = (versions / "promotions").iterdir()
    line.unlink()

    abalone("rollback", FIRST)

    assert [(line["action"], line["to"]) for line in log(abalone)] == [("promote", THIRD), ("rollback", FIRST)]


def test_help_says_what_each_command_does(abalone: Run) -> None:
    overview = abalone("--help").output

    for command in ("models", "promote", "rollback", "doctor"):
        assert f"\n  {command} " in overview
        assert abalone(command, "--help").exit_code == 0
