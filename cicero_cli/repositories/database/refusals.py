"""Why PostgreSQL, or what stands before it, lets nobody in: as an error that says what mends it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict

from cicero_cli.errors import CiceroError, SettingError, TryLaterError
from cicero_cli.repositories.database.clusters import full_disk
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.words import Text, template

_SQL = load_queries("schema")
_PASSING = ("starting up", "too many", "shutting down", "in recovery", "no more connections")
_TLS = (
    ("no encryption", template("the server wants TLS: add ?sslmode=require to the address")),
    ("does not support SSL", template("the server has no TLS: take sslmode out of the address, or set ssl = on there")),
    ("root certificate file", template("name the certificate of its authority: ?sslmode=verify-full&sslrootcert=FILE")),
    ("certificate verify failed", template("its certificate is of another authority: ?sslrootcert=FILE names the right one")),
    ("does not match host name", template("its certificate is of another name: use that name in the address")),
)  # fmt: skip


def merge_options(conninfo: str, own: str) -> str:
    """What the address (or PGOPTIONS) sets for a session, such as its search_path, and what cicero sets after it."""
    given = conninfo_to_dict(conninfo).get("options") or os.environ.get("PGOPTIONS", "")
    return f"{given} {own}".strip()


def refused_address(error: psycopg.ProgrammingError, *, hint: str) -> SettingError:
    """The error for an address that the driver cannot read; its reason may quote the password, so only a name is taken."""
    unknown = re.search(
        r'invalid (?:URI query parameter|connection option)[^"]*"(\w+)"', str(error)
    )
    if unknown is not None:
        return SettingError(
            "the database address has a parameter that PostgreSQL does not know: {name}",
            hint="leave it out",
            name=unknown[1],
        )
    return SettingError(
        "the database address is malformed: expected postgresql://user:password@host/database,"
        " with odd characters as %40",
        hint=hint,
    )


def refused_connection(reason: str, *, hint: str) -> CiceroError:
    """SettingError for what somebody must mend, TryLaterError for what passes."""
    if "unsupported startup parameter" in reason:
        return _through_pooler()
    for sign, remedy in _TLS:
        if sign in reason:
            return SettingError(
                "the database refused the connection: {reason}", hint=remedy, reason=reason
            )
    if "FATAL:" in reason and not any(sign in reason for sign in _PASSING):
        return SettingError(
            "the database refused the connection: {reason}", hint=hint, reason=reason
        )
    return TryLaterError("no database answers: {reason}", hint=hint, reason=reason)


def require_own_session(connection: psycopg.Connection) -> None:
    """SettingError behind a pooler: it lends a session for one transaction, and keeps what we leave in it.

    A lock would stay with whoever gets that session next. Poolers make up the number that they call a session's.
    """
    row = connection.execute(_SQL["find_own_session"]).fetchone()
    if row is None or row[0] != connection.info.backend_pid:
        raise _through_pooler()


def _through_pooler() -> SettingError:
    return SettingError(
        "the database address leads through a pooler such as pgbouncer, where locks and settings get lost",
        hint="put the server's own address into DATABASE_DIRECT_URL (docs/operations.md, The database)",
    )


def require_unicode(connection: psycopg.Connection) -> None:
    """SettingError for a database whose encoding cannot hold every name and caption."""
    info = connection.info
    encoding = info.parameter_status("server_encoding")
    if encoding != "UTF8":
        raise SettingError(
            "the database {database} has the encoding {encoding}, which does not hold every name",
            hint="make another and use that: createdb --template=template0 --encoding=UTF8 --owner={user} {database}_utf8",
            database=info.dbname,
            encoding=encoding,
            user=info.user,
        )


def require_ownership(connection: psycopg.Connection) -> None:
    """SettingError with the statement that mends it when this user cannot make tables here."""
    row = connection.execute(_SQL["find_schema_rights"]).fetchone()
    schema, may_create = row if row is not None else (None, False)
    user, database = connection.info.user, connection.info.dbname
    if schema is None:
        raise SettingError(
            "no schema of the search_path exists in the database {database}",
            hint="make it: CREATE SCHEMA … AUTHORIZATION {user}, or mend the search_path",
            database=database,
            user=user,
        )
    if not may_create:
        owned = Text("SCHEMA {schema}", schema=schema)
        if schema == "public":
            owned = Text("DATABASE {database}", database=database)
        raise SettingError(
            "the database user {user} may not make tables in the schema {schema}",
            hint='as a superuser: ALTER {owned} OWNER TO "{user}"',
            user=user,
            schema=schema,
            owned=owned,
        )


def refused_right(reason: str) -> SettingError:
    """The error for a statement that this user may not run."""
    return SettingError(
        "the database user may not do this: {reason}",
        hint="the user of the address must own the database and its tables: REASSIGN OWNED BY … TO …",
        reason=reason,
    )


@contextmanager
def translated_errors() -> Iterator[None]:
    """Let what the driver raises leave as one line of cicero's own."""
    try:
        yield
    except psycopg.errors.DiskFull as error:  # the driver counts it among the operational errors
        raise full_disk() from error
    except (psycopg.OperationalError, psycopg.InterfaceError) as error:
        raise TryLaterError(
            "the database stopped answering: {reason}",
            hint="what was committed is kept; run it again",
            reason=reason_of_driver(error),
        ) from error
    except psycopg.errors.InsufficientPrivilege as error:
        raise refused_right(reason_of_driver(error)) from error


def reason_of_driver(error: Exception) -> str:
    """Its first line, without what everybody knows."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0].removeprefix("connection failed: ") if lines else type(error).__name__
