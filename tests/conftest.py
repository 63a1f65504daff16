"""Real parts for every test: an embedded PostgreSQL, migrated once, copied for who commits."""

from __future__ import annotations

import logging
import os
import signal
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import psycopg
import pytest

from cicero_cli.cli import main
from cicero_cli.core.setting_list import SETTINGS
from cicero_cli.repositories.database import embedded
from cicero_cli.repositories.database.migrations import migrate
from cicero_cli.repositories.database.store import Store, connect
from tests.json_fields import note

_numbers = count(1)

# `nohup make test &` and some CI systems ignore SIGINT, and what is ignored is inherited by every process that a test
# starts in order to interrupt it.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """How to connect to the test session's PostgreSQL (database `postgres`); its folder has a short name."""
    with tempfile.TemporaryDirectory(prefix="cicero-test-", ignore_cleanup_errors=True) as folder:
        data_dir = Path(folder)
        embedded.start(data_dir)
        _write_lazily(embedded.conninfo(data_dir))
        yield embedded.conninfo(data_dir).removesuffix(" dbname=postgres")
        embedded.stop(data_dir)


def _write_lazily(conninfo: str) -> None:
    """What a test writes need not outlive a power cut."""
    with psycopg.connect(conninfo, autocommit=True) as admin:
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            admin.execute(f"ALTER SYSTEM SET {name} = off")
        admin.execute("SELECT pg_reload_conf()")


@pytest.fixture(scope="session")
def template(server: str) -> str:
    """The name of a migrated database that the others are copied from."""
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE cicero_template")
    with connect(f"{server} dbname=cicero_template", hint="") as connection:
        migrate(connection)
    return "cicero_template"


@pytest.fixture
def empty_database(server: str) -> Iterator[str]:
    """A conninfo of a database without tables, gone after the test."""
    with _database(server, "template1") as conninfo:
        yield conninfo


@pytest.fixture
def database(server: str, template: str) -> Iterator[str]:
    """A conninfo of a migrated database of the test's own, for what commits or uses two connections."""
    with _database(server, template) as conninfo:
        yield conninfo


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    """A store on the test's own database."""
    with connect(database, hint="") as connection:
        yield Store(connection)


@contextmanager
def _database(server: str, template: str) -> Iterator[str]:
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        yield f"{server} dbname={name}"
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass(frozen=True)
class Result:
    """What a command left behind."""

    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of the developer's own reaches a test, and no `.env` file of the checkout."""
    for setting in SETTINGS:
        monkeypatch.delenv(setting.name, raising=False)
        monkeypatch.delenv(f"{setting.name}_FILE", raising=False)
    monkeypatch.delenv("CICERO_ENV_FILE", raising=False)
    monkeypatch.setenv("CICERO_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def quiet_log() -> Iterator[None]:
    """What a command set up for its log goes with the test: the next one's caplog finds the log as it was."""
    yield
    logger = logging.getLogger("cicero_cli")
    logger.handlers, logger.propagate = [], True
    logger.setLevel(logging.NOTSET)


@pytest.fixture
def cicero(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Run:
    """Run a command on the test's own database: `cicero("client", "list")`."""
    parts = dict(part.split("=", 1) for part in database.split(" "))
    monkeypatch.setenv(
        "DATABASE_URL", f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"
    )

    def run(*words: str) -> Result:
        capsys.readouterr()
        exit_code = main(words)
        captured = capsys.readouterr()
        note(words, captured.out)
        return Result(exit_code, captured.out, captured.err)

    return run
