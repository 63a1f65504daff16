"""Two imports that move people in opposite directions at the same moment."""

from __future__ import annotations

import threading
from pathlib import Path

import psycopg

from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.roster.sheets import import_users
from cicero_cli.services.roster.user_imports import undo_import
from tests.services.fakes import BY
from tests.waiting import wait_until


def test_opposite_transfers_at_once_are_done_one_after_the_other(
    store: Store, database: str
) -> None:
    for client in "AB":
        store.clients.add(Client(client_id=client, nama=client))
        for number in (1, 2, 3):
            user_id = f"{client}{number}"
            user = User(
                user_id=user_id, client_id=client, nama=user_id, insta=f"h{user_id.lower()}"
            )
            store.users.add(user)
    Path("A.csv").write_text("nrp,nama,pangkat\nB1,B1,AKP\nB2,B2,AKP\n")
    Path("B.csv").write_text("nrp,nama,pangkat\nA1,A1,IPTU\nA2,A2,IPTU\n")
    import_ids: dict[str, int | None] = {}

    def move(client: str) -> None:
        with connect(database, hint="") as connection:
            done = import_users(Store(connection), client, f"{client}.csv", by=BY, transfer=True)
            import_ids[client] = done.import_id

    def take_back(client: str) -> None:
        with connect(database, hint="") as connection:
            undo_import(Store(connection), import_ids[client], None, by=BY)

    def both_at_once(work: dict[str, threading.Thread]) -> None:
        """Each holds what it can before either goes on: nobody gets past the table that is locked here."""
        with connect(database, hint="") as other:
            with other.transaction():
                other.execute("LOCK TABLE extra_handle")
                for thread in work.values():
                    thread.start()
                wait_until(lambda: waiting(other) == 2)
            for thread in work.values():
                thread.join()

    def members() -> dict[str, list[str]]:
        return {name: [user.user_id for user in store.users.list([name])] for name in "AB"}

    both_at_once({name: threading.Thread(target=move, args=name) for name in "AB"})
    assert members() == {"A": ["A3", "B1", "B2"], "B": ["A1", "A2", "B3"]}
    assert {user.title for user in store.users.list(["A"])} == {None, "AKP"}

    both_at_once({name: threading.Thread(target=take_back, args=name) for name in "AB"})
    assert members() == {name: [f"{name}{number}" for number in (1, 2, 3)] for name in "AB"}


def waiting(connection: psycopg.Connection) -> int:
    """How many stand before a lock, whoever holds it."""
    found = connection.execute(
        "SELECT count(DISTINCT pid) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
        " WHERE NOT granted AND datname = current_database()"
    ).fetchone()
    return found[0] if found else 0
