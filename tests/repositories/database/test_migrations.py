from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from urllib.parse import quote

import psycopg
import pytest

from cicero_cli.cli import main
from cicero_cli.errors import DatabaseError
from cicero_cli.repositories.database import migrations
from cicero_cli.repositories.database.migrations import (
    SchemaStatus,
    migrate,
    read_status,
    require_current,
    tls_words,
)
from cicero_cli.repositories.database.sql_files import sql_root
from cicero_cli.repositories.database.store import connect
from tests.conftest import Run

ALL = tuple(sorted(path.name[:4] for path in (sql_root() / "migrations").glob("*.sql")))

# Everything that a migration can make, one line each.
SCHEMA = """
SELECT format('column %s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL
SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
SELECT 'trigger ' || pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'function ' || pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'view ' || viewname || definition FROM pg_views WHERE schemaname = 'public'
UNION ALL
SELECT format('comment %s %s', objoid::regclass, description)
FROM pg_description WHERE classoid = 'pg_class'::regclass AND objoid >= 16384
UNION ALL
SELECT 'migration ' || version FROM schema_migrations
ORDER BY 1
"""


def schema_of(conninfo: str) -> list[str]:
    with psycopg.connect(conninfo) as connection:
        return [line for (line,) in connection.execute(SCHEMA)]


@pytest.fixture
def own_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An `sql` folder of the test's own, as another version of cicero would bring it; no migration is in it yet."""
    root = tmp_path / "sql"
    (root / "migrations").mkdir(parents=True)
    monkeypatch.setattr(migrations, "sql_root", lambda: root)
    return root


def copy_migrations(root: Path, count: int) -> None:
    for path in sorted((sql_root() / "migrations").glob("*.sql"))[:count]:
        shutil.copy(path, root / "migrations")


def test_an_empty_database_gets_every_migration_once(empty_database: str) -> None:
    with connect(empty_database, hint="") as connection:
        assert read_status(connection) == SchemaStatus(known=ALL, applied=())
        assert migrate(connection) == ALL
        assert migrate(connection) == ()
        assert read_status(connection) == SchemaStatus(known=ALL, applied=ALL)


def test_an_upgraded_database_ends_like_a_fresh_one(
    empty_database: str, database: str, own_root: Path
) -> None:
    with connect(empty_database, hint="") as connection:
        for count, version in enumerate(ALL, start=1):
            copy_migrations(own_root, count)
            assert migrate(connection) == (version,)

    assert schema_of(empty_database) == schema_of(database)


def test_users_of_before_the_history_are_on_the_roster_since_they_were_added(
    empty_database: str, own_root: Path
) -> None:
    with connect(empty_database, hint="") as connection:
        copy_migrations(own_root, ALL.index("0022"))
        migrate(connection)
        connection.execute("INSERT INTO clients (client_id, nama) VALUES ('A', 'Polres A')")
        connection.execute(
            """
            INSERT INTO "user" (user_id, client_id, nama, insta, created_at)
            VALUES ('1', 'A', 'Ani', 'lama', '2026-11-01 03:00+7'), ('2', 'A', 'Budi', NULL, '2026-11-01 09:00+7'),
                ('3', 'A', 'Citra', 'citra', '2026-11-05 00:30+7')
            """
        )
        connection.execute("UPDATE \"user\" SET insta = 'baru' WHERE user_id = '1'")
        connection.execute("UPDATE \"user\" SET insta = 'lama' WHERE user_id = '2'")
        copy_migrations(own_root, len(ALL))
        migrate(connection)

        roster = connection.execute(
            "SELECT user_id, isfinite(valid_from), known_from::text FROM user_history ORDER BY 1"
        ).fetchall()
        owners = connection.execute(
            "SELECT username, user_id, isfinite(owned_from), isfinite(owned_until)"
            " FROM handle_owners('infinity') ORDER BY 1, owned_from"
        ).fetchall()

    assert roster == [
        ("1", False, "2026-10-31 20:00:00+00"),
        ("2", False, "2026-11-01 02:00:00+00"),
        ("3", True, "2026-11-04 17:30:00+00"),
    ]
    assert owners == [
        ("baru", "1", False, False),
        ("citra", "3", False, False),
        ("lama", "1", False, True),
        ("lama", "2", True, False),
    ]


