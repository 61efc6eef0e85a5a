"""`python -m abalone.rehearsal.year`: a simulated year of service, with monitoring and retraining.

The service, the monitoring, the training and the gate are the real ones, on a data folder that is thrown away. The
animals are those of the survey; what happens when is in scenario.yml beside this file.
"""

import argparse
import logging
import signal
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from rich.console import Console

from abalone.errors import AbaloneError
from abalone.rehearsal.command import exit_on_signals
from abalone.rehearsal.year import table
from abalone.rehearsal.year.figure import draw_year
from abalone.rehearsal.year.played import PlayedWeek
from abalone.rehearsal.year.scenario import DEFAULT, Scenario, read_scenario
from abalone.rehearsal.year.stage import play_year
from abalone.rehearsal.year.verdict import judge

SURVEY = Path("data/01_raw/landing/uci_abalone.csv")
FIGURE = Path("build/simulated-year.png")
DOTS_AN_INCH = 110


def main(arguments: Sequence[str] | None = None) -> int:
    """Play the year.

    Args:
        arguments: Of the command line.

    Returns:
        0, or 1 when the monitored service is no better than the first model, or a promotion was false.
    """
    options = _parser().parse_args(arguments)
    exit_on_signals()
    logging.disable(logging.INFO)  # of every node that runs: the table says what happens
    console = Console()
    try:
        scenario = read_scenario(options.scenario)
        weeks = _play(options, scenario, console)
    except AbaloneError as error:
        sys.stderr.write(f"Error: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    verdict = judge(weeks, options.seed, is_whole=len(weeks) == scenario.weeks)
    table.show_verdict(console, verdict)
    options.figure.parent.mkdir(parents=True, exist_ok=True)
    draw_year(weeks, scenario).savefig(options.figure, dpi=DOTS_AN_INCH)
    console.print(f"Figure: {options.figure}", highlight=False, soft_wrap=True)
    return 1 if verdict.faults else 0


def _play(options: argparse.Namespace, scenario: Scenario, console: Console) -> list[PlayedWeek]:
    weeks = []
    with tempfile.TemporaryDirectory(prefix="abalone-year-") as folder, console.status("training the first model"):
        year = play_year(scenario, options.survey, Path(folder), options.seed, options.weeks)
        with closing(year):  # so that Ctrl-C ends the service before its folder is removed
            table.show_header(console)
            for week in year:
                table.show_week(console, week)
                weeks.append(week)
    return weeks


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m abalone.rehearsal.year", description=__doc__)
    parser.add_argument("--seed", type=int, default=0, help="decides which animals are met when [0]")
    parser.add_argument("--weeks", type=_positive, help="play only so many of the scenario's weeks")
    parser.add_argument(
        "--scenario", type=Path, default=DEFAULT, help="what happens when, like scenario.yml [%(default)s]"
    )
    parser.add_argument("--survey", type=Path, default=SURVEY, help="the batch that the animals are from [%(default)s]")
    parser.add_argument("--figure", type=Path, default=FIGURE, help="where the figure is drawn [%(default)s]")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 on")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
