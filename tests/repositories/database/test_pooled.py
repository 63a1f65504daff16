"""Behind Debian's pgbouncer in transaction mode, on loopback, before the wheel's server."""

from __future__ import annotations

import os
import pwd
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cicero_cli.cli import main
from cicero_cli.repositories.database.store import Store
from tests.programs import require_program
from tests.waiting import wait_until

REFUSED = "the database address leads through a pooler such as pgbouncer, where locks and settings get lost"
REMEDY = "put the server's own address into DATABASE_DIRECT_URL (docs/operations.md, The database)"
COMMANDS = (
    "init",
    "db migrate",
    "db status",
    "client list",
    "fetch insta",
    "laphar send semua --due",
    "outbox deliver",
    "status",
    "serve",
)


@contextmanager
def pgbouncer(folder: Path, socket_folder: str, *lines: str) -> Iterator[int]:
    """A pgbouncer of its own; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    config = folder / f"pgbouncer-{port}.ini"
    settings = "\n".join(
        [
            f"* = host={socket_folder} user=postgres",
            "[pgbouncer]",
            "listen_addr = 127.0.0.1",
            f"listen_port = {port}",
            "unix_socket_dir =",
            "auth_type = any",
            "pool_mode = transaction",
            "default_pool_size = 2",
            *lines,
        ]
    )
    config.write_text(f"[databases]\n{settings}\n", encoding="utf-8")
    config.chmod(0o644)
    command = [require_program("pgbouncer"), "-q", str(config)]
    if os.geteuid() == 0:  # which pgbouncer refuses to be
        command[1:1] = ["-u", pwd.getpwuid(Path(socket_folder).stat().st_uid).pw_name]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: _answers(port))
            yield port
        finally:
            process.kill()


def _answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


Start = Callable[..., str]


@pytest.fixture
def start(server: str, database: str, tmp_path: Path) -> Iterator[Start]:
    """Start a pgbouncer before the test's database; gives its address."""
    folder = dict(part.split("=", 1) for part in server.split())["host"]
    name = database.rpartition("=")[2]
    with ExitStack() as running:
        yield (
            lambda *lines: (
                f"postgresql://postgres@127.0.0.1:{running.enter_context(pgbouncer(tmp_path, folder, *lines))}/{name}"
            )
        )


@pytest.mark.parametrize("lines", [(), ("ignore_startup_parameters = options",)])
def test_every_command_is_refused_at_once_and_leaves_no_lock(
    lines: tuple[str, ...],
    start: Start,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DATABASE_URL", start(*lines))
    monkeypatch.setenv("JWT_SECRET", "0123456789abcdef0123456789abcdef")
    for words in COMMANDS:
        assert main(words.split()) == 78, words
        assert capsys.readouterr().err == f"cicero: {REFUSED} ({REMEDY})\n"

    assert main(["doctor"]) == 1
    told = " ".join(capsys.readouterr().out.split())
    assert f"bad database {REFUSED} -> {REMEDY}" in told

    held = store.connection.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
    assert held.fetchone() == (0,)


def test_with_the_servers_own_address_everything_works(
    start: Start,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    parts = dict(part.split("=", 1) for part in database.split(" "))
    monkeypatch.setenv("DATABASE_URL", start())
    monkeypatch.setenv(
        "DATABASE_DIRECT_URL",
        f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}",
    )
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    for words in ("init", "client add a --nama A", "outbox deliver", "laphar send semua --due"):
        assert main(words.split()) == 0, capsys.readouterr().err


def test_a_direct_address_that_leads_through_a_pooler_too_is_refused(
    start: Start, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_DIRECT_URL", start())
    assert main(["client", "list"]) == 78
    assert REFUSED in capsys.readouterr().err


def test_a_pooler_without_tls_that_is_asked_for_it_is_a_wrong_setting(
    start: Start, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", start() + "?sslmode=require")
    assert main(["client", "list"]) == 78
    said = capsys.readouterr().err
    assert "server does not support SSL, but SSL was required" in said
    assert "take sslmode out of the address, or set ssl = on there" in said
