from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cicero_cli.domain.attendance.absensi import Standing
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import TIMEZONES, Client
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store, connect
from tests.services.fakes import at, comments, likes, set_clock, shown

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
NOW, LATER = at("2026-11-21 05:00"), at("2026-11-21 06:00")
DAY = date(2026, 11, 21)
PEOPLE = ("ani", "budi", "citra")
CLIENT = Client(client_id="POLRES_A", nama="Polres A")


def add_client(store: Store, client_id: str = "POLRES_A") -> Client:
    """A client with Ani, Budi and Citra, whose handles are the same on both platforms."""
    client = replace(CLIENT, client_id=client_id)
    store.clients.add(client)
    for name in PEOPLE:
        user_id = f"{client_id}-{name}"
        store.users.add(
            User(user_id=user_id, client_id=client_id, nama=name.title(), insta=name, tiktok=name)
        )
    return client


def add_post(
    store: Store, platform: Platform, key: str, published_at: str, client_id: str = "POLRES_A"
) -> int:
    store.posts(platform).store(client_id, [shown(key, published_at)], now=NOW)
    ids = store.connection.execute(
        f"SELECT post_id FROM {platform}_post WHERE client_id = %s AND post_key = %s",
        (client_id, key),
    ).fetchall()
    return ids[0][0]


def engage(
    store: Store, platform: Platform, post_id: int, *handles: str, now: datetime = NOW
) -> int:
    people = likes(*handles) if platform is INSTA else comments(*handles)
    return store.engagement(platform).store(post_id, people, now=now)


def done(
    store: Store, platform: Platform, day: date = DAY, client_id: str = "POLRES_A"
) -> dict[str, int]:
    """What a report counts: user's name, number of posts done."""
    engagement = store.engagement(platform)
    engagement.recount(client_id, day, day)
    return {row.nama: row.done for row in engagement.list_standings(client_id, day)}


def test_only_who_was_not_known_is_added_and_the_first_time_stays(store: Store) -> None:
    add_client(store)
    post = add_post(store, INSTA, "a", "2026-11-21 02:00")

    assert engage(store, INSTA, post, "ani", "budi", now=NOW) == 2
    assert engage(store, INSTA, post, "budi", "citra", now=LATER) == 1
    assert engage(store, INSTA, post, "budi", now=at("2026-11-21 07:00")) == 0

    assert store.engagement(INSTA).list_people("POLRES_A", [post], None) == {
        post: {"ani": NOW, "budi": NOW, "citra": LATER}
    }


def test_a_comment_is_kept_once_with_its_first_text(store: Store) -> None:
    add_client(store)
    post = add_post(store, TIKTOK, "a", "2026-11-21 02:00")
    first = comments("ani", "ani")
    edited = replace(
        first, comments=tuple(replace(comment, text="diubah") for comment in first.comments)
    )

    assert store.engagement(TIKTOK).store(post, first, now=NOW) == 2
    assert store.engagement(TIKTOK).store(post, edited, now=LATER) == 0

    kept = store.connection.execute(
        "SELECT comment_ids, usernames, texts"
        " FROM tiktok_comment JOIN tiktok_comment_text USING (client_id, post_id, first_seen_at)"
    ).fetchall()
    assert kept == [(["ani-0", "ani-1"], ["ani", "ani"], ["Siap", "Siap"])]


def test_who_comments_three_times_has_done_one_post(store: Store) -> None:
    add_client(store)
    post = add_post(store, TIKTOK, "a", "2026-11-21 02:00")

    engage(store, TIKTOK, post, "ani", "ani", "ani", "budi")

    assert done(store, TIKTOK) == {"Ani": 1, "Budi": 1, "Citra": 0}


