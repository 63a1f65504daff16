from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from cicero_cli.cli import main


@pytest.fixture
def admin(server: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(f"{server} dbname=postgres", autocommit=True) as connection:
        yield connection


def address(server: str, *, user: str = "postgres", database: str, query: str = "") -> str:
    folder = dict(part.split("=", 1) for part in server.split())["host"]
    return f"postgresql://{user}@/{database}?host={folder}{query}"


def run(
    words: str, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[int, str]:
    monkeypatch.setenv("DATABASE_URL", url)
    capsys.readouterr()
    return main(words.split()), capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_does_not_hold_every_name_is_refused_with_the_command_for_another(
    encoding: str,
    server: str,
    admin: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = f"odd_{encoding.lower()}"
    admin.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
    url = address(server, database=name)
    for words in ("init", "db migrate"):
        assert run(words, url, monkeypatch, capsys) == (
            78,
            f"cicero: the database {name} has the encoding {encoding}, which does not hold every name (make"
            f" another and use that: createdb --template=template0 --encoding=UTF8 --owner=postgres {name}_utf8)\n",
        )
    admin.execute(f"DROP DATABASE {name}")


@pytest.fixture
def guest(admin: psycopg.Connection) -> Iterator[None]:
    """A user who owns nothing."""
    admin.execute("CREATE ROLE guest LOGIN")
    yield
    admin.execute("DROP OWNED BY guest")
    admin.execute("DROP ROLE guest")


def test_a_user_who_may_not_make_tables_is_told_the_statement_that_mends_it(
    *,
    guest: None,
    server: str,
    empty_database: str,
    admin: psycopg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = empty_database.rpartition("=")[2]
    url = address(server, user="guest", database=name)
    assert run("init", url, monkeypatch, capsys) == (
        78,
        "cicero: the database user guest may not make tables in the schema public (as a superuser:"
        f' ALTER DATABASE {name} OWNER TO "guest")\n',
    )

    admin.execute(f'ALTER DATABASE {name} OWNER TO "guest"')
    assert run("init", url, monkeypatch, capsys)[0] == 0
    admin.execute(f"ALTER DATABASE {name} OWNER TO postgres")


def test_tables_of_another_user_are_refused(
    guest: None,
    server: str,
    database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = address(server, user="guest", database=database.rpartition("=")[2])
    code, said = run("client list", url, monkeypatch, capsys)
    assert code == 78
    assert "permission denied" in said
    assert "REASSIGN OWNED BY" in said


def test_a_schema_of_its_own_is_used_by_every_part(
    server: str,
    empty_database: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    name = empty_database.rpartition("=")[2]
    url = address(server, database=name, query="&options=-c%20search_path%3Dhumas")
    assert run("init", url, monkeypatch, capsys) == (
        78,
        f"cicero: no schema of the search_path exists in the database {name} (make it: CREATE SCHEMA …"
        " AUTHORIZATION postgres, or mend the search_path)\n",
    )

    with psycopg.connect(empty_database) as connection:
        connection.execute("CREATE SCHEMA humas")
    assert run("init", url, monkeypatch, capsys)[0] == 0
    assert run("client add a --nama A", url, monkeypatch, capsys)[0] == 0
    with psycopg.connect(empty_database) as connection:
        schemas = connection.execute(
            "SELECT DISTINCT schemaname FROM pg_tables WHERE schemaname IN ('humas', 'public')"
        ).fetchall()
    assert schemas == [("humas",)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "&pgbouncer=true",
            "DATABASE_URL: ?pgbouncer= is not PostgreSQL's: leave it out, and put the address of PostgreSQL"
            " itself into DATABASE_DIRECT_URL (docs/settings.md lists every setting)",
        ),
        (
            "&schema=humas",
            "DATABASE_URL: ?schema= is not PostgreSQL's: write ?options=-csearch_path%3DNAME instead"
            " (docs/settings.md lists every setting)",
        ),
        (
            "&colour=red",
            "the database address has a parameter that PostgreSQL does not know: colour (leave it out)",
        ),
    ],
)
def test_a_word_that_the_address_must_not_have_is_named(
    *,
    query: str,
    said: str,
    server: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    url = address(server, database="postgres", query=query)
    assert run("client list", url, monkeypatch, capsys) == (78, f"cicero: {said}\n")
