"""The processes of the service: one that answers, or several under a supervisor that replaces those that end."""

import logging
import os
import signal
import socket
import sys
import tempfile
import threading
import time

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from abalone.errors import AbaloneError
from abalone.serving import logs
from abalone.serving.protocol import BoundedProtocol
from abalone.serving.settings import METRICS_DIRECTORY, Settings
from abalone.serving.terminal import has_terminal

logger = logging.getLogger(__name__)

KEEP_ALIVE_SECONDS = 75
"""Longer than a load balancer keeps an idle connection (60 s by default), so that it is never we who close first."""

HUNG_SECONDS = 30
"""A worker that gives no sign of life for so long is replaced; on a busy machine a few seconds mean nothing."""

_RETRY_SECONDS = 5
_WATCH_SECONDS = 1
_BACKLOG = 2048


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then answer what was accepted, and return.

    Raises:
        AbaloneError: The port is taken, there is no model, or a worker could not start.
    """
    # For a stop before there is anything to answer. uvicorn, too, raises the signal that ended it again.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
    listener = _listener(settings.host, settings.port)
    with listener:
        if settings.workers == 1:
            config = _config(settings, _application(settings))
            _announce(listener)
            uvicorn.Server(config).run(sockets=[listener])
        else:
            _supervise(settings, listener)


def worker_application() -> object:
    """Make the application of a worker, from the environment."""
    settings = Settings()
    logs.configure(settings.log_level)
    threading.Thread(target=_end_with, args=(os.getppid(),), name="supervisor watch", daemon=True).start()
    try:
        return _application(settings)
    except AbaloneError as error:
        logger.error("%s", error)
        sys.exit(STARTUP_FAILURE)


def _end_with(supervisor: int) -> None:
    # One that is killed cannot end its workers, which would keep the port.
    while os.getppid() == supervisor:
        time.sleep(_WATCH_SECONDS)
    os.kill(os.getpid(), signal.SIGTERM)


def _application(settings: Settings) -> object:
    # Imported here, because the metrics decide on import where they count.
    from abalone.serving.app import create_app  # noqa: PLC0415

    BoundedProtocol.request_seconds = settings.request_seconds
    app = create_app(settings)
    if settings.forwarded_allow_ips:
        return ProxyHeadersMiddleware(app, trusted_hosts=settings.forwarded_allow_ips)  # type: ignore[arg-type]
    return app


def _config(settings: Settings, app: object) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # uvicorn's own types of ASGI
        factory=isinstance(app, str),
        workers=settings.workers,
        loop="uvloop",
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        backlog=_BACKLOG,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_worker_healthcheck=HUNG_SECONDS,
        timeout_graceful_shutdown=settings.drain_seconds,
    )


def _listener(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = str(error.strerror).partition(" (while")[0]
        raise AbaloneError(
            f"cannot listen on {host}, port {port} ({reason}): end what listens there, or give another --port or --host"
        ) from error


def _announce(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = f"[{host}]" if ":" in host else host
    logger.info("listening on http://%s:%d", shown, port, extra={"port": port})


class _Supervisor(Multiprocess):
    """Keeps workers.

    SIGHUP is passed on to them, as a request to look for a new model. One that cannot start again, because of the
    model that is in place by then, is tried again for as long as others answer.
    """

    none_could_start = False

    def handle_hup(self) -> None:
        if has_terminal():
            self.should_exit.set()
            return
        for process in self.processes:
            if process.pid is not None and _answers(process):
                os.kill(process.pid, signal.SIGHUP)

    def keep_subprocess_alive(self) -> None:
        for place, process in enumerate(self.processes):
            if self.should_exit.is_set() or process.is_alive(timeout=self.config.timeout_worker_healthcheck):
                continue
            process.kill()
            process.join()
            if process.exitcode == STARTUP_FAILURE and not any(map(_answers, self.processes)):
                self.none_could_start = True
                self.should_exit.set()
                return
            logger.warning("worker %s has ended (%s): starting another one", process.pid, process.exitcode)
            if process.exitcode == STARTUP_FAILURE:
                self.should_exit.wait(_RETRY_SECONDS)
            self.processes[place] = Process(self.config, self.sockets)
            self.processes[place].start()

    def terminate_all(self) -> None:
        # While anyone listens, clients are kept waiting for workers that accept nobody any more.
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


def _answers(worker: Process) -> bool:
    return worker.process.is_alive() and worker.is_ready()


def _supervise(settings: Settings, listener: socket.socket) -> None:
    with tempfile.TemporaryDirectory(prefix="abalone-metrics-") as shared:
        os.environ[METRICS_DIRECTORY] = shared
        config = _config(settings, f"{__name__}:{worker_application.__name__}")
        supervisor = _Supervisor(config, sockets=[listener])
        _announce(listener)
        supervisor.run()
        if supervisor.none_could_start:
            raise AbaloneError("a worker could not start: its log says why")
