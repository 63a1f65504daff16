"""What an import and its undo read grows with the people in the sheet, not with their square."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.roster.sheets import import_users
from cicero_cli.services.roster.user_imports import undo_import
from tests.services.fakes import BY

PEOPLE = 400
MOST_READ = 150  # rows for each of them; by a client's index it would be thousands


def rows_read(store: Store) -> int:
    """By indexes and without, so far, and by this session too."""
    store.connection.execute("SELECT pg_stat_force_next_flush()")
    found = store.connection.execute(
        "SELECT (SELECT sum(idx_tup_read) FROM pg_stat_user_indexes)"
        " + (SELECT sum(seq_tup_read) FROM pg_stat_user_tables)"
    ).fetchone()
    assert found is not None
    return int(found[0])


def test_tables_that_nobody_has_analysed_are_not_read_once_for_each_person(
    store: Store, database: str
) -> None:
    store.clients.add(Client(client_id="A", nama="A"))
    rows = [f"8500{number:04},Nama {number},ig{number},tt{number}" for number in range(PEOPLE)]
    for name, rank in (("a.csv", "AKP"), ("b.csv", "IPTU")):
        lines = ["nrp,nama,instagram,tiktok,pangkat", *(f"{row},{rank}" for row in rows)]
        Path(name).write_text("\n".join(lines), encoding="utf-8")
    counts = [rows_read(store)]
    for step in ("a.csv", "undo", "a.csv", "b.csv", "undo"):
        with connect(database, hint="") as connection:  # each command is a session of its own
            mine = Store(connection)
            if step == "undo":
                undone = undo_import(mine, None, "A", by=BY)
                assert len(undone.gone) + len(undone.restored) == PEOPLE
            else:
                assert import_users(mine, "A", step, by=BY).written == PEOPLE
            counts.append(rows_read(mine))
    read = [(after - before) // PEOPLE for before, after in pairwise(counts)]
    assert max(read) < MOST_READ, read
