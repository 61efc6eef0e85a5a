"""A few weeks of the simulated year: the real service, monitoring, training and gate."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import yaml

from support.project import REPOSITORY, UNMEASURED
from support.waiting import await_that

SCENARIO = {
    "start": "2025-01-06",
    "weeks": 4,
    # the new site comes at once, and its animals are many
    "animals": {
        "first_survey": 700,
        "a_week": 150,
        "home": [[838, 2091], [2510, 3136], [3346, 4178]],
        "new_site": [[211, 837], [2092, 2509]],
    },
    "season": {"strength": 0.0},
    "new_site": {"from_week": 1, "full_after_weeks": 1, "share": 0.8},
    "scale": {"weeks": [4, 4], "factor": 2.5},
    "laboratory": {"share": 0.9, "delay_weeks": 1, "closed": [10, 10]},
    "monitoring": {"weeks": 1, "label_weeks": 4},
    "retraining": {"cool_down_weeks": 4},
    "parameters": {"evaluation": {"gate": {"coverage_tolerance": 0.1}}},
}
COMMAND = [sys.executable, "-m", "abalone.rehearsal.year"]


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    path = tmp_path / "scenario.yml"
    path.write_text(yaml.safe_dump(SCENARIO))
    return path


def environment(scratch: Path, data: Path) -> dict[str, str]:
    return os.environ | {"TMPDIR": str(scratch), "ABALONE_DATA": str(data), "KEDRO_DISABLE_TELEMETRY": "1"}


def test_animals_of_a_new_site_lead_to_a_better_model_and_a_wrong_scale_to_an_alarm(
    scenario: Path, scratch: Path, tmp_path: Path
) -> None:
    data, figure = tmp_path / "data-of-the-user", tmp_path / "figure.png"

    completed = subprocess.run(
        [*COMMAND, "--scenario", scenario, "--figure", figure],
        cwd=REPOSITORY,
        env=environment(scratch, data),
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )

    assert completed.returncode == 0, completed.stdout + completed.stderr
    weeks = [line.split() for line in completed.stdout.splitlines() if line.strip()[:1].isdigit()]
    decisions, models = [week[6] for week in weeks[:4]], [week[3] for week in weeks[:4]]
    assert "retrain" in decisions[:3]
    assert decisions[3] == "alarm"
    assert (models[0], models[3]) == ("1", "2")
    assert "Models         1 promoted" in completed.stdout
    assert figure.stat().st_size > 0
    assert not data.exists()
    assert list(scratch.iterdir()) == []


def test_year_that_is_interrupted_leaves_no_process_and_no_file(scenario: Path, scratch: Path, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with log.open("wb") as output:
        year = subprocess.Popen(
            [*COMMAND, "--scenario", scenario],
            cwd=REPOSITORY,
            env=environment(scratch, tmp_path / "data-of-the-user") | UNMEASURED | {"PYTHONUNBUFFERED": "1"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        await_that(lambda: "\n   1 " in log.read_text() or year.poll() is not None, "no week was played", 0.05, 120)
        started = psutil.Process(year.pid).children(recursive=True)

        year.send_signal(signal.SIGINT)
        code = year.wait(60)
    finally:
        year.kill()

    assert code == 128 + signal.SIGINT, log.read_text()
    assert started
    await_that(lambda: not any(process.is_running() for process in started), "the service still runs")
    assert list(scratch.iterdir()) == []


def test_year_of_a_survey_that_is_not_there_is_refused_in_a_line(tmp_path: Path) -> None:
    completed = subprocess.run(
        [*COMMAND, "--survey", tmp_path / "none.csv"],
        cwd=REPOSITORY,
        env=os.environ | UNMEASURED,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert completed.returncode == 1
    assert completed.stderr == f"Error: the survey {tmp_path / 'none.csv'} cannot be read: No such file or directory\n"
