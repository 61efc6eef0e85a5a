"""`python -m abalone.rehearsal.shim --port PORT --ministack URL`: moto's server, with the services of this package."""

import argparse
import logging
from collections.abc import Sequence

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple

from abalone.rehearsal.server import HOST
from abalone.rehearsal.shim.application import Shim
from abalone.rehearsal.shim.services import services


def main(arguments: Sequence[str] | None = None) -> None:
    """Serve until the process is ended."""
    parser = argparse.ArgumentParser(prog="python -m abalone.rehearsal.shim", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ministack", required=True, help="URL of MiniStack")
    options = parser.parse_args(arguments)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    moto = DomainDispatcherApplication(create_backend_app)
    application = Shim(moto, services(moto, options.ministack))
    run_simple(HOST, options.port, application, threaded=True, request_handler=MotoRequestHandler)


if __name__ == "__main__":
    main()
