"""Which posts' people a fetch asks for, with a roster and what is on file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from cicero_cli.core.setting_budgets import Budget
from cicero_cli.domain.collection.budgets import Allowance
from cicero_cli.domain.collection.comments import CommentHabits, CommentOrder
from cicero_cli.domain.collection.posts import Engagement
from cicero_cli.domain.collection.readings import Needs
from cicero_cli.domain.collection.runs import Run
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import QuotaError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.plan import plan_collection
from cicero_cli.services.collection.posts import collect
from cicero_cli.services.collection.quotas import allow
from cicero_cli.services.operations.fetch_needs import DayTimes, needs_by_hand, needs_by_schedule
from tests.services.fakes import (
    FETCH_AT,
    FakeSource,
    at,
    comments,
    complete,
    likes,
    set_clock,
    shown,
)

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
MORNING = at("2026-11-21 03:30")  # 10:30 in Jakarta
TIMES = DayTimes(FETCH_AT, [time(15), time(21)], [time(12, 10)])
Fetch = Callable[..., Run]


@pytest.fixture(autouse=True)
def roster(store: Store) -> None:
    """A unit of two, of whom one likes by another name than the one that her client knows from a sheet."""
    set_clock(store, "2026-11-01 01:00")
    store.clients.add(Client(client_id="A", nama="A", client_insta="a", client_tiktok="a"))
    for name in ("ani", "budi"):
        store.users.add(User(user_id=name, client_id="A", nama=name, insta=name, tiktok=name))


def fetch(
    store: Store, source: FakeSource, moment: str, *, is_due: bool = True, days: int = 1
) -> Run:
    now = at(moment)
    hourly = needs_by_schedule(store, source, TIMES, now=now)
    collected = collect(
        store,
        source,
        store.clients.list(),
        days=days,
        parallel=1,
        clock=lambda: now,
        needs_of=hourly if is_due else needs_by_hand(TIMES.laphar_at),
    )
    return collected.runs[0]


def decided(run: Run) -> tuple[int, int, int]:
    return (run.finished, run.unmoved, run.later)


def test_a_post_that_everybody_has_liked_is_asked_no_more_until_the_day_is_over(
    store: Store,
) -> None:
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", 2))},
        people={"p1": likes("ani", "budi")},
    )
    fetch(store, source, "2026-11-21 03:30")
    source.listings["A"] = complete(shown("p1", "2026-11-21 02:00", 900))
    source.people["p1"] = likes("ani", "budi", "stranger")

    assert decided(fetch(store, source, "2026-11-21 07:30")) == (1, 0, 0)
    assert source.asked == ["A", "p1", "A"]
    next_day = fetch(store, source, "2026-11-21 23:30", days=2)
    assert (next_day.new, decided(next_day)) == (1, (0, 0, 0))


def test_nobody_without_a_handle_counts_as_seen(store: Store) -> None:
    store.users.add(User(user_id="caca", client_id="A", nama="Caca"))
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", 2))},
        people={"p1": likes("ani", "budi")},
    )
    fetch(store, source, "2026-11-21 03:30")

    span = (date(2026, 11, 21), date(2026, 11, 21))
    assert [*store.engagement(INSTA).count_unseen("A", *span).values()] == [1]
    user = store.users.get("caca")
    assert user is not None
    store.users.update(replace(user, exception=True))
    assert [*store.engagement(INSTA).count_unseen("A", *span).values()] == [0]


def test_what_no_report_needs_yet_waits_and_what_one_needs_is_read(store: Store) -> None:
    for number in range(8):
        handle = f"u{number}"
        store.users.add(User(user_id=handle, client_id="A", nama=handle, insta=handle))
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 00:00", 1))}, people={"p1": likes("ani")}
    )
    fetch(store, source, "2026-11-21 01:30")
    source.listings["A"] = complete(shown("p1", "2026-11-21 00:00", 2))
    source.people["p1"] = likes("ani", "budi")

    # 09:30, then 11:30: the last before the reminders of 12:10
    assert decided(fetch(store, source, "2026-11-21 02:30")) == (0, 0, 1)
    assert fetch(store, source, "2026-11-21 04:30").new == 1
    # 12:30 by cron, and by hand: who asks waits for the answer
    source.listings["A"] = complete(shown("p1", "2026-11-21 00:00", 3))
    source.people["p1"] = likes("ani", "budi", "u1")
    assert decided(fetch(store, source, "2026-11-21 05:30")) == (0, 0, 1)
    assert fetch(store, source, "2026-11-21 05:40", is_due=False).new == 1


def test_a_plan_says_what_a_fetch_would_ask(store: Store) -> None:
    source = FakeSource(
        listings={
            "A": complete(*(shown(f"p{number}", "2026-11-21 02:00", 2) for number in (1, 2, 3)))
        },
        people={"p1": likes("ani", "budi"), "p2": likes("ani", "x"), "p3": likes("budi", "x")},
    )
    fetch(store, source, "2026-11-21 03:30")
    source.listings["A"] = complete(
        shown("p1", "2026-11-21 02:00", 2),
        shown("p2", "2026-11-21 02:00", 2),
        shown("p3", "2026-11-21 02:00", 3),
    )
    fetch(store, FakeSource(listings=source.listings), "2026-11-21 03:31", is_due=False)
    needs_of = needs_by_hand(TIMES.laphar_at)

    [plan] = plan_collection(
        store, source, store.clients.list(), day=None, days=1, now=MORNING, needs_of=needs_of
    )

    counts = (plan.known_posts, plan.worth_fetching, plan.finished, plan.unmoved, plan.later)
    assert counts == (3, 1, 1, 1, 0)
    whole = Needs(store.clients.list()[0].zone, is_forced=True)
    [full] = plan_collection(
        store, source, store.clients.list(), day=None, days=1, now=MORNING, needs_of=lambda _: whole
    )
    assert full.worth_fetching == 3


def test_clients_that_share_an_account_are_asked_once(store: Store) -> None:
    store.clients.add(Client(client_id="B", nama="B", client_insta="a"))
    store.users.add(User(user_id="caca", client_id="B", nama="Caca", insta="caca"))
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", 2))},
        people={"p1": likes("ani", "caca")},
    )
    now = at("2026-11-21 03:30")

    runs = collect(store, source, store.clients.list(), parallel=1, clock=lambda: now).runs

    assert source.asked == ["A", "p1"]
    assert [(run.client_id, run.posts, run.new, run.requests) for run in runs] == [
        ("A", 1, 2, 2),
        ("B", 1, 2, 0),
    ]
    # what fails, fails for both
    gone = FakeSource(listings={})
    failed = collect(store, gone, store.clients.list(), parallel=1, clock=lambda: now).runs
    assert [run.error_code for run in failed] == ["rejected", "rejected"]


class FakePages(FakeSource):
    """Comments by time: what is known is told, and only the newer ones are given."""

    def __init__(self, **answers: object) -> None:
        super().__init__(TIKTOK, **answers)
        self.known: list[int | None] = []
        self.learnt = CommentHabits()

    @property
    def habits(self) -> CommentHabits:
        return self.learnt

    def read_engagement(self, post_key: str, *, known, meter) -> Engagement:
        self.known.append(None if known is None else len(known.comment_ids))
        answer = super().read_engagement(post_key, meter=meter)
        if known is None:
            return answer
        newer = tuple(one for one in answer.comments if one.comment_id not in known.comment_ids)
        return replace(answer, comments=newer, known=len(known.comment_ids), is_whole=False)


def test_comments_that_are_on_file_are_told_to_who_reads_on(store: Store) -> None:
    def source(count: int, *handles: str) -> FakePages:
        listing = complete(shown("v1", "2026-11-21 02:00", count))
        return FakePages(listings={"A": listing}, people={"v1": comments(*handles)})

    first = source(2, "ani", "x")
    first.learnt.page_size = 20
    fetch(store, first, "2026-11-21 03:30", is_due=False)
    unordered = source(3, "ani", "x", "y")
    fetch(store, unordered, "2026-11-21 03:40", is_due=False)
    store.comment_habits.keep(
        "fake.test", CommentHabits(order=CommentOrder.NEWEST_FIRST), now=MORNING
    )
    ordered = source(4, "ani", "x", "y", "budi")
    run = fetch(store, ordered, "2026-11-21 03:50", is_due=False)

    assert (first.known, unordered.known, ordered.known) == ([None], [None], [3])
    assert (run.new, run.listed, run.total) == (1, 4, 4)
    assert ordered.learnt.order is CommentOrder.NEWEST_FIRST


def test_how_long_fetches_took_decides_which_of_them_still_ends_in_time(store: Store) -> None:
    source = FakeSource(listings={"A": complete()})
    client = store.clients.list()[0]
    now = at("2026-11-21 03:30")  # 10:30; the next begins at 11:30, reminders at 12:10

    def can_wait() -> bool:
        return needs_by_schedule(store, source, TIMES, now=now)(client).can_wait

    assert can_wait()
    run_id = store.runs.start("A", INSTA, now=now - timedelta(hours=1))
    slow = fetch(store, source, "2026-11-21 02:00")
    store.runs.finish(run_id, replace(slow, seconds=1900.0), now=now)
    assert not can_wait()


def test_a_budget_goes_to_the_posts_where_most_are_missing_and_the_others_are_not_called_known(
    store: Store,
) -> None:
    store.clients.add(Client(client_id="B", nama="B", client_insta="b"))
    listings = {
        "A": complete(shown("a1", "2026-11-21 02:00", 1), shown("a2", "2026-11-21 02:01", 9)),
        "B": complete(shown("b1", "2026-11-21 02:00", 4)),
    }
    source = FakeSource(listings=listings, people={"a2": likes("ani"), "b1": likes("x")})
    now = at("2026-11-21 03:30")

    runs = collect(
        store,
        source,
        store.clients.list(),
        parallel=1,
        clock=lambda: now,
        allowance=Allowance(requests=4),
    ).runs

    assert source.asked == ["A", "B", "b1", "a2"]
    assert [(run.status.value, run.unaffordable, run.error) for run in runs] == [
        ("partial", 1, "1 post was not read, as the budget of this fetch is spent"),
        ("done", 0, None),
    ]
    [a1, _] = store.posts(INSTA).list(
        "A", first_day=date(2026, 11, 21), last_day=date(2026, 11, 21)
    )
    assert (a1.listed, a1.total, a1.fetched_at) == (0, 1, None)


def test_a_budget_that_is_spent_refuses_the_fetch_until_tomorrow(store: Store) -> None:
    now = at("2026-11-21 03:30")
    store.usage.add("fake.test", Meter(requests=90, bytes=5_000_000), exhausted_until=None, now=now)

    def rest(requests: Budget | None = None, megabytes: Budget | None = None) -> Allowance | None:
        return allow(store, "fake.test", requests, megabytes, share=0.5, now=now)

    assert rest() is None
    assert rest(Budget(day=100)) == Allowance(requests=5)
    # ten days are left of the month, of which this one has a tenth
    assert rest(Budget(month=1000), Budget(day=25)) == Allowance(requests=5, bytes=10_000_000)
    with pytest.raises(QuotaError, match="the budget for fake") as refused:
        rest(Budget(day=90))
    assert refused.value.reset_seconds == 20.5 * 3600
