"""What is past its time goes; figures stay."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count

import pytest

from cicero_cli.domain.messaging.gateway_answers import Attachment
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import choose_moment
from cicero_cli.services.operations.pruning import prune
from tests.services.fakes import at, comments, likes, set_clock, shown
from tests.services.fakes_whatsapp import queue

OLD, NEW = date(2026, 9, 1), date(2026, 11, 20)
NOW = at("2026-11-21 12:00")


@pytest.fixture
def polres_a(store: Store) -> Client:
    """A post of September and one of November on both platforms."""
    set_clock(store, "2026-08-01 00:00")
    client = Client(client_id="A", nama="A", client_insta="a", client_tiktok="a")
    store.clients.add(client)
    store.users.add(User(user_id="1", client_id="A", nama="Ani", insta="ani", tiktok="ani"))
    for day in (OLD, NEW):
        set_clock(store, f"{day} 00:00")
        for platform, people in ((Platform.INSTA, likes), (Platform.TIKTOK, comments)):
            store.posts(platform).store(
                "A", [shown(f"p{day}", f"{day} 02:00", 3)], now=at(f"{day} 03:00")
            )
            (post,) = store.posts(platform).list("A", first_day=day, last_day=day)
            engagement = store.engagement(platform)
            engagement.store(post.post_id, people("orang", "ani"), now=at(f"{day} 03:00"))
            engagement.store(post.post_id, people("orang", "ani", "lain"), now=at(f"{day} 05:00"))
    return client


def people_of(store: Store, day: date) -> dict[Platform, list[str]]:
    return {
        platform: sorted(
            username
            for post in store.posts(platform).list("A", first_day=day, last_day=day)
            for username in store.engagement(platform).list_people("A", [post.post_id], None)[
                post.post_id
            ]
        )
        for platform in Platform
    }


def figures_of(store: Store, day: date) -> list[tuple]:
    figures = []
    for platform in Platform:
        store.engagement(platform).recount("A", day, day)
        (post,) = store.posts(platform).list("A", first_day=day, last_day=day)
        figures.append(
            (post.listed, post.total, store.engagement(platform).list_standings("A", day))
        )
    return figures


def test_strangers_of_long_ago_go_and_the_figures_stay(store: Store, polres_a: Client) -> None:
    figures = [figures_of(store, day) for day in (OLD, NEW)]

    with store.rehearsal():
        rehearsed = prune(store, 60, now=NOW)
    everybody = {platform: ["ani", "lain", "orang"] for platform in Platform}
    assert people_of(store, OLD) == everybody
    assert store.pruning.held_from() is None

    assert prune(store, 60, now=NOW) == rehearsed
    assert rehearsed == {
        "likes": 2, "comments": 2, "readings": 4, "runs": 0, "messages": 0, "attachments": 0, "audit": 0, "usage": 0,
    }  # fmt: skip
    assert people_of(store, OLD) == {platform: ["ani"] for platform in Platform}
    assert people_of(store, NEW) == everybody
    assert [figures_of(store, day) for day in (OLD, NEW)] == figures
    texts = store.connection.execute("SELECT texts FROM tiktok_comment_text ORDER BY 1").fetchall()
    assert texts == [(["Siap"],), (["Siap"],), (["Siap", "Siap"],)]

    assert set(prune(store, 60, now=NOW + timedelta(days=1)).values()) == {0}
    prune(store, 400, now=NOW + timedelta(days=2))
    assert store.pruning.held_from() == at("2026-09-22 17:00")


def test_what_was_known_before_is_not_told_any_more(store: Store, polres_a: Client) -> None:
    prune(store, 60, now=NOW)
    held_from = store.pruning.held_from()

    with pytest.raises(InputError) as refused:
        choose_moment(polres_a, None, "2026-09-01 20:00", now=NOW, held_from=held_from)
    assert str(refused.value) == (
        "--as-of 2026-09-01 20:00: what was read before 2026-09-22 00:00 WIB is not held any more"
    )
    moment = choose_moment(polres_a, "2026-09-22", "2026-09-22 20:00", now=NOW, held_from=held_from)
    assert moment.as_of == at("2026-09-22 13:00")


def test_runs_settled_messages_and_audit_lines_go_with_their_time(
    store: Store, polres_a: Client
) -> None:
    store.connection.execute(
        """
        INSERT INTO runs (client_id, platform, status, started_at, finished_at)
        SELECT 'A', 'insta', status, at::timestamptz, at::timestamptz
        FROM (VALUES ('done', '2026-01-01'), ('running', '2026-01-01'), ('done', '2026-11-01')) AS run (status, at);
        INSERT INTO outbox (dedupe_key, kind, client_id, recipient, body, status, next_attempt_at, expires_at, queued_at)
        SELECT at || status, 'laphar', 'A', '1@g.us', 'x', status, at::timestamptz, at::timestamptz, at::timestamptz
        FROM (VALUES ('delivered', '2026-01-01'), ('queued', '2026-01-01'), ('delivered', '2026-11-01')) AS m (status, at);
        INSERT INTO report (client_id, day, kind, scope, slot, made_at, data)
        SELECT 'A', '2026-01-01', kind, 'semua', '1', at::timestamptz, '[]'
        FROM (VALUES ('laphar', '2026-01-01'), ('tugas', '2026-01-01'), ('tugas', '2026-11-01')) AS r (kind, at);
        INSERT INTO audit_log (at, actor, action) VALUES ('2026-01-01', 'cli', 'x'), ('2026-11-01', 'cli', 'x');
        """
    )

    gone = prune(store, 60, now=NOW)

    assert (gone["runs"], gone["messages"], gone["audit"]) == (1, 1, 1)
    for table in ("runs", "outbox", "audit_log", "report"):
        kept = store.connection.execute(f"SELECT count(*) FROM {table}").fetchone()
        assert kept == ({"runs": 2, "outbox": 2, "audit_log": 1, "report": 2}[table],)


def test_a_file_goes_a_week_after_all_of_its_messages_went_out(store: Store) -> None:
    file = Attachment(filename="a.xlsx", mimetype="application/x", content=b"PK")
    queue(store, "6281211110001", "a", "b", now=NOW, attachment=file)

    minutes = count()

    def files(days: int) -> int:
        later = NOW + timedelta(days=days, minutes=next(minutes))
        return prune(store, 400, now=later)["attachments"]

    def settle(number: int, status: str) -> None:
        sql = "UPDATE outbox SET status = %s WHERE body = %s"
        store.connection.execute(sql, [status, "ab"[number]])

    settle(0, "read")
    assert files(8) == 0  # the other one waits
    settle(1, "failed")
    assert files(8) == 0  # and may be sent again by hand
    settle(1, "accepted")
    assert files(6) == 0
    assert files(8) == 1
    found = store.connection.execute("SELECT attachment_name, attachment_sha256 FROM outbox")
    assert found.fetchall() == [("a.xlsx", None)] * 2
