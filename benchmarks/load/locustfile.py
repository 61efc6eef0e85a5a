"""Who asks for predictions: Locust's users, each with real rows, one or a hundred at a time.

Each user's requests are due at a constant pace, whatever the last one took, so that the load does not fall when the
service slows down; a user who is late goes on at once.
"""

import itertools
import json
import logging
import os
import random
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from locust import FastHttpUser, User, events, task
from locust.env import Environment

from benchmarks.load.counts import counted
from benchmarks.serving.rows import CSV, JSON, bodies_of, read_rows

ROWS_A_BATCH = 100
ROWS = read_rows()
JSON_ROWS, CSV_ROWS, BATCHES = (
    itertools.cycle(bodies_of(ROWS, content_type, rows))
    for content_type, rows in ((JSON, 1), (CSV, 1), (JSON, ROWS_A_BATCH))
)
API_KEY = os.environ.get("ABALONE_SERVING_API_KEY")


@events.init_command_line_parser.add_listener
def add_options(parser: ArgumentParser) -> None:
    """Let the command line say what is asked, and how often."""
    parser.add_argument("--endpoint", help="name of a SageMaker endpoint")
    parser.add_argument("--pace-seconds", type=float, required=True, help="from a request of a user to its next one")
    parser.add_argument("--results", required=True, help="file to write the counts to, as JSON")


@events.init.add_listener
def print_no_tables(**_: object) -> None:
    """Leave the tables to whoever started the test."""
    logging.getLogger("locust.stats_logger").disabled = True


@events.quitting.add_listener
def write_results(environment: Environment, **_: object) -> None:
    """Write what was counted; Locust's own files lack the last second."""
    Path(environment.parsed_options.results).write_text(json.dumps(counted(environment.stats)), encoding="utf-8")


class Caller(User):
    """Somebody who wants predictions."""

    abstract = True

    def on_start(self) -> None:
        """Wait for a part of the pace, so that those who come together do not go on in step."""
        delay = random.uniform(0, self.environment.parsed_options.pace_seconds)  # noqa: S311 - no secret
        self.due = time.perf_counter() + delay
        time.sleep(delay)

    def wait_time(self) -> float:
        """Return the seconds until the next request is due; Locust's own pacing brings users into step again."""
        self.due += self.environment.parsed_options.pace_seconds
        return max(0.0, self.due - time.perf_counter())

    @task(9)
    def one_row_as_json(self) -> None:
        """Ask for one row."""
        self.ask("1 row, JSON", JSON, next(JSON_ROWS), 1)

    @task(9)
    def one_row_as_csv(self) -> None:
        """Ask for one row, as a line of a table."""
        self.ask("1 row, CSV", CSV, next(CSV_ROWS), 1)

    @task(2)
    def batch(self) -> None:
        """Ask for many rows."""
        self.ask(f"{ROWS_A_BATCH} rows, JSON", JSON, next(BATCHES), ROWS_A_BATCH)

    def ask(self, name: str, content_type: str, body: bytes, rows: int) -> None:
        """Send a request and check its answer.

        Args:
            name: What the statistics call it.
            content_type: Of the body.
            body: Some rows.
            rows: How many predictions are expected.
        """
        raise NotImplementedError


class UrlCaller(Caller, FastHttpUser):
    """Asks a URL."""

    def ask(self, name: str, content_type: str, body: bytes, rows: int) -> None:
        """Post the body; all answers are JSON."""
        headers = {"Content-Type": content_type, "Accept": JSON, **({"X-Api-Key": API_KEY} if API_KEY else {})}
        with self.client.post("/invocations", data=body, headers=headers, name=name, catch_response=True) as answer:
            if answer.status_code != 200:
                answer.failure(f"{answer.status_code} {error_code(answer.content)}")
            elif problem := wrong(answer.content, rows):
                answer.failure(problem)


class EndpointCaller(Caller):
    """Asks a SageMaker endpoint, as an application with boto3 does."""

    runtime: Any = None

    def on_start(self) -> None:
        """Share a client with the other users, with a connection for each, that tries nothing twice."""
        super().on_start()
        if EndpointCaller.runtime is None:
            users = self.environment.parsed_options.num_users
            config = Config(max_pool_connections=users, retries={"total_max_attempts": 1})
            EndpointCaller.runtime = boto3.client("sagemaker-runtime", config=config)

    def ask(self, name: str, content_type: str, body: bytes, rows: int) -> None:
        """Invoke the endpoint; all answers are JSON."""
        problem, content = None, b""
        started = time.perf_counter()
        try:
            answer = self.runtime.invoke_endpoint(
                EndpointName=self.environment.parsed_options.endpoint, ContentType=content_type, Accept=JSON, Body=body
            )
            content = answer["Body"].read()
            problem = wrong(content, rows)
        except (BotoCoreError, ClientError) as error:
            problem = str(error)
        events.request.fire(
            request_type="POST",
            name=name,
            response_time=(time.perf_counter() - started) * 1e3,
            response_length=len(content),
            exception=RuntimeError(problem) if problem else None,
        )


def wrong(content: bytes, rows: int) -> str | None:
    """Say what is wrong with an answer, if anything is."""
    try:
        found = len(json.loads(content)["predictions"])
    except (ValueError, TypeError, KeyError) as error:
        return f"the answer holds no predictions: {error!r}"
    return None if found == rows else f"{found} predictions of {rows} rows"


def error_code(content: bytes) -> str:
    """Return what the service calls an error, which is the same for all of a kind."""
    try:
        return str(json.loads(content)["error"]["code"])
    except (ValueError, TypeError, KeyError):
        return "without a code"
