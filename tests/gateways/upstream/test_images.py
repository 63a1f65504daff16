from __future__ import annotations

import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which

import pytest
import urllib3

from cicero_cli.errors import RejectedError, UpstreamError
from cicero_cli.gateways.upstream.images import Image, ImageSource, open_https
from cicero_cli.gateways.upstream.images import resolve as resolve_name

HOSTS = ("cdn.example",)
URL = "https://a.cdn.example/pic.jpg?sig=1"
Answer = Callable[[BaseHTTPRequestHandler], None]
_MAKE_CERTIFICATE = [
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-subj",
    "/CN=a.cdn.example",
    "-addext",
    "subjectAltName=DNS:a.cdn.example",
]
Serve = Callable[[Answer], "tuple[int, list[BaseHTTPRequestHandler]]"]


def reply(
    content: bytes = b"picture", *, status: int = 200, kind: str = "image/jpeg", **headers: str
) -> Answer:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Type", kind)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if "Content_Length" not in headers:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return answer


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Answer every request so; gives the port, and the requests that came."""
    servers = []

    def start(answer: Answer) -> tuple[int, list[BaseHTTPRequestHandler]]:
        came: list[BaseHTTPRequestHandler] = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                came.append(self)
                with suppress(OSError):  # the other side had enough
                    answer(self)

            def log_message(self, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        servers.append((server, thread))
        return server.server_port, came

    yield start
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()


def source(port: int = 0, **options: object) -> ImageSource:
    """One that takes loopback for a public address and speaks plain HTTP to it."""
    words: dict[str, object] = {
        "resolve": lambda _host: ["127.0.0.1"],
        "open_connection": lambda _host, address: urllib3.HTTPConnectionPool(address, port),
        "is_public": lambda _address: True,
    }
    return ImageSource(HOSTS, **(words | options))  # type: ignore[arg-type]


def test_a_picture_comes_as_it_is(serve: Serve) -> None:
    port, came = serve(reply(kind="image/JPEG; charset=x"))
    assert source(port).read(URL) == Image(b"picture", "image/jpeg")
    assert (came[0].path, came[0].headers["Host"]) == ("/pic.jpg?sig=1", "a.cdn.example")
    assert "Authorization" not in came[0].headers
    assert "Cookie" not in came[0].headers


@pytest.mark.parametrize(
    "url",
    [
        "http://a.cdn.example/x",
        "https://cdn.example.evil.test/x",
        "https://evilcdn.example/x",
        "https://a.cdn.example:8443/x",
        "https://user@a.cdn.example/x",
        "https://a.cdn.example@evil.test/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://[::1/x",
        "https:///x",
        "https://a.cdn.example/\r\nX: y",
        "https://a.cdn.example/a b",
        "https://a.cdn.example:99999/",
        "//a.cdn.example/x",
        "file:///etc/passwd",
        "https://a.cdn.exampl\u0435/x",
        f"https://a.cdn.example/{'x' * 5000}",
        "",
    ],
)
def test_no_other_address_is_asked(url: str) -> None:
    def refuse(_host: str) -> list[str]:
        raise AssertionError("looked up")

    guarded = ImageSource(HOSTS, resolve=refuse)
    assert not guarded.is_allowed(url)
    with pytest.raises(RejectedError):
        guarded.read(url)


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["10.0.0.1"],
        ["169.254.169.254"],
        ["100.64.0.1"],
        ["192.168.1.1"],
        ["0.0.0.0"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["fe80::1"],
        ["fd00::1"],
        ["224.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["2002:7f00:1::"],
        ["8.8.8.8", "127.0.0.1"],
        [],
    ],
)
def test_a_name_that_leads_inside_is_not_asked(addresses: list[str]) -> None:
    def refuse(_host: str, _address: str) -> urllib3.HTTPConnectionPool:
        raise AssertionError("connected")

    guarded = ImageSource(HOSTS, resolve=lambda _host: addresses, open_connection=refuse)
    with pytest.raises(RejectedError, match="no public host"):
        guarded.read(URL)


def test_the_address_that_was_checked_is_the_one_that_is_asked(serve: Serve) -> None:
    port, _ = serve(reply())
    looked_up: list[str] = []
    connected: list[str] = []

    def resolve(host: str) -> list[str]:
        looked_up.append(host)
        return ["127.0.0.1"] if len(looked_up) == 1 else ["10.0.0.1"]

    def open_connection(_host: str, address: str) -> urllib3.HTTPConnectionPool:
        connected.append(address)
        return urllib3.HTTPConnectionPool(address, port)

    source(resolve=resolve, open_connection=open_connection).read(URL)
    assert (looked_up, connected) == (["a.cdn.example"], ["127.0.0.1"])


@pytest.mark.parametrize(
    "answer",
    [
        reply(status=404),
        reply(status=500),
        reply(status=302, Location="http://127.0.0.1/secret"),
        reply(status=206),
        reply(kind="text/html"),
        reply(kind="image/svg+xml"),
        reply(kind=""),
        reply(b"packed", Content_Encoding="gzip"),
        reply(b""),
        reply(b"half", Content_Length="100"),
        reply(b"x" * 2000),
    ],
)
def test_what_is_no_picture_is_an_error(answer: Answer, serve: Serve) -> None:
    port, came = serve(answer)
    with pytest.raises(UpstreamError):
        source(port, most_bytes=1000).read(URL)
    assert len(came) == 1


def test_a_picture_that_drips_is_given_up(serve: Serve) -> None:
    going_on = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "image/png")
        handler.end_headers()
        while not going_on.wait(0.01):
            handler.wfile.write(b"x")

    port, _ = serve(drip)
    try:
        with pytest.raises(UpstreamError, match="takes too long"):
            source(port, longest_seconds=0.2).read(URL)
    finally:
        going_on.set()


def test_a_picture_whose_head_drips_is_given_up(serve: Serve) -> None:
    going_on = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not going_on.wait(0.01):
            handler.wfile.write(b"x")

    port, _ = serve(drip)
    try:
        with pytest.raises(UpstreamError, match="takes too long"):
            source(port, longest_seconds=0.2).read(URL)
    finally:
        going_on.set()


def test_a_host_that_is_not_there_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with pytest.raises(UpstreamError, match="no picture came"):
        source(port).read(URL)
    with pytest.raises(UpstreamError, match="no address is known"):
        resolve_name("a.cdn.invalid")


@pytest.mark.skipif(which("openssl") is None, reason="openssl makes the certificate")
def test_the_certificate_must_be_of_the_host_not_of_its_address(
    serve: Serve, tmp_path: Path
) -> None:
    subprocess.run(
        [*_MAKE_CERTIFICATE, "-keyout", tmp_path / "key.pem", "-out", tmp_path / "crt.pem"],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "crt.pem", tmp_path / "key.pem")
    names: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: names.append(name)
    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]

    def answer_once() -> None:
        for _ in range(2):
            raw, _where = listening.accept()
            try:
                with context.wrap_socket(raw, server_side=True) as connection:
                    connection.recv(4096)
                    connection.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 1\r\n\r\nx"
                    )
            except OSError:
                raw.close()

    thread = threading.Thread(target=answer_once)
    thread.start()

    def open_there(host: str, address: str) -> urllib3.HTTPConnectionPool:
        pool = open_https(host, address)
        pool.port = port
        pool.ca_certs = str(tmp_path / "crt.pem")  # type: ignore[attr-defined]
        return pool

    trusting = ImageSource(
        ("cdn.example", "other.example"),
        resolve=lambda _host: ["127.0.0.1"],
        open_connection=open_there,
        is_public=lambda _address: True,
    )
    try:
        assert trusting.read(URL) == Image(b"x", "image/png")
        with pytest.raises(UpstreamError, match="SSLError"):
            trusting.read("https://other.example/pic.jpg")
    finally:
        thread.join(10)
        listening.close()
    assert names == ["a.cdn.example", "other.example"]
