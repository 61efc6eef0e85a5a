"""Web frameworks and servers side by side: what each costs on one core, to start and to install."""

import json
import statistics
import subprocess
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from benchmarks.report import print_table
from benchmarks.serving.cores import running_on, server_core
from benchmarks.serving.effort import Effort
from benchmarks.serving.environments import RIVALS, python_of
from benchmarks.serving.limit import UVICORN
from benchmarks.serving.processes import HOST, free_port, serving
from benchmarks.serving.progress import say
from benchmarks.serving.rows import JSON, bodies_of, read_rows
from benchmarks.serving.wrk import measure_throughput

CONNECTIONS = 64
GRANIAN = ("granian", "--interface=asginl", "--loop=uvloop", "--workers=1", "--no-ws", "--log-level=warning")


@dataclass(frozen=True)
class Contender:
    """An application on a server.

    Attributes:
        name: As the tables call it.
        environment: Whose packages it uses.
        folder: Where its `app.py` is.
        server: The module that serves it, with its options.
        paths: What is asked, by what the tables call it.
    """

    name: str
    environment: str
    folder: str
    server: Sequence[str]
    paths: dict[str, str]


BARE = {"constant answer": "/", "body read, constant answer": "/read"}
TYPED = {"constant answer": "/constant", "validated row, typed answer": "/typed"}
CONTENDERS = (
    Contender("bare ASGI on uvicorn", "fastapi", "bare", UVICORN, BARE),
    Contender("bare ASGI on granian", "granian", "bare", GRANIAN, BARE),
    Contender("FastAPI on uvicorn", "fastapi", "fastapi", UVICORN, TYPED),
    Contender("Litestar on uvicorn", "litestar", "litestar", UVICORN, TYPED),
)


def compare_frameworks(effort: Effort) -> None:
    """Print requests a second of each contender, and what the frameworks cost to import and to install."""
    figures = [_throughputs(contender, effort) for contender in CONTENDERS]
    print_table(
        f"Requests/s on one core, {CONNECTIONS} connections, median of {effort.rounds}",
        pd.DataFrame(figures).fillna(""),
    )
    costs = [
        {"": contender.name, **_footprint(contender, effort.rounds)}
        for contender in CONTENDERS
        if contender.paths == TYPED
    ]
    print_table("What a framework costs, its server included", pd.DataFrame(costs))


def _throughputs(contender: Contender, effort: Effort) -> dict[str, str]:
    say(f"{contender.name}: requests/s")
    port = free_port()
    command = [python_of(contender.environment), "-m", *contender.server, f"--host={HOST}", f"--port={port}", "app:app"]
    bodies = bodies_of(read_rows(), JSON)
    urls = {what: f"http://{HOST}:{port}{path}" for what, path in contender.paths.items()}
    first = urllib.request.Request(next(iter(urls.values())), bodies[0], {"Content-Type": JSON})  # noqa: S310 - http
    with serving(command, first, core=server_core(), folder=RIVALS / contender.folder):
        measured = {
            what: [
                measure_throughput(url, JSON, bodies, connections=CONNECTIONS, seconds=effort.seconds).per_second
                for _ in range(effort.rounds)
            ]
            for what, url in urls.items()
        }
    return {"": contender.name, **{what: f"{statistics.median(values):,.0f}" for what, values in measured.items()}}


def _footprint(contender: Contender, rounds: int) -> dict[str, str]:
    say(f"{contender.name}: import and size")
    command = [python_of(contender.environment), Path(__file__).with_name("footprint.py")]
    with running_on(server_core()):
        printed = [
            subprocess.run(command, cwd=RIVALS / contender.folder, check=True, capture_output=True, text=True).stdout
            for _ in range(rounds)
        ]
    read = [json.loads(text) for text in printed]
    return {
        "import, s": f"{statistics.median(one['import_seconds'] for one in read):.2f}",
        "packages": str(read[0]["packages"]),
        "MB": f"{read[0]['megabytes']:.0f}",
    }
