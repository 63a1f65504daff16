"""Backups: one file each, as pg_dump writes it in one snapshot, read back to its last byte before it counts."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, urlencode

import psycopg
from psycopg.conninfo import make_conninfo

from cicero_cli.errors import DatabaseError, InputError, SettingError
from cicero_cli.repositories.database.rows import sure_row
from cicero_cli.repositories.database.server_programs import programs_folder
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.repositories.database.store import connect_beside

_SQL = load_queries("schema")
_NAME = "cicero-%Y%m%dT%H%M%SZ.dump"
_LONGEST_SECONDS = 6 * 3600


@dataclass(frozen=True)
class Kept:
    """A backup that was taken, how large it is, and which older ones went."""

    path: Path
    size: int
    removed: tuple[Path, ...]


def keep_backup(connection: psycopg.Connection, folder: Path, *, keep: int, now: datetime) -> Kept:
    """Take a backup into the folder and remove all but the newest `keep`; a failure removes nothing."""
    path = take_backup(connection, folder, now=now)
    older = list_backups(folder)[:-keep]
    for each in older:
        each.unlink()
    return Kept(path, path.stat().st_size, tuple(older))


def take_backup(connection: psycopg.Connection, folder: Path, *, now: datetime) -> Path:
    """Write a backup of the connection's database into the folder, for its owner alone; the file.

    InputError when the folder cannot be written to, SettingError for a server newer than the programs, DatabaseError when
    pg_dump fails. What did not get whole is removed.
    """
    path = folder / now.astimezone(UTC).strftime(_NAME)
    unfinished = path.with_suffix(".part")
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise InputError(
            "{folder} cannot be written to: {reason}", folder=folder, reason=error.strerror
        ) from error
    os.close(handle)
    try:
        # by its name: what it writes to its standard output is not checked to the end when it is read
        words = ["--format=custom", "--no-owner", "--no-privileges", f"--file={unfinished}"]
        _run("pg_dump", *words, _address(connection), connection=connection)
        check_backup(unfinished)
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def list_backups(folder: Path) -> list[Path]:
    """The whole backups in a folder, oldest first."""
    return sorted(path for path in folder.iterdir() if _taken_at(path) is not None)


def newest_backup(folder: Path, *, now: datetime) -> datetime | None:
    """When the newest backup of a folder was begun; None where there is none. One of the future proves nothing."""
    try:
        taken = [_taken_at(path) for path in folder.iterdir()]
    except OSError:  # whoever takes one there says what is wrong
        return None
    return max((at for at in taken if at is not None and at <= now), default=None)


def _taken_at(path: Path) -> datetime | None:
    try:
        return datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def check_backup(path: Path) -> None:
    """Read a backup from its first byte to its last; InputError when that cannot be done."""
    try:
        with path.open("rb"):
            pass
    except OSError as error:
        raise InputError(
            "{path} cannot be read: {reason}", path=path, reason=error.strerror
        ) from error
    done = subprocess.run(  # noqa: S603 - the wheel's program
        [str(programs_folder() / "pg_restore"), "--file=/dev/null", str(path)],
        check=False,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=_LONGEST_SECONDS,
    )
    if done.returncode != 0:
        raise InputError(
            "{path} is no whole backup: {reason}", path=path, reason=_last_line(done.stderr)
        )


def restore_backup(connection: psycopg.Connection, path: Path) -> None:
    """Bring a backup into the connection's database, all of it or nothing; InputError unless that is empty."""
    check_backup(path)
    if sure_row(connection.execute(_SQL["has_tables"]).fetchone())[0]:
        raise InputError(
            "the database holds tables already, so nothing was restored",
            hint="name an empty one: cicero db restore FILE --database NAME",
        )
    words = ["--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges"]
    address = f"--dbname={_address(connection)}"
    _run("pg_restore", *words, address, str(path), connection=connection)


def restore_beside(connection: psycopg.Connection, database: str, path: Path) -> str:
    """Restore a backup into another database of the same server, made if need be; its address, without a password.

    Errors as of `restore_backup`.
    """
    create_database(connection, database)
    with connect_beside(connection, database) as other:
        restore_backup(other, path)
        at = other.info
        place = urlencode({"host": at.host, "port": at.port})
        return f"postgresql://{quote(at.user)}@/{quote(at.dbname)}?{place}"


def create_database(connection: psycopg.Connection, name: str) -> None:
    """Make an empty database beside the connection's, if there is none of that name; DatabaseError when one may not."""
    from psycopg import sql

    if connection.execute(_SQL["find_database"], {"name": name}).fetchone() is None:
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'")
        connection.execute(statement.format(sql.Identifier(name)))


def _address(connection: psycopg.Connection) -> str:
    """How to connect, without the password, which every process could see."""
    return make_conninfo(connection.info.dsn, application_name="cicero db backup")


def _run(name: str, *words: str, connection: psycopg.Connection) -> None:
    environ = {**os.environ, "LC_ALL": "C"}
    if connection.info.password:
        environ["PGPASSWORD"] = connection.info.password
    done = subprocess.run(  # noqa: S603 - the wheel's program
        [str(programs_folder() / name), *words],
        check=False,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=_LONGEST_SECONDS,
    )
    if done.returncode == 0:
        return
    reason = _last_line(done.stderr)
    if b"server version mismatch" in done.stderr:
        major = connection.info.server_version // 10_000
        raise SettingError(
            "the server is PostgreSQL {major}, newer than the pg_dump of cicero",
            hint="back it up with that version's own: postgresql-client-{major}",
            major=major,
        )
    raise DatabaseError("{program} failed: {reason}", program=name, reason=reason)


def _last_line(stderr: bytes) -> str:
    lines = stderr.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no reason given"
