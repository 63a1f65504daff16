"""Task lists go out when the posts are other ones than were told last, and only then."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from cicero_cli.core.setting_values import read_hours
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.attendance.tugas_text import TUGAS_TEMPLATE
from cicero_cli.domain.messaging.messages import Kind
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.attendance.corrections import exclude_post
from cicero_cli.services.attendance.laphar import load_template
from cicero_cli.services.messaging.laphars import Announced, QueuedReport
from cicero_cli.services.messaging.tugas import TaskSending, send_tasks
from tests.services.fakes import BY, at, shown
from tests.waiting import wait_until

GROUP = "120363000000000001@g.us"
NOON = at("2026-11-21 05:00")  # 12:00 in Jakarta
A = Client(
    client_id="A", nama="Polres A", client_insta="polres.a", client_tiktok="a", client_group=GROUP
)
DIT = Client(
    client_id="DIT",
    nama="Direktorat",
    client_insta="dit",
    client_group="120363000000000009@g.us",
    audience="own+below",
)
B = Client(client_id="B", nama="Polres B", client_insta="b", under="DIT")
CLIENTS = {client.client_id: client for client in (DIT, A, B)}


@pytest.fixture(autouse=True)
def clients(store: Store) -> None:
    for client in CLIENTS.values():
        store.clients.add(client)


def posts(store: Store, *keys: str, platform: Platform = Platform.INSTA, whose: str = "A") -> None:
    listed = [shown(key, f"2026-11-21 01:0{ord(key[0]) % 10}") for key in keys]
    store.posts(platform).store(whose, listed, now=NOON)


def exclude(store: Store, key: str, *, undo: bool = False) -> None:
    reason = None if undo else "salah"
    exclude_post(store, key, client_id="A", reason=reason, undo=undo, by=BY)


def send(
    store: Store,
    *client_ids: str,
    now: datetime = NOON,
    to: Sequence[str] = (),
    scope: Scope = Scope.SEMUA,
    again: bool = False,
    dry_run: bool = False,
    text_limit: int = 4000,
) -> Announced:
    sending = TaskSending(
        scope=scope,
        to=to,
        text_limit=text_limit,
        template=load_template(None, TUGAS_TEMPLATE),
        quiet=read_hours("21:30-05:00"),
        again=again,
        dry_run=dry_run,
    )
    clients = [CLIENTS[name] for name in client_ids or ("A",)]
    return send_tasks(store, clients, sending, now=now)


def only(announced: Announced) -> QueuedReport:
    assert announced.failures == {}
    (report,) = announced.reports
    return report


def counts(announced: Announced) -> tuple[int, int, int]:
    report = only(announced)
    return report.parts, report.queued, report.known


def test_a_set_is_told_once_and_again_when_it_has_changed_or_come_back(store: Store) -> None:
    told = [counts(send(store))]
    for change in (
        lambda: posts(store, "p"),
        lambda: None,
        lambda: posts(store, "p", "q"),
        lambda: exclude(store, "q"),
        lambda: None,
        lambda: exclude(store, "q", undo=True),
    ):
        change()
        last = send(store)
        told.append(counts(last))
    assert told == [
        (0, 0, 0),  # no posts, no message
        (1, 1, 0), (1, 0, 1), (1, 1, 0), (1, 1, 0), (1, 0, 1), (1, 1, 0),
    ]  # fmt: skip
    assert "*1 KONTEN BARU*" in only(last).text
    rows = store.connection.execute(
        "SELECT dedupe_key, outbox.kind, recipient, outbox.day::text, expires_at, body, report.kind, slot,"
        " jsonb_array_length(data -> 'posts'), jsonb_array_length(data -> 'gone')"
        " FROM outbox JOIN report USING (report_id) ORDER BY message_id"
    ).fetchall()
    assert [(row[0], *row[6:]) for row in rows] == [
        (f"tugas:A:2026-11-21:semua:{number}:{GROUP}:1", "tugas", f"{number}", *lengths)
        for number, lengths in enumerate([(1, 0), (2, 0), (1, 1), (2, 0)], start=1)
    ]
    assert {row[1:5] for row in rows} == {("tugas", GROUP, "2026-11-21", at("2026-11-21 17:00"))}
    assert rows[-1][5] == only(last).text.rstrip("\n")


def test_both_platforms_are_one_list_and_a_scope_has_its_own(store: Store) -> None:
    posts(store, "p")
    assert counts(send(store, scope=Scope.INSTA)) == (1, 1, 0)
    posts(store, "7", platform=Platform.TIKTOK)
    assert counts(send(store, scope=Scope.INSTA)) == (1, 0, 1)
    first = only(send(store))
    assert (first.queued, "*TUGAS HARI INI: 2 KONTEN*" in first.text) == (1, True)


def test_that_all_posts_are_gone_is_told_and_then_nothing(store: Store) -> None:
    posts(store, "p")
    send(store)
    exclude(store, "p")
    gone = only(send(store))
    assert (gone.queued, "Tidak ada lagi tugas konten hari ini." in gone.text) == (1, True)
    assert counts(send(store)) == (0, 0, 0)
    assert counts(send(store, again=True)) == (0, 0, 0)


def test_again_sends_the_list_as_it_was_told(store: Store) -> None:
    posts(store, "p")
    send(store)
    posts(store, "q")
    last = only(send(store)).text
    again = only(send(store, again=True, now=at("2026-11-21 05:00:30")))
    assert (again.queued, again.text) == (1, last)
    assert counts(send(store)) == (1, 0, 1)  # it knows the second list still
    posts(store, "r")
    assert "*1 KONTEN BARU*" in only(send(store)).text


def test_somebody_named_gets_the_whole_list_and_the_group_its_news_all_the_same(
    store: Store,
) -> None:
    posts(store, "p")
    number = "6281211110001"
    assert counts(send(store, to=["0812-1111-0001"], dry_run=True)) == (1, 0, 0)
    assert only(send(store, to=["0812-1111-0001"])).recipients == (number,)
    assert counts(send(store, to=[number])) == (1, 0, 1)
    assert counts(send(store)) == (1, 1, 0)
    with pytest.raises(InputError, match="nothing was queued"):
        send(store, to=["12"])


def test_a_long_list_is_cut_into_parts_that_go_together(store: Store) -> None:
    posts(store, *"pqrstuvw")
    assert counts(send(store, text_limit=200)) == (4, 4, 0)
    assert counts(send(store, text_limit=200)) == (4, 0, 4)
    (kept,) = store.connection.execute("SELECT count(*) FROM report").fetchall()
    assert kept == (1,)


def test_two_runs_that_find_the_same_news_tell_it_once(store: Store, database: str) -> None:
    posts(store, "p")
    with connect(database, hint="") as connection, ThreadPoolExecutor(1) as pool:
        with store.transaction():
            first = send(store)
            second = pool.submit(send, Store(connection))
            waiting = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            wait_until(lambda: store.connection.execute(waiting).fetchone() is not None)
        assert (counts(first), counts(second.result())) == ((1, 1, 0), (1, 0, 1))
    assert len(store.outbox.list_newest(kind=Kind.TUGAS)) == 1


@pytest.mark.parametrize(
    ("now", "until"), [("2026-11-21 14:30", "05:00 WIB"), ("2026-11-20 21:59", "05:00 WIB")]
)
def test_nobody_is_told_in_quiet_hours(store: Store, now: str, until: str) -> None:
    posts(store, "p")
    announced = send(store, now=at(now))
    assert announced.reports == []
    assert announced.failures == {
        "A": f"nobody is told of posts in quiet hours (CICERO_QUIET_HOURS), which last until {until}"
    }


def test_a_directorates_list_is_its_own_groups_and_no_units(store: Store) -> None:
    posts(store, "p", whose="DIT")
    announced = send(store, "DIT", "A", "B")
    assert [(one.client_id, one.recipients, one.queued) for one in announced.reports] == [
        ("DIT", (DIT.client_group,), 1),
        ("A", (GROUP,), 0),
    ]
    assert announced.failures == {
        "B": "there is no group to get its task list: cicero client set B --group ID@g.us (cicero wa groups)"
    }
