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
        # Closing alone does not wake the thread that accepts.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._lead, args=(client, self.port, self.delay_seconds), daemon=True).start()

    def _lead(self, client: socket.socket, port: int | None, delay: float) -> None:
        # Where nobody listens, the client learns it by the end of its connection.
        with client, contextlib.suppress(OSError):
            if port is None:
                return
            with socket.create_connection(("127.0.0.1", port)) as server:
                back = threading.Thread(target=self._pass_on, args=(server, client, delay), daemon=True)
                back.start()
                self._pass_on(client, server, 0.0)
                back.join()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket, delay: float) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 20):
                time.sleep(delay)
                target.sendall(data)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
