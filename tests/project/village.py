"""A client, a directorate and a day on which everything has happened that the help's examples speak of."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import psycopg

from cicero_cli.domain.collection.runs import Run, RunStatus
from cicero_cli.domain.messaging.messages import Kind
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.attendance.complaints import file_complaint
from cicero_cli.services.messaging.handle_proposals import propose_handle
from cicero_cli.services.roster.users import get_user
from tests.project.prepared import VILLAGE_SHEET, VILLAGERS
from tests.services.fakes import BY, at, likes, shown
from tests.services.fakes_whatsapp import queue

DAY = date(2026, 11, 21)
NOON = at("2026-11-21 05:00")


def fill(database: str, run: Callable[..., object]) -> None:
    """What is on file: `run` types a line of cicero's."""
    run("client", "add", "POLRES_A", "--nama", "Polres A", "--insta", "polres.a", "--tiktok", "polres_a", "--group", "120363012345678901@g.us")  # fmt: skip
    run("client", "add", "DITBINMAS", "--nama", "Ditbinmas", "--type", "DIREKTORAT", "--operator", "081234567890")  # fmt: skip
    for user_id, nama, insta in VILLAGERS:
        run("user", "add", str(user_id), "--client", "POLRES_A", "--nama", str(nama), "--insta", str(insta))  # fmt: skip
    run("account", "add", "budi.humas", "--role", "operator", "--client", "POLRES_A")
    run("client", "set", "POLRES_A", "--sheet", f"https://docs.google.com/spreadsheets/d/{VILLAGE_SHEET}/edit#gid=7")  # fmt: skip
    with psycopg.connect(database, autocommit=True) as connection:
        for column in ("outbox.message_id", "runs.run_id", "handle_proposal.proposal_id"):
            table, name = column.split(".")
            connection.execute(f"ALTER TABLE {table} ALTER {name} RESTART WITH 17".encode())
    with connect(database, hint="") as connection:
        store = Store(connection)
        _post(store)
        run("laphar", "send", "insta", "--client", "POLRES_A", "--date", str(DAY))
        _messages(store)
        for user_id in ("75020201", "75020202"):
            user = get_user(store, user_id)
            propose_handle(store, user, Platform.TIKTOK, f"u{user_id}", admins=[], now=NOON)
        file_complaint(
            store, "75020201", Platform.INSTA, client_id=None, visible_ids=None, home_id=None,
            username="citra", issue="sudah like", by=BY,
        )  # fmt: skip
    run("wa", "add", "humas-2", "--gateway", "file", "--url", "/dev/full", "--pool")


def _post(store: Store) -> None:
    """One post that was read at noon, and the run that read it."""
    posts = store.posts(Platform.INSTA)
    posts.store("POLRES_A", [shown("DExampleKey1", "2026-11-21 03:00", 2)], now=NOON)
    [post] = posts.list("POLRES_A", first_day=DAY, last_day=DAY)
    store.engagement(Platform.INSTA).store(post.post_id, likes("budi.s", "someone"), now=NOON)
    posts.remember_listing("POLRES_A", DAY, DAY, now=NOON)
    number = store.runs.start("POLRES_A", Platform.INSTA, now=NOON)
    store.runs.finish(
        number,
        Run(
            client_id="POLRES_A",
            platform=Platform.INSTA,
            status=RunStatus.DONE,
            posts=1,
            new=2,
            listed=2,
            total=2,
        ),
        now=NOON,
    )


def _messages(store: Store) -> None:
    """The report (17) and another message (18), of which nobody knows what became; a reminder that waits."""
    queue(store, "6281234567890", "Halo", now=NOON)
    store.connection.execute("UPDATE outbox SET status = 'unknown'")
    queue(store, "6281234567890", "Mohon like", now=NOON, kind=Kind.REMINDER, client_id="POLRES_A")
