"""What every stand-in's server shares: an HTTP server on loopback, and a process that serves until interrupted."""

from __future__ import annotations

import signal
import socket
import sys
import threading
from abc import abstractmethod
from collections.abc import Mapping
from contextlib import AbstractContextManager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from typing import Any, Protocol


class LoopbackServer(ThreadingHTTPServer):
    """Serves from `start` to `stop`, on a free port where `port` is 0."""

    daemon_threads = False  # so that closing the server waits for them
    request_queue_size = 256

    def __init__(self, port: int, handler: type[LoopbackHandler]) -> None:
        self._connections: set[socket.socket] = set()
        super().__init__(("127.0.0.1", port), handler)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,))

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self.server_port}"

    def start(self) -> None:
        """Answer from now on, in threads."""
        self._thread.start()

    def stop(self) -> None:
        """Refuse connections, as a server that is not running does; done with when it is not serving."""
        if not self._thread.is_alive():
            return
        self.shutdown()
        self._thread.join()
        for connection in list(self._connections):  # those that callers keep open
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def server_bind(self) -> None:
        """Bind without HTTPServer's look-up of the host's name, which may ask a name server."""
        TCPServer.server_bind(self)
        self.server_name, self.server_port = str(self.server_address[0]), self.server_address[1]

    def process_request(self, request: Any, client_address: Any) -> None:
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A caller that went away is no error; anything else is one of the stand-in's own."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class LoopbackHandler(BaseHTTPRequestHandler):
    """One connection, kept open between requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.serve()

    def do_POST(self) -> None:
        self.serve()

    def do_PUT(self) -> None:
        self.serve()

    def do_PATCH(self) -> None:
        self.serve()

    def do_DELETE(self) -> None:
        self.serve()

    @abstractmethod
    def serve(self) -> None:
        """Answer one request, whatever its method."""

    def reply(
        self, status: int, body: bytes, headers: Mapping[str, str], *, kind: str, length: int
    ) -> None:
        """Send head and body in one piece: two writes would wait for each other's acknowledgement.

        `length` is what the head announces, more than there is for a body that is cut.
        """
        head = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        head += [f"Content-Type: {kind}", f"Content-Length: {length}", "", ""]
        self.wfile.write("\r\n".join(head).encode() + body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Nothing: a stand-in keeps its requests itself."""


class _StandIn(Protocol):
    @property
    def url(self) -> str: ...


def serve_until_interrupted(standin: AbstractContextManager[_StandIn]) -> None:
    """Serve in a process of its own; the first line of stdout says where."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored under `nohup … &`
    with suppress(KeyboardInterrupt), standin as serving:
        sys.stdout.write(f"{serving.url}\n")
        sys.stdout.flush()
        threading.Event().wait()
