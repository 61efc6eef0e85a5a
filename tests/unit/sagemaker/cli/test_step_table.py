import io

import pytest
from rich.console import Console

from abalone.sagemaker.cli.progress import StepTable, duration
from abalone.sagemaker.steps import StepStatus


def shown(*looks: list[StepStatus], terminal: bool = False) -> str:
    out = io.StringIO()
    with StepTable(Console(file=out, force_terminal=terminal, width=100, highlight=False)) as table:
        for look in looks:
            table.show(look)
    return out.getvalue()


def test_each_change_of_a_step_is_one_line_where_there_is_no_terminal() -> None:
    pending = StepStatus("training", "Training")
    running = StepStatus("training", "Training", "Executing", seconds=3)
    done = StepStatus("training", "Training", "Succeeded", seconds=200)

    lines = shown([pending], [running], [running], [done], [done]).splitlines()

    assert lines == ["training Executing (3.0 s)", "training Succeeded (3 min 20 s)"]


def test_line_tells_cache_attempts_and_reason() -> None:
    cached = StepStatus("ingestion", "Processing", "Succeeded", cached=True)
    failed = StepStatus("training", "Training", "Failed", attempts=2, reason="out of\n[red]memory")

    assert shown([cached, failed]).splitlines() == [
        "ingestion Succeeded (cached)",
        "training Failed (attempt 2, out of [red]memory)",
    ]


def test_another_attempt_is_a_line_though_the_status_is_the_same() -> None:
    first = StepStatus("training", "Training", "Executing")
    second = StepStatus("training", "Training", "Executing", attempts=2)

    assert shown([first], [second]).splitlines() == ["training Executing", "training Executing (attempt 2)"]


def test_long_reason_is_not_broken_into_lines_where_there_is_no_terminal() -> None:
    failed = StepStatus("training", "Training", "Failed", reason="word " * 100)

    assert len(shown([failed]).splitlines()) == 1


def test_terminal_shows_a_table_of_all_steps() -> None:
    steps = [StepStatus("ingestion", "Processing", "Executing", seconds=65), StepStatus("gate", "Condition")]

    text = shown(steps, terminal=True)

    assert "ingestion" in text
    assert "1 min 5 s" in text
    assert "Pending" in text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.04, "0.0 s"), (9.94, "9.9 s"), (59.6, "1 min 0 s"), (52, "52 s"), (3725, "1 h 2 min")]
)
def test_duration_is_written_as_a_person_would(seconds: float, text: str) -> None:
    assert duration(seconds) == text