def test_a_text_with_a_nul_and_one_without_a_letter_are_kept(store: Store) -> None:
    add_client(store)
    post = add_post(store, TIKTOK, "a", "2026-11-21 02:00")
    [comment] = comments("ani").comments
    odd = (replace(comment, text="si\x00ap 👍"), replace(comment, comment_id="2", text=""))

    store.engagement(TIKTOK).store(post, replace(comments(), comments=odd), now=NOW)

    texts = store.connection.execute("SELECT texts FROM tiktok_comment_text")
    assert texts.fetchall() == [(["", "siap 👍"],)]


def test_an_inactive_user_is_in_no_report_from_that_day_on(store: Store) -> None:
    add_client(store)
    citra = store.users.get("POLRES_A-citra")
    assert citra is not None
    set_clock(store, "2026-11-21 05:00")
    store.users.update(replace(citra, status=False))

    assert done(store, INSTA) == {"Ani": 0, "Budi": 0}
    assert done(store, INSTA, DAY - timedelta(days=1)) == {"Ani": 0, "Budi": 0, "Citra": 0}


def test_a_user_who_gets_a_handle_later_has_done_what_that_handle_did(store: Store) -> None:
    add_client(store)
    post = add_post(store, INSTA, "a", "2026-11-21 02:00")
    engage(store, INSTA, post, "dewi.baru")
    done(store, INSTA)

    store.users.add(User(user_id="9", client_id="POLRES_A", nama="Dewi", insta="dewi.baru"))

    assert done(store, INSTA)["Dewi"] == 1


def test_doers_are_named_post_by_post(store: Store) -> None:
    add_client(store)
    one = add_post(store, INSTA, "a", "2026-11-21 02:00")
    two = add_post(store, INSTA, "b", "2026-11-21 03:00")
    engage(store, INSTA, one, "ani", "orang.lain")
    engage(store, INSTA, one, "budi", now=LATER)

    doers = store.engagement(INSTA).list_doers

    assert doers("POLRES_A", DAY, [one, two], None) == {
        one: frozenset({"POLRES_A-ani", "POLRES_A-budi"})
    }
    assert doers("POLRES_A", DAY, [one, two], NOW) == {one: frozenset({"POLRES_A-ani"})}


def test_a_past_moment_has_the_same_answer_whenever_it_is_asked(store: Store) -> None:
    add_client(store)
    one = add_post(store, INSTA, "a", "2026-11-21 02:00")
    two = add_post(store, INSTA, "b", "2026-11-21 03:00")
    engage(store, INSTA, one, "ani", now=NOW)

    def as_of_now() -> list[Standing]:
        posts = store.posts(INSTA).list("POLRES_A", first_day=DAY, last_day=DAY, as_of=NOW)
        return store.engagement(INSTA).list_standings_as_of(
            "POLRES_A", DAY, [post.post_id for post in posts], NOW
        )

    asked_then = as_of_now()
    assert [(row.nama, row.done) for row in asked_then] == [("Ani", 1), ("Budi", 0), ("Citra", 0)]

    engage(store, INSTA, one, "ani", "budi", now=LATER)
    engage(store, INSTA, two, "ani", now=LATER)
    for _ in range(2):  # two listings in a row lack it
        store.posts(INSTA).mark_deleted(
            "POLRES_A",
            start=at("2026-11-20 17:00"),
            end=at("2026-11-21 17:00"),
            keep=["b"],
            now=LATER,
        )
    assert as_of_now() == asked_then


# A report reads counts (done_by_day) that triggers mark as stale. Whatever happens in whatever order, they must say
# the same as counting every like anew.

_POSTS = ("p0", "p1")
_STEPS = st.lists(
    st.one_of(
        # of UTC, beside the midnights of the three zones
        st.tuples(st.just("publish"), st.sampled_from(_POSTS), st.sampled_from((3, 15, 16, 17))),
        st.tuples(
            st.just("engage"),
            st.sampled_from(_POSTS),
            st.lists(st.sampled_from((*PEOPLE, "orang.lain")), min_size=1, max_size=4),
        ),
        st.tuples(st.just("delete"), st.sets(st.sampled_from(_POSTS))),
        st.tuples(st.just("move"), st.sampled_from(TIMEZONES)),
    ),
    min_size=2,
    max_size=8,
)
_clients = count(1)


