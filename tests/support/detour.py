"""The way to a server, which can be made long, closed, or lead elsewhere."""

import contextlib
import socket
import threading
import time


class Detour:
    """Passes TCP on to a port of this machine.

    Attributes:
        endpoint: Where clients find it.
        port: Where it leads; None: every connection is closed at once.
        delay_seconds: How long it holds back whatever the server answers.
        connections: How many came.
    """

    def __init__(self) -> None:
        self.port: int | None = None
        self.delay_seconds = 0.0
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.endpoint = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            if self.port is None:
                client.close()
                continue
            server = socket.create_connection(("127.0.0.1", self.port))
            for source, target, delay in ((client, server, 0.0), (server, client, self.delay_seconds)):
                threading.Thread(target=self._pass_on, args=(source, target, delay), daemon=True).start()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket, delay: float) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 20):
                time.sleep(delay)
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
