"""Processes that are stopped, killed or cannot start, and a disk that is full."""

import os
import re
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from abalone.serving.protocol import LINGER_SECONDS
from support.captures import captured, ids
from support.measurements import ROW, as_json
from support.project import REPOSITORY
from support.raw_http import RawConnection, post, raw_connection
from support.service import RunningService, running_service, service_environment
from support.waiting import DEADLINE_SECONDS, await_that, free_port

SMALL, LARGE = post(as_json([ROW])), post(as_json([ROW] * 3000))


@contextmanager
def tidy_service(model: Path, scratch: Path, **settings: object) -> Iterator[RunningService]:
    """A service that leaves no process and no temporary file behind."""
    temporary = scratch / "temporary"
    temporary.mkdir()
    with running_service(model, env={"TMPDIR": str(temporary)}, reload_seconds=0, **settings) as service:
        started = {service.process.pid, *descendants(service.process.pid)}
        yield service
        started |= set(descendants(service.process.pid))
        service.stop()
        await_that(lambda: not any(Path(f"/proc/{pid}").exists() for pid in started), "a process is left behind")
        assert list(temporary.glob("abalone-*")) == []


def descendants(pid: int) -> list[int]:
    """Return the processes that one has started, if it is still there."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [each for child in children for each in (int(child), *descendants(int(child)))]


def workers(service: RunningService) -> list[int]:
    """Return the processes that answer."""
    found = []
    for pid in descendants(service.process.pid):
        with suppress(FileNotFoundError, ProcessLookupError):
            if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


ESTABLISHED = "01"


def holder(connection: RawConnection, candidates: list[int]) -> int | None:
    """Return the process that holds the other end of a connection, None before it is accepted."""
    here, there = (
        f":{address[1]:04X}" for address in (connection.socket.getpeername(), connection.socket.getsockname())
    )
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    # Of connections that are over there are rows as well, some with the same port.
    inode = next(
        (row[9] for row in rows if row[1].endswith(here) and row[2].endswith(there) and row[3] == ESTABLISHED), None
    )
    if inode is None:
        return None
    for pid in candidates:
        for descriptor in Path(f"/proc/{pid}/fd").iterdir():
            try:
                if descriptor.readlink() == Path(f"socket:[{inode}]"):
                    return pid
            except FileNotFoundError:
                continue
    return None


def is_refused(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=5).close()
    except ConnectionRefusedError:
        return True
    except OSError:
        pass
    return False


@dataclass
class Load:
    """Clients that ask again and again, each on one connection, until the service closes it.

    Attributes:
        answered: Ids of the answers.
        unanswered: When requests were sent that were left without one, on the monotonic clock.
    """

    port: int
    answered: list[str] = field(default_factory=list)
    unanswered: list[float] = field(default_factory=list)

    def ask(self, request: bytes) -> None:
        with raw_connection(self.port) as connection:
            while True:
                sent_at = time.monotonic()
                try:
                    connection.send(request)
                    answer = connection.answer()
                except (EOFError, ConnectionError):
                    self.unanswered.append(sent_at)
                    return
                assert answer.status == 200, answer
                self.answered.append(answer.headers["x-request-id"])
                if answer.headers.get("connection") == "close":
                    return


class TestStop:
    @pytest.mark.parametrize(
        ("workers_", "number"), [(1, signal.SIGTERM), (2, signal.SIGTERM), (1, signal.SIGINT), (2, signal.SIGINT)]
    )
    def test_every_accepted_request_is_answered_and_captured_once(
        self, artifact_directory: Path, tmp_path: Path, workers_: int, number: signal.Signals
    ) -> None:
        captures = tmp_path / "captures"
        with tidy_service(artifact_directory, tmp_path, workers=workers_, capture=captures) as service:
            load = Load(service.port)
            with ThreadPoolExecutor(8) as pool:
                clients = [pool.submit(load.ask, request) for request in [SMALL] * 6 + [LARGE] * 2]
                await_that(lambda: len(load.answered) > 100, "the clients are not answered")

                stopped_at = time.monotonic()
                service.process.send_signal(number)

                for client in clients:
                    client.result()
            assert service.process.wait(DEADLINE_SECONDS) == 0
            # What is sent later, on a connection that has been idle, may cross its close.
            assert [sent_at for sent_at in load.unanswered if sent_at < stopped_at + LINGER_SECONDS / 2] == []
            assert sorted(ids(captured(captures))) == sorted(load.answered)
            assert {line["level"] for line in service.log} == {"INFO"}

    @pytest.mark.parametrize("workers_", [1, 2])
    def test_request_that_is_still_coming_in_is_answered(
        self, artifact_directory: Path, tmp_path: Path, workers_: int
    ) -> None:
        with tidy_service(artifact_directory, tmp_path, workers=workers_) as service:
            with raw_connection(service.port) as connection:
                connection.send(LARGE[: len(LARGE) // 2])
                await_that(
                    lambda: holder(connection, [service.process.pid, *workers(service)]) is not None, "not accepted"
                )

                service.process.send_signal(signal.SIGTERM)
                await_that(lambda: is_refused(service.port), "new connections are still accepted")
                service.process.send_signal(signal.SIGTERM)
                connection.send(LARGE[len(LARGE) // 2 :])

                answer = connection.answer()
                assert answer.status == 200
                assert answer.headers["connection"] == "close"
            assert service.process.wait(DEADLINE_SECONDS) == 0

    @pytest.mark.parametrize("workers_", [1, 2])
    def test_client_that_does_not_send_its_request_is_waited_for_no_longer_than_is_set(
        self, artifact_directory: Path, tmp_path: Path, workers_: int
    ) -> None:
        with (
            tidy_service(artifact_directory, tmp_path, workers=workers_, drain_seconds=2) as service,
            raw_connection(service.port) as in_headers,
            raw_connection(service.port) as in_body,
            raw_connection(service.port),
        ):
            in_headers.send(SMALL[:30])
            in_body.send(LARGE[:1000])
            began = time.monotonic()

            assert service.stop(DEADLINE_SECONDS) == 0

            assert time.monotonic() - began < 2 + 20

    def test_service_that_is_starting_can_be_stopped(self, artifact_directory: Path) -> None:
        port = free_port()
        process = start(model=artifact_directory, port=port)
        try:
            await_that(lambda: not is_refused(port), "the service does not listen")

            process.terminate()

            assert process.wait(DEADLINE_SECONDS) == 0
        finally:
            process.kill()
            process.communicate()


def test_nothing_is_written_but_captures(artifact_directory: Path, tmp_path: Path) -> None:
    """onnxruntime, for one, begins a session of its telemetry with a file, unless it is told not to."""
    with tidy_service(artifact_directory, tmp_path) as service:
        assert service.stop() == 0
        assert list((tmp_path / "temporary").iterdir()) == []


class TestKilledWorker:
    def test_the_others_answer_and_it_is_replaced(self, artifact_directory: Path, tmp_path: Path) -> None:
        with tidy_service(artifact_directory, tmp_path, workers=2) as service, ExitStack() as stack:
            await_that(lambda: len(models_in_service(service)) == 2, "a worker does not start")
            harmed = stack.enter_context(raw_connection(service.port))
            harmed.send(SMALL)
            assert harmed.answer().status == 200
            victim = holder(harmed, workers(service))
            assert victim is not None
            # While one is held, the other accepts every connection.
            os.kill(victim, signal.SIGSTOP)
            try:
                unharmed = [stack.enter_context(raw_connection(service.port)) for _ in range(20)]
                for connection in unharmed:
                    connection.send(SMALL)
                    assert connection.answer().status == 200
            finally:
                os.kill(victim, signal.SIGCONT)
            failures: list[Exception] = []
            stopped = threading.Event()

            def ask_on() -> None:
                try:
                    while not stopped.is_set():
                        for connection in unharmed:
                            connection.send(SMALL)
                            assert connection.answer().status == 200
                except Exception as error:
                    failures.append(error)

            client = threading.Thread(target=ask_on)
            client.start()

            os.kill(victim, signal.SIGKILL)
            await_that(lambda: victim not in workers(service), "the killed worker is still there")
            with service.client() as fresh:
                for _ in range(20):
                    answer = fresh.post("/invocations", json=[dict(ROW)], headers={"connection": "close"})
                    assert answer.status_code == 200

            await_that(lambda: len(models_in_service(service)) == 3, "the worker is not replaced")
            stopped.set()
            client.join()
            assert failures == []
            assert len(workers(service)) == 2

    def test_one_that_cannot_be_replaced_does_not_take_the_others_with_it(
        self, artifact_directory: Path, tmp_path: Path
    ) -> None:
        model = tmp_path / "model"
        model.mkdir()
        for path in artifact_directory.iterdir():
            (model / path.name).write_bytes(path.read_bytes())
        with tidy_service(model, tmp_path, workers=2) as service:
            await_that(lambda: len(models_in_service(service)) == 2, "a worker does not start")
            graph = (model / "model.onnx").read_bytes()
            (model / "model.onnx").write_bytes(graph[:1000])

            os.kill(workers(service)[0], signal.SIGKILL)
            await_that(lambda: any("model.onnx" in str(line["message"]) for line in service.log), "nothing is said")

            with service.client() as client:
                assert client.post("/invocations", json=[dict(ROW)]).status_code == 200
            (model / "model.onnx").write_bytes(graph)
            await_that(lambda: len(models_in_service(service)) == 3, "the worker is not replaced")
            with service.client() as client:
                assert client.post("/invocations", json=[dict(ROW)]).status_code == 200


def models_in_service(service: RunningService) -> list[str]:
    """One line a worker that has loaded its model."""
    return [str(line["message"]) for line in service.log if str(line["message"]).endswith("is in service")]


def start(**settings: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "abalone.serving", "serve"],
        cwd=REPOSITORY,
        env=service_environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def told_at_start(**settings: object) -> list[str]:
    """Start a service that cannot start, and return the lines that it ends with."""
    process = start(**settings)
    _, errors = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode not in {0, None}
    assert process.returncode > 0
    assert "Traceback" not in errors
    return errors.splitlines()


class TestStartThatFails:
    @pytest.mark.parametrize("workers_", [1, 2])
    def test_port_in_use_is_told_in_a_line(self, artifact_directory: Path, workers_: int) -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            (line,) = told_at_start(model=artifact_directory, port=port, workers=workers_)
        assert str(port) in line
        assert "--port" in line

    def test_missing_model_is_told_in_a_line_with_the_remedy(self, tmp_path: Path) -> None:
        (line,) = told_at_start(model=tmp_path / "nothing", port=0)
        assert str(tmp_path / "nothing") in line
        assert "make run" in line

    def test_missing_model_ends_all_workers(self, tmp_path: Path) -> None:
        lines = told_at_start(model=tmp_path / "nothing", port=0, workers=2)
        assert any("make run" in line for line in lines)
        assert lines[-1] == "a worker could not start: its log says why"

    def test_each_bad_setting_is_told_in_a_line_that_names_its_variable(self, artifact_directory: Path) -> None:
        lines = told_at_start(
            model=artifact_directory,
            port="http",
            workers=0,
            max_request_bytes=-1,
            invalid_rows="drop",
            drain_seconds="long",
        )
        named = sorted(match.group() for line in lines if (match := re.match(r"[A-Z_]+", line)))
        assert named == [
            f"ABALONE_SERVING_{name}"
            for name in ("DRAIN_SECONDS", "INVALID_ROWS", "MAX_REQUEST_BYTES", "PORT", "WORKERS")
        ]

    def test_setting_that_is_no_json_is_told_in_a_line(self, artifact_directory: Path) -> None:
        (line,) = told_at_start(model=artifact_directory, port=0, cors_origins="https://elsewhere.example")
        assert line.startswith("ABALONE_SERVING_CORS_ORIGINS")


class TestFullDisk:
    def test_service_answers_and_counts_what_it_dropped(self, artifact_directory: Path, tmp_path: Path) -> None:
        captures = tmp_path / "captures"
        with tidy_service(artifact_directory, tmp_path, capture=captures) as service:
            limits = resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE)
            with raw_connection(service.port) as connection:
                # No file of the process may grow beyond this, as on a disk that has no more room for a large batch.
                resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, (100_000, limits[1]))
                for _ in range(5):
                    connection.send(LARGE)
                    assert connection.answer().status == 200
                await_that(lambda: counted(service, "dropped") == 5, "not all is counted")
                assert counted(service, "written") == 0

                resource.prlimit(service.process.pid, resource.RLIMIT_FSIZE, limits)
                connection.send(SMALL)
                last = connection.answer()
                assert last.status == 200
            assert service.stop() == 0
            assert ids(captured(captures)) == [last.headers["x-request-id"]]
            warnings = [line for line in service.log if line["level"] == "WARNING"]
            assert 1 <= len(warnings) <= 4


def counted(service: RunningService, outcome: str) -> float:
    with service.client() as client:
        text = client.get("/metrics").text
    match = re.search(rf'^abalone_capture_records_total{{outcome="{outcome}"}} (\S+)$', text, re.MULTILINE)
    return float(match.group(1)) if match else 0.0