@pytest.mark.parametrize("platform", Platform)
@given(steps=_STEPS)
@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_reports_count_what_is_stored_whatever_happened_before(
    platform: Platform, steps: list[tuple], store: Store
) -> None:
    now = NOW
    set_clock(store, f"{now:%Y-%m-%d %H:%M}")
    client = add_client(store, f"POLRES_{next(_clients)}")
    beginning = [
        ("publish", "p0", 3),
        ("publish", "p1", 16),
        ("engage", "p0", ["ani", "budi"]),
        ("engage", "p1", ["ani"]),
    ]
    published: dict[str, tuple[datetime, date]] = {}
    for step, *details in [*beginning, *steps]:
        now += timedelta(minutes=1)
        set_clock(store, f"{now:%Y-%m-%d %H:%M}")  # the database's, for what triggers keep
        take_step(store, platform, client.client_id, step, details, now=now)
        if step == "publish":
            note_day(store, client.client_id, published, *details)
        for day in (DAY, DAY + timedelta(days=1)):
            expected = count_by_hand(store, platform, client.client_id, day, published)
            assert done(store, platform, day, client.client_id) == expected
            assert as_of(store, platform, client.client_id, day, now) == expected


def take_step(
    store: Store, platform: Platform, client_id: str, step: str, details: list, *, now: datetime
) -> None:
    posts = store.posts(platform)
    if step == "publish":
        key, hour = details
        post = replace(
            shown(key, "2026-11-21 00:00"), published_at=at("2026-11-21") + timedelta(hours=hour)
        )
        posts.store(client_id, [post], now=now)
    elif step == "engage":
        key, handles = details
        rows = store.connection.execute(
            f"SELECT post_id FROM {platform}_post WHERE client_id = %s AND post_key = %s",
            (client_id, key),
        ).fetchall()
        for (post_id,) in rows:
            unique = dict.fromkeys(handles) if platform is INSTA else handles
            engage(store, platform, post_id, *unique, now=now)
    elif step == "delete":
        for _ in range(2):  # two listings in a row lack it
            posts.mark_deleted(
                client_id, start=at("2026-11-19"), end=at("2026-11-24"), keep=details[0], now=now
            )
    else:
        client = store.clients.get(client_id)
        assert client is not None
        store.clients.update(replace(client, timezone=details[0]))


def note_day(
    store: Store,
    client_id: str,
    published: dict[str, tuple[datetime, date]],
    key: str,
    hour: int,
) -> None:
    """The day of a post is that of the zone in which it was read, unless it has moved since."""
    client = store.clients.get(client_id)
    assert client is not None
    moment = at("2026-11-21") + timedelta(hours=hour)
    if published.get(key, (None,))[0] != moment:
        published[key] = (moment, moment.astimezone(client.zone).date())


def count_by_hand(
    store: Store,
    platform: Platform,
    client_id: str,
    day: date,
    published: dict[str, tuple[datetime, date]],
) -> dict[str, int]:
    """The same out of every like or comment, in Python."""
    rows = store.connection.execute(
        f"SELECT post_key, username FROM {platform}_post JOIN engagement_at USING (client_id, post_id)"
        " WHERE platform = %s AND client_id = %s AND deleted_at IS NULL",
        (platform, client_id),
    )
    posts_of = defaultdict(set)
    for key, username in rows:
        if published[key][1] == day:
            posts_of[username].add(key)
    return {name.title(): len(posts_of[name]) for name in PEOPLE}


def as_of(
    store: Store, platform: Platform, client_id: str, day: date, moment: datetime
) -> dict[str, int]:
    posts = store.posts(platform).list(client_id, first_day=day, last_day=day, as_of=moment)
    standings = store.engagement(platform).list_standings_as_of(
        client_id, day, [post.post_id for post in posts], moment
    )
    return {row.nama: row.done for row in standings}


# Two connections: a fetch that writes while a report counts.


