"""A server on this machine that answers the operations of AWS's JSON protocol, for services that moto does not have."""

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Operations = Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]]


@contextmanager
def json_service(operations: Operations) -> Iterator[str]:
    """Serve operations, and yield the endpoint; what is not among them is refused as a denied one.

    An answer that has a `__type` is an error.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            name = self.headers["X-Amz-Target"].split(".")[-1]
            refusal = {"__type": "AccessDeniedException", "message": f"you may not {name}"}
            answer = operations[name](request) if name in operations else refusal
            status = 400 if "__type" in answer else 200
            body = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
