"""A monitoring report to take a picture of: the service is asked for animals whose shells are heavier than usual."""

from pathlib import Path

import pandas as pd

from abalone.rehearsal.year.project import opened_project
from abalone.rehearsal.year.service import running_service
from abalone.schema import RINGS

REQUESTS, REQUEST_ROWS, LABELLED_REQUESTS = 30, 20, 12
SHELL_FACTOR = 1.25
SEED = 0


def write_report(model: Path, data: Path) -> Path:
    """Have animals of the test table predicted, tell the rings of some, and monitor.

    Args:
        model: Data folder that has a champion and its test table.
        data: Another one, empty, for the captures and the report.

    Returns:
        The report, as HTML.
    """
    (data / "06_models").symlink_to((model / "06_models").resolve())
    table = pd.read_parquet(model / "05_model_input" / "test_table.parquet")
    animals = table.sample(REQUESTS * REQUEST_ROWS, random_state=SEED)
    animals = animals.assign(shell_weight=animals["shell_weight"] * SHELL_FACTOR)
    with running_service(data / "06_models" / "champion.json", data / "01_raw" / "captures") as service:
        for request in range(REQUESTS):
            asked = animals[request * REQUEST_ROWS :][:REQUEST_ROWS]
            service.predict(f"request-{request}", asked)
            if request < LABELLED_REQUESTS:
                for row, rings in enumerate(asked[RINGS.name], 1):
                    service.tell(f"request-{request}", row, int(rings))
        service.await_captures(REQUESTS + LABELLED_REQUESTS * REQUEST_ROWS)
    with opened_project(data, {}) as project:
        project.run("monitoring")
    return data / "08_reporting" / "monitoring.html"