@pytest.fixture
def report(database: str) -> Iterator[Store]:
    """The store of a report that runs beside the fetch."""
    with connect(database, hint="") as connection:
        yield Store(connection)


def test_a_report_does_not_wait_for_a_first_like_that_is_being_written(
    store: Store, report: Store
) -> None:
    add_client(store)
    post = add_post(store, INSTA, "a", "2026-11-21 02:00")

    with store.transaction():
        engage(store, INSTA, post, "ani")
        assert done(report, INSTA) == {"Ani": 0, "Budi": 0, "Citra": 0}

    assert done(report, INSTA) == {"Ani": 1, "Budi": 0, "Citra": 0}


def test_a_report_that_counts_a_stale_day_waits_for_the_fetch_that_writes_to_it(
    store: Store, report: Store
) -> None:
    add_client(store)
    post = add_post(store, INSTA, "a", "2026-11-21 02:00")
    engage(store, INSTA, post, "ani")  # marks the day

    with store.transaction():
        engage(store, INSTA, post, "ani", "budi")
        counting = Waiting(report, lambda: done(report, INSTA))
        counting.until_it_waits(store)

    assert counting.result() == {"Ani": 1, "Budi": 1, "Citra": 0}


def test_a_like_that_comes_while_a_report_counts_is_counted_by_the_next(
    store: Store, report: Store
) -> None:
    add_client(store)
    post = add_post(store, INSTA, "a", "2026-11-21 02:00")
    engage(store, INSTA, post, "ani")  # marks the day

    with report.transaction():
        assert done(report, INSTA) == {"Ani": 1, "Budi": 0, "Citra": 0}
        writing = Waiting(store, lambda: engage(store, INSTA, post, "ani", "budi"))
        writing.until_it_waits(report)

    assert writing.result() == 1
    assert done(report, INSTA) == {"Ani": 1, "Budi": 1, "Citra": 0}


def test_two_reports_that_count_the_same_day_agree(store: Store, report: Store) -> None:
    add_client(store)
    post = add_post(store, INSTA, "a", "2026-11-21 02:00")
    engage(store, INSTA, post, "ani")

    with report.transaction():
        first = done(report, INSTA)
        second = Waiting(store, lambda: done(store, INSTA))
        second.until_it_waits(report)

    assert first == second.result() == {"Ani": 1, "Budi": 0, "Citra": 0}


def test_a_post_keeps_its_day_when_the_client_moves_to_another_zone(store: Store) -> None:
    """A post of 16:30 UTC is of the 21st in Jakarta and of the 22nd in Jayapura."""
    client = add_client(store)
    before = add_post(store, INSTA, "a", "2026-11-21 16:30")
    store.clients.update(replace(client, timezone="Asia/Jayapura"))
    after = add_post(store, INSTA, "b", "2026-11-21 16:30")
    engage(store, INSTA, before, "ani")
    engage(store, INSTA, after, "ani", "budi")

    assert done(store, INSTA, DAY) == {"Ani": 1, "Budi": 0, "Citra": 0}
    assert done(store, INSTA, DAY + timedelta(days=1)) == {"Ani": 1, "Budi": 1, "Citra": 0}


class Waiting(threading.Thread):
    """Something that another connection does meanwhile, and that is expected to wait for us."""

    def __init__(self, its_store: Store, action: Callable[[], object]) -> None:
        super().__init__()
        self._session = its_store.connection.info.backend_pid
        self._action = action
        self._result: object = None
        self.start()

    def run(self) -> None:
        self._result = self._action()

    def until_it_waits(self, ours: Store) -> None:
        waits = "SELECT EXISTS (SELECT FROM pg_locks WHERE pid = %s AND NOT granted) FROM pg_sleep(0.01)"
        while ours.connection.execute(waits, (self._session,)).fetchone() != (True,):
            assert self.is_alive(), "it did not wait"

    def result(self) -> object:
        self.join(timeout=30)
        assert not self.is_alive()
        return self._result
