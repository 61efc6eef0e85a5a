"""The processes of the service: one that answers, or several under a supervisor that replaces those that end."""

import logging
import os
import signal
import socket
import sys
import tempfile

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from abalone.errors import AbaloneError
from abalone.serving import logs
from abalone.serving.protocol import BoundedProtocol
from abalone.serving.settings import Settings

logger = logging.getLogger(__name__)

KEEP_ALIVE_SECONDS = 75
"""Longer than a load balancer keeps an idle connection (60 s by default), so that it is never we who close first."""

HUNG_SECONDS = 30
"""A worker that gives no sign of life for so long is replaced; on a busy machine a few seconds mean nothing."""

_BACKLOG = 2048
_MULTIPROCESS_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; then answer what was accepted, and return.

    Raises:
        AbaloneError: The port is taken, there is no model, or a worker could not start.
    """
    listener = _listener(settings.host, settings.port)
    # For a stop before there is anything to answer. uvicorn, too, raises the signal that ended it again.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: sys.exit(0))
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
    try:
        return _application(settings)
    except AbaloneError as error:
        logger.error("%s", error)
        sys.exit(STARTUP_FAILURE)


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
        timeout_graceful_shutdown=round(settings.drain_seconds),
    )


def _listener(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=_BACKLOG, reuse_port=False)
    except OSError as error:
        raise AbaloneError(
            f"cannot listen on {host}, port {port} ({error.strerror}): "
            "end what listens there, or choose another with --port"
        ) from error


def _announce(listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    logger.info("listening on http://%s:%d", host, port, extra={"port": port})


class _Supervisor(Multiprocess):
    """Keeps workers.

    SIGHUP is passed on to them, as a request to look for a new model. One that cannot start again, because of the
    model that is in place by then, is tried again for as long as others answer.
    """

    none_could_start = False

    def handle_hup(self) -> None:
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
        os.environ[_MULTIPROCESS_VARIABLE] = shared
        config = _config(settings, f"{__name__}:{worker_application.__name__}")
        supervisor = _Supervisor(config, sockets=[listener])
        _announce(listener)
        supervisor.run()
        if supervisor.none_could_start:
            raise AbaloneError("a worker could not start: its log says why")
