"""`laphar send`, `remind` and `tugas send` of a directorate and its units, killed at any moment, and begun again as cron does."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
import pytest
import time_machine

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run
from tests.services.fakes import at, shown
from tests.waiting import wait_until

KILLS = int(os.environ.get("CICERO_TEST_KILLS", "2"))
ROOT = Path(__file__).resolve().parent.parent.parent
NOW = at("2026-11-21 08:00")  # 15:00 in Jakarta
GROUPS = {name: f"12036300000000000{number}@g.us" for number, name in enumerate(("dit", "a", "b"))}
PEOPLE = {f"{number}": f"628121111000{number}" for number in range(1, 5)}
HEAD = "6281211110008"
DRIVER = """
import sys
import time_machine
from cicero_cli.cli import main
with time_machine.travel(sys.argv[1], tick=False):
    sys.exit(main(sys.argv[2:]))
"""


@pytest.fixture
def directorate(cicero: Run, store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """DIT over A and B, whose four people owe it a post; each has a group, A an operator, and its head of
    a division the part of the first two."""
    monkeypatch.setenv("CICERO_WHATSAPP", "file")
    monkeypatch.setenv("CICERO_WA_FILE", "messages.ndjson")
    for name in ("CICERO_WA_GAP", "CICERO_WA_GAP_USER"):
        monkeypatch.setenv(name, "0")
    monkeypatch.setenv("PYTHONPATH", f"{ROOT}")
    with time_machine.travel(NOW, tick=False):
        for name, group in GROUPS.items():
            place = ("--audience", "below") if name == "dit" else ("--under", "dit")
            cicero("client", "add", name, "--nama", name, "--insta", name, "--group", group, *place)
        cicero("client", "set", "dit", "--report-units")
        cicero("client", "set", "a", "--operator", "6281211110009")
        for user_id, number in PEOPLE.items():
            unit = "a" if user_id < "3" else "b"
            cicero(
                "user", "add", user_id, "--client", unit, "--nama", f"Ani {user_id}",
                "--insta", f"ani{user_id}", "--whatsapp", number, "--divisi", "SPKT",
            )  # fmt: skip
        cicero("recipient", "add", HEAD, "--client", "a", "--divisi", "spkt")
        store.posts(Platform.INSTA).store("DIT", [shown("p", "2026-11-21 03:00")], now=NOW)
        today = date(2026, 11, 21)
        store.posts(Platform.INSTA).remember_listing("DIT", today, today, now=NOW)
    return store


def start(*words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, f"{NOW.isoformat()}", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def run_until_done(*words: str) -> None:
    """A run whose forerunner's connection is not gone yet exits 75; the next one does it."""
    for _ in range(20):
        process = start(*words)
        output, _ = process.communicate(timeout=60)
        if process.returncode == 0:
            return
        assert process.returncode == 75, output
    pytest.fail("it never came to an end")


@contextmanager
def stopped_before_row(conninfo: str, number: int) -> Iterator[psycopg.Connection]:
    """Whoever is to write this row, counted over messages and reports, waits until the block ends."""
    with psycopg.connect(conninfo, autocommit=True) as gate:
        gate.execute("SELECT pg_advisory_lock(42)")
        gate.execute("CREATE SEQUENCE written")
        gate.execute(
            "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            f" IF nextval('written') = {number} THEN PERFORM pg_advisory_xact_lock(42); END IF;"
            " RETURN NEW; END $$"
        )
        for table in ("outbox", "report"):
            gate.execute(
                f"CREATE TRIGGER gate BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION wait()"
            )
        yield gate
        gate.execute("SELECT pg_advisory_unlock(42)")
        for table in ("outbox", "report"):
            gate.execute(f"DROP TRIGGER gate ON {table}")
        gate.execute("DROP FUNCTION wait")
        gate.execute("DROP SEQUENCE written")


def kill_before_row(conninfo: str, number: int, *words: str, is_cut: bool) -> None:
    """`is_cut`: its connection ends at once; else the database comes to the end of the statement."""
    waiting = "SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 42 AND NOT granted"
    with stopped_before_row(conninfo, number) as gate:
        process = start(*words)
        wait_until(
            lambda: process.poll() is not None or gate.execute(waiting).fetchone() is not None
        )
        process.kill()
        process.communicate()
        if is_cut:
            gate.execute(f"SELECT pg_terminate_backend(pid, 30000) FROM ({waiting}) AS waiting")


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (("laphar", "send", "insta", "--client", "dit"), 8),
        (("remind",), 4),
        (("tugas", "send", "--client", "dit"), 2),
    ],
)
def test_what_is_killed_at_any_row_and_begun_again_reaches_everybody_once(
    words: tuple[str, ...], rows: int, cicero: Run, directorate: Store, database: str
) -> None:
    moments = random.Random(rows)
    for _ in range(KILLS):
        number, is_cut = moments.randint(1, rows), moments.random() < 0.5
        kill_before_row(database, number, *words, is_cut=is_cut)
    run_until_done(*words)

    kept = directorate.connection.execute(
        "SELECT unit_id FROM report ORDER BY unit_id NULLS FIRST"
    ).fetchall()
    of_report = directorate.connection.execute(
        "SELECT count(*) FROM outbox WHERE report_id IS NULL"
    ).fetchone()
    with time_machine.travel(NOW, tick=False):
        assert cicero("outbox", "deliver").exit_code == 0
    lines = Path("messages.ndjson").read_text(encoding="utf-8").splitlines()
    arrived = Counter(json.loads(line)["recipient"] for line in lines)
    if words[0] == "remind":
        assert arrived == Counter(PEOPLE.values())
        assert kept == []
    elif words[0] == "tugas":
        assert arrived == Counter([GROUPS["dit"]])
        assert (kept, of_report) == ([(None,)], (0,))
    else:
        assert arrived == Counter([*GROUPS.values(), "6281211110009", HEAD])
        assert (kept, of_report) == ([(None,), ("A",), ("B",)], (0,))