def test_two_migrations_started_at_once_do_the_work_once(cicero_env: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cicero_cli", "db", "migrate"]
    runs = [
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    answers = sorted((*run.communicate(timeout=60), run.returncode) for run in runs)

    assert answers == [
        (f"Applied {', '.join(ALL)} to the database of DATABASE_URL.\n", "", 0),
        ("Nothing to do: the database of DATABASE_URL is current.\n", "", 0),
    ]


def test_a_failing_migration_leaves_nothing_and_those_before_it_stay(
    empty_database: str, own_root: Path
) -> None:
    copy_migrations(own_root, 2)
    (own_root / "migrations" / "9999_break_it.sql").write_text(
        "-- migrate:up\nCREATE TABLE half_made (id int);\nSELECT 1 / 0;\n-- migrate:down\n",
        encoding="utf-8",
    )

    with connect(empty_database, hint="") as connection:
        with pytest.raises(DatabaseError) as caught:
            migrate(connection)
        assert caught.value.message == (
            "a migration failed and was rolled back: Error: pq: division by zero (22012)"
        )
        assert read_status(connection).applied == ALL[:2]
        assert connection.execute("SELECT to_regclass('half_made')").fetchone() == (None,)

        (own_root / "migrations" / "9999_break_it.sql").write_text(
            "-- migrate:up\nCREATE TABLE half_made (id int);\n-- migrate:down\n", encoding="utf-8"
        )
        assert migrate(connection) == ("9999",)


def test_a_database_without_tables_is_told_from_one_that_lacks_some(
    empty_database: str, own_root: Path
) -> None:
    copy_migrations(own_root, 2)
    with connect(empty_database, hint="") as connection:
        with pytest.raises(DatabaseError, match=r"^the database has no tables yet$") as caught:
            require_current(connection)
        assert caught.value.hint == "run: cicero init"

        migrate(connection)
        copy_migrations(own_root, 3)
        with pytest.raises(DatabaseError, match=r"^the database lacks migration 0003$") as caught:
            require_current(connection)
        assert caught.value.hint == "run: cicero db migrate"


@pytest.mark.parametrize("words", [("client", "list"), ("db", "migrate"), ("init",)])
def test_a_newer_database_gets_one_clear_line(
    words: tuple[str, ...], cicero: Run, database: str
) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES ('9998')")

    result = cicero(*words)

    assert (result.exit_code, result.stdout, result.stderr) == (
        1,
        "",
        "cicero: the database is newer than this cicero (it has migration 9998)"
        " (install the newer cicero)\n",
    )


def test_migrations_do_not_read_an_env_file_of_dbmate(
    cicero_env: str, empty_database: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".env").write_text("DBMATE_MIGRATIONS_TABLE=somewhere_else\n", encoding="utf-8")

    assert main(["db", "migrate"]) == 0

    with psycopg.connect(empty_database) as connection:
        assert connection.execute("SELECT to_regclass('somewhere_else')").fetchone() == (None,)


def test_an_odd_password_user_and_database_work_over_tcp(
    server: str, odd_login: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, password, name = (quote(part, safe="") for part in odd_login)
    with forwarded_to(Path(folder_of(server)) / ".s.PGSQL.5432") as port:
        address = f"postgresql://{user}:{password}@127.0.0.1:{port}/{name}"
        monkeypatch.setenv("DATABASE_URL", address)

        assert main(["init"]) == 0
        assert main(["client", "list"]) == 0


def test_an_odd_password_works_over_a_socket(
    server: str, odd_login: tuple[str, str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    user, password, name = (quote(part, safe="") for part in odd_login)
    monkeypatch.setenv(
        "DATABASE_URL", f"postgresql://{user}:{password}@/{name}?host={folder_of(server)}"
    )

    assert main(["init"]) == 0


def test_a_wrong_password_is_a_wrong_setting(
    server: str,
    odd_login: tuple[str, str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    user, _, name = (quote(part, safe="") for part in odd_login)
    folder = folder_of(server)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://{user}:rahasia@/{name}?host={folder}")

    assert main(["client", "list"]) == 78

    assert capsys.readouterr().err == (
        f'cicero: the database refused the connection: connection to server on socket "{folder}/.s.PGSQL.5432"'
        f' failed: FATAL:  password authentication failed for user "{odd_login[0]}" (check DATABASE_URL)\n'
    )


def test_an_unknown_database_is_a_wrong_setting(
    server: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = folder_of(server)
    monkeypatch.setenv("DATABASE_URL", f"postgresql://postgres@/nowhere?host={folder}")

    assert main(["client", "list"]) == 78

    assert capsys.readouterr().err == (
        f'cicero: the database refused the connection: connection to server on socket "{folder}/.s.PGSQL.5432"'
        ' failed: FATAL:  database "nowhere" does not exist (check DATABASE_URL)\n'
    )


def test_a_malformed_address_is_a_wrong_setting_and_not_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://cicero:50%zz@127.0.0.1/cicero")

    assert main(["client", "list"]) == 78

    assert capsys.readouterr().err == (
        "cicero: the database address is malformed: expected postgresql://user:password@host/database,"
        " with odd characters as %40 (check DATABASE_URL)\n"
    )


def test_a_database_that_does_not_answer_is_asked_later(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # and does not listen
        port = unused.getsockname()[1]
        monkeypatch.setenv("DATABASE_URL", f"postgresql://cicero:rahasia@127.0.0.1:{port}/cicero")
        assert main(["client", "list"]) == 75

    assert capsys.readouterr().err == (
        f'cicero: no database answers: connection to server at "127.0.0.1", port {port} failed:'
        " Connection refused (check DATABASE_URL)\n"
    )


@pytest.fixture
def cicero_env(empty_database: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """DATABASE_URL names an empty database, also for processes that the test starts."""
    name = empty_database.rpartition("=")[2]
    address = f"postgresql://postgres@/{name}?host={folder_of(empty_database)}"
    monkeypatch.setenv("DATABASE_URL", address)
    return address


@pytest.fixture
def odd_login(server: str) -> Iterator[tuple[str, str, str]]:
    """A user who must give a password, the password, and the user's own database: all with odd characters."""
    user, password, name = "petugas @1/ü", "p@ss:w/ö rd?#%25&='\"\\", "laporan #1 & ü?"
    rules = Path(folder_of(server)) / "pg_hba.conf"
    before = rules.read_bytes()
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as admin:
        admin.execute(
            psycopg.sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                psycopg.sql.Identifier(user), psycopg.sql.Literal(password)
            )
        )
        admin.execute(
            psycopg.sql.SQL("CREATE DATABASE {} OWNER {} STRATEGY FILE_COPY").format(
                psycopg.sql.Identifier(name), psycopg.sql.Identifier(user)
            )
        )
        rules.write_bytes(f'local all "{user}" scram-sha-256\n'.encode() + before)
        reload_rules(admin)
        yield user, password, name
        rules.write_bytes(before)
        reload_rules(admin)
        admin.execute(
            psycopg.sql.SQL("DROP DATABASE {} WITH (FORCE)").format(psycopg.sql.Identifier(name))
        )
        admin.execute(psycopg.sql.SQL("DROP ROLE {}").format(psycopg.sql.Identifier(user)))


def reload_rules(admin: psycopg.Connection) -> None:
    """Come back when the server has read pg_hba.conf anew."""
    before = admin.execute("SELECT pg_conf_load_time()").fetchone()
    admin.execute("SELECT pg_reload_conf()")
    while admin.execute("SELECT pg_conf_load_time() FROM pg_sleep(0.01)").fetchone() == before:
        pass


def folder_of(conninfo: str) -> str:
    return psycopg.conninfo.conninfo_to_dict(conninfo)["host"]


@contextmanager
def forwarded_to(target: Path) -> Iterator[int]:
    """A TCP port on loopback behind which is a Unix socket."""

    class Forward(BaseRequestHandler):
        def handle(self) -> None:
            with socket.socket(socket.AF_UNIX) as inner:
                inner.connect(str(target))
                back = threading.Thread(target=pump, args=(inner, self.request))
                back.start()
                pump(self.request, inner)
                back.join()

    with ThreadingTCPServer(("127.0.0.1", 0), Forward) as listener:
        listener.daemon_threads = False
        thread = threading.Thread(target=listener.serve_forever, args=(0.01,))
        thread.start()
        yield listener.server_address[1]
        listener.shutdown()
        thread.join()


def pump(source: socket.socket, target: socket.socket) -> None:
    try:
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # one side has gone; the other is told by its own end


@pytest.mark.parametrize(
    ("parameters", "is_encrypted", "words"),
    [
        ({}, False, {"sslmode": "disable"}),
        ({}, True, {"sslmode": "require"}),
        ({"sslmode": "allow"}, True, {"sslmode": "require"}),
        ({"sslmode": "disable"}, False, {"sslmode": "disable"}),
        ({"sslmode": "require"}, True, {"sslmode": "require"}),
        (
            {
                "sslmode": "require",
                "sslrootcert": "/ca.crt",
                "sslcert": "/c.crt",
                "sslkey": "/c.key",
            },
            True,
            {
                "sslmode": "require",
                "sslrootcert": "/ca.crt",
                "sslcert": "/c.crt",
                "sslkey": "/c.key",
            },
        ),
        (
            {"sslmode": "verify-full", "sslrootcert": "/ca.crt"},
            True,
            {"sslmode": "verify-full", "sslrootcert": "/ca.crt"},
        ),
        (
            {"sslmode": "verify-ca"},
            True,
            {"sslmode": "verify-ca", "sslrootcert": "/home/cicero/.postgresql/root.crt"},
        ),
        ({"sslmode": "verify-full", "sslrootcert": "system"}, True, {"sslmode": "verify-full"}),
        ({"sslrootcert": "system"}, True, {"sslmode": "verify-full"}),
    ],
)
def test_a_migration_looks_at_the_server_as_closely_as_the_connection(
    *, parameters: dict[str, str], is_encrypted: bool, words: dict[str, str]
) -> None:
    home = Path("/home/cicero")
    assert tls_words(parameters, is_encrypted=is_encrypted, home=home) == words
