"""`cicero db migrate` on an installation of before the history: which past days have other figures, all of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from cicero_cli.repositories.database import migrations
from cicero_cli.repositories.database.migrations import migrate
from cicero_cli.repositories.database.sql_files import sql_root
from cicero_cli.repositories.database.store import connect
from cicero_cli.services.operations.upgrade import HISTORY
from tests.conftest import Run

# Ani, renamed, and Budi are there from the first day on, Citra since the fifth; Dewi is retired. A post on each of three days.
BEFORE = """
INSERT INTO clients (client_id, nama, client_insta) VALUES ('A', 'Polres A', 'a'), ('B', 'Polres B', 'b');
INSERT INTO "user" (user_id, client_id, nama, insta, status, created_at)
VALUES ('1', 'A', 'Ani', 'lama', true, '2026-11-01 03:00+7'), ('2', 'A', 'Budi', 'budi', true, '2026-11-01 09:00+7'),
    ('3', 'A', 'Citra', 'citra', true, '2026-11-05 00:30+7'), ('4', 'A', 'Dewi', 'dewi', false, '2026-11-01 09:00+7'),
    ('5', 'B', 'Eka', 'eka', true, '2026-11-01 09:00+7');
INSERT INTO insta_post (client_id, post_key, published_at, like_count, listed, total, fetched_at, first_seen_at)
SELECT client_id, client_id || day, format('2026-11-0%s 08:00+7', day)::timestamptz, 3, 3, 3, now(), now()
FROM clients, generate_series(3, 5) AS day;
INSERT INTO insta_like (post_id, username, first_seen_at)
SELECT post_id, username, published_at
FROM insta_post, unnest(ARRAY['lama', 'citra', 'eka']) AS username
WHERE post_key <> 'A5';
INSERT INTO insta_like (post_id, username, first_seen_at)
SELECT post_id, 'baru', published_at FROM insta_post WHERE post_key = 'A5';
UPDATE "user" SET insta = 'baru' WHERE user_id = '1';
"""


@pytest.fixture
def database(empty_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """An installation at the schema of before the history, which has counted its days; the newer cicero stands ready."""
    names = sorted((sql_root() / "migrations").glob("*.sql"))
    (tmp_path / "sql" / "migrations").mkdir(parents=True)
    monkeypatch.setattr(migrations, "sql_root", lambda: tmp_path / "sql")
    with connect(empty_database, hint="") as connection:
        for path in names:
            if path.name < HISTORY:
                shutil.copy(path, tmp_path / "sql" / "migrations")
        migrate(connection)
        connection.execute(BEFORE)
        connection.execute("DELETE FROM stale_day")
    for path in names:
        shutil.copy(path, tmp_path / "sql" / "migrations")
    return empty_database


def test_every_past_day_with_other_figures_is_listed_and_no_other(cicero: Run) -> None:
    done = cicero("db", "migrate")

    # before: Ani's former handle did not count, and Citra was expected before she came
    assert done.exit_code == 0, done.stderr
    assert done.stdout.splitlines()[1:] == [
        f"A insta {day}: 3 people, 1 sudah before; 2 people, 1 sudah now"
        for day in ("2026-11-03", "2026-11-04")
    ]
    assert done.stderr == "past days count who was on the roster then: docs/operations.md\n"
    day = json.loads(
        cicero("absensi", "show", "insta", "--client", "a", "--date", "2026-11-03", "--json").stdout
    )
    assert {user["nama"]: user["done"] for user in day["users"]} == {"Ani": 1, "Budi": 0}


def test_a_script_is_told_who_makes_the_difference(cicero: Run) -> None:
    told = json.loads(cicero("db", "migrate", "--json").stdout)

    assert [
        (one["day"], one["come"], one["gone"], one["counted_otherwise"]) for one in told["moved"]
    ] == [("2026-11-03", [], ["3"], ["1"]), ("2026-11-04", [], ["3"], ["1"])]
    assert json.loads(cicero("db", "migrate", "--json").stdout)["moved"] == []
