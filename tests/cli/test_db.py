from __future__ import annotations

import json
import os
from pathlib import Path

import psycopg
import pytest
import time_machine

from cicero_cli.cli import main
from cicero_cli.repositories.database.sql_files import sql_root
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at

ALL = sorted(path.name[:4] for path in (sql_root() / "migrations").glob("*.sql"))


def test_a_new_database_is_made_ready_and_repeating_it_does_no_harm(
    empty_database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parts = psycopg.conninfo.conninfo_to_dict(empty_database)
    address = f"postgresql://{parts['user']}@/{parts['dbname']}?host={parts['host']}"
    monkeypatch.setenv("DATABASE_URL", address)

    assert main(["db", "status"]) == 0
    status = capsys.readouterr()
    assert status.out == "migration    state\n" + "".join(
        f"{version}         pending\n" for version in ALL
    )
    assert status.err == "run: cicero db migrate\n"

    assert main(["client", "list"]) == 1
    assert capsys.readouterr().err == (
        "cicero: the database has no tables yet (run: cicero init)\n"
    )

    assert main(["init"]) == 0
    ready = capsys.readouterr()
    assert ready.out == f"Ready: the database of DATABASE_URL ({len(ALL)} migrations applied).\n"
    assert ready.err == "next: cicero client add POLRES_A --nama 'Polres A' --insta polres.a\n"

    assert main(["init", "-q"]) == 0
    assert capsys.readouterr() == (
        "Ready: the database of DATABASE_URL (0 migrations applied).\n",
        "",
    )

    assert main(["db", "migrate", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "database": "the database of DATABASE_URL",
        "applied": [],
        "moved": [],
    }
    assert os.environ["DATABASE_URL"] == address


def test_a_migration_that_only_a_newer_cicero_knows_is_shown(cicero: Run, database: str) -> None:
    with psycopg.connect(database) as connection:
        connection.execute("INSERT INTO schema_migrations VALUES ('9998')")

    rows = json.loads(cicero("db", "status", "--json").stdout)["migrations"]

    assert rows == [
        *({"migration": version, "state": "applied"} for version in ALL),
        {"migration": "9998", "state": "unknown to this cicero, which is too old"},
    ]


def test_status_says_how_large_the_database_is_and_how_fast_it_grows(
    cicero: Run, store: Store, tmp_path: Path
) -> None:
    first = cicero("db", "status")
    assert "migrations are applied." in first.stdout.splitlines()[0]
    assert first.stdout.splitlines()[1] == (
        "How fast it grows is known from the day after the first `cicero db backup` on."
    )
    with time_machine.travel(at("2026-11-11 19:06")):
        assert cicero("db", "backup", "--to", str(tmp_path), "--json").exit_code == 0
    store.connection.execute("UPDATE table_size SET bytes = 0 WHERE table_name = 'clients'")
    with time_machine.travel(at("2026-11-21 19:06")):
        document = json.loads(cicero("db", "status", "--json").stdout)
        grown = cicero("db", "status").stdout.splitlines()[1]

    clients = next(table for table in document["tables"] if table["name"] == "clients")
    assert clients["bytes_per_day"] == clients["bytes"] / 10
    assert document["bytes_per_day"] >= clients["bytes_per_day"]
    assert document["since"] == "2026-11-12"
    assert grown.startswith("It grew by ")
