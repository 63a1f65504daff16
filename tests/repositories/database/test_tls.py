"""A PostgreSQL behind TLS: what the connection demands of it, the migrations demand as well."""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer

import pytest
from psycopg.conninfo import conninfo_to_dict

from cicero_cli.errors import DatabaseError
from cicero_cli.repositories.database.migrations import migrate, read_status
from cicero_cli.repositories.database.store import connect

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")


def make_certificate(folder: Path) -> Path:
    """One for `localhost`, which vouches for itself."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", "server.key", "-out", "server.crt", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost"],
        cwd=folder, check=True, capture_output=True,
    )  # fmt: skip
    return folder / "server.crt"


@pytest.fixture
def guarded(empty_database: str, tmp_path: Path) -> Iterator[str]:
    """A conninfo of the wheel's server, which knows no TLS, by a proxy that does."""
    made = make_certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made, tmp_path / "server.key")
    parameters = conninfo_to_dict(empty_database)

    class Proxy(BaseRequestHandler):
        def handle(self) -> None:
            self.request.recv(8)  # "may we encrypt?"
            self.request.sendall(b"S")
            with (
                suppress(OSError),
                context.wrap_socket(self.request, server_side=True) as outer,
                socket.socket(socket.AF_UNIX) as inner,
            ):
                inner.connect(f"{parameters['host']}/.s.PGSQL.5432")
                back = threading.Thread(target=pump, args=(inner, outer))
                back.start()
                pump(outer, inner)
                back.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Proxy) as proxy:
        proxy.daemon_threads = True
        thread = threading.Thread(target=proxy.serve_forever)
        thread.start()
        yield f"host=localhost port={proxy.server_address[1]} user=postgres dbname={parameters['dbname']} sslrootcert={made}"
        proxy.shutdown()
        thread.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while part := source.recv(65_536):
            target.sendall(part)
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


def test_migrations_verify_the_server_as_the_connection_did(
    guarded: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGSSLMODE", "verify-full")  # as all programs are often told
    with connect(guarded, hint="") as connection:
        assert migrate(connection)
        assert read_status(connection).pending == ()


def test_migrations_send_nothing_to_a_server_that_is_another_one(
    guarded: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody takes the server's place between the connection and dbmate's."""
    (tmp_path / "other").mkdir()
    other = make_certificate(tmp_path / "other")
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    with connect(guarded, hint="") as connection:
        shutil.copy(other, tmp_path / "server.crt")  # what the server showed is vouched for no more
        with pytest.raises(DatabaseError, match="certificate"):
            migrate(connection)
        assert read_status(connection).applied == ()
