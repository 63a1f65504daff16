from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import pytest

from cicero_cli.domain.collection.posts import Engagement, Listing
from cicero_cli.domain.collection.runs import Run, RunStatus
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import (
    BusyError,
    ExitCode,
    InputError,
    QuotaError,
    SettingError,
    UpstreamError,
)
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.collection.plan import Plan, parse_last_day, plan_collection
from cicero_cli.services.collection.posts import Collected, collect
from tests.services.fakes import FakeSource, at, comments, complete, cut_short, likes, shown

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
NOON = at("2026-11-21 05:00")  # in Jakarta
QUOTA = QuotaError("quota used up", reset_seconds=7200)


@dataclass
class Clock:
    """A clock that goes when it is told to."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now

    def go(self, **units: float) -> None:
        self.now += timedelta(**units)


@pytest.fixture
def clock() -> Clock:
    return Clock()


Fetch = Callable[..., Collected]


@pytest.fixture
def fetch(store: Store, clock: Clock) -> Fetch:
    """`fetch(source)`: as `cicero fetch` does, one request after the other."""

    def run(source: FakeSource, **options: object) -> Collected:
        clients = store.clients.list(active_only=True)
        return collect(store, source, clients, parallel=1, clock=clock, **options)

    return run


def add(store: Store, *names: str, **fields: object) -> None:
    for name in names:
        words = {"client_insta": name.lower(), "client_tiktok": name.lower(), **fields}
        store.clients.add(Client(client_id=name, nama=name, **words))


def posts(
    store: Store, client_id: str = "A", platform: Platform = INSTA, day: str = "2026-11-21"
) -> list[str]:
    """The keys of a day's posts, as a report sees them."""
    client = store.clients.get(client_id)
    assert client is not None
    asked = date.fromisoformat(day)
    listed = store.posts(platform).list(client_id, first_day=asked, last_day=asked)
    return [post.post_key for post in listed]


def people(store: Store, client_id: str = "A", platform: Platform = INSTA) -> dict[str, list[str]]:
    """Who was seen on each post of the client."""
    rows = store.connection.execute(
        f"SELECT post_key, array_agg(DISTINCT username ORDER BY username) FROM {platform}_post"
        " JOIN engagement_at USING (client_id, post_id)"
        " WHERE platform = %s AND client_id = %s GROUP BY post_key",
        (platform, client_id),
    )
    return dict(rows.fetchall())


def states(collected: Collected) -> dict[str, tuple[str, str | None]]:
    return {run.client_id: (run.status.value, run.error) for run in collected.runs}


def test_posts_and_likes_are_stored_and_the_run_says_what_it_cost(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    source = FakeSource(
        listings={
            "A": complete(shown("p2", "2026-11-21 03:00", 1), shown("p1", "2026-11-21 02:00", 2))
        },
        people={"p1": likes("ani", "budi", total=3), "p2": likes("ani")},
    )

    collected = fetch(source)

    run = Run(
        client_id="A",
        platform=INSTA,
        status=RunStatus.DONE,
        posts=2,
        new=3,
        listed=3,
        total=4,
        requests=3,
        bytes=3000,
        seconds=0.0,
    )
    assert collected == Collected(runs=(run,))
    assert posts(store) == ["p1", "p2"]
    assert people(store) == {"p1": ["ani", "budi"], "p2": ["ani"]}
    [usage] = store.status.list_usage(now=NOON)
    assert (usage.host, usage.requests_today, usage.bytes_today, usage.quota_remaining) == (
        "fake.test",
        3,
        3000,
        400,
    )


def test_tiktok_posts_comments_and_the_secuid_are_stored(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    source = FakeSource(
        TIKTOK,
        listings={"A": complete(shown("v1", "2026-11-21 02:00", 3), secuid="MS4w")},
        people={"v1": comments("ani", "ani", "budi")},
    )

    assert [run.new for run in fetch(source).runs] == [3]

    assert people(store, platform=TIKTOK) == {"v1": ["ani", "budi"]}
    client = store.clients.get("A")
    assert client is not None
    assert client.tiktok_secuid == "MS4w"


def test_a_second_run_adds_only_what_is_new(store: Store, fetch: Fetch, clock: Clock) -> None:
    add(store, "A")
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", 1))}, people={"p1": likes("ani")}
    )
    fetch(source)
    clock.go(hours=1)
    source.listings["A"] = complete(
        shown("p2", "2026-11-21 03:00", 1), shown("p1", "2026-11-21 02:00", 2)
    )
    source.people |= {"p1": likes("ani", "budi"), "p2": likes("ani")}

    [run] = fetch(source).runs

    assert (run.posts, run.new) == (2, 2)
    assert people(store) == {"p1": ["ani", "budi"], "p2": ["ani"]}


def test_what_cannot_have_changed_is_not_asked_until_three_hours_have_gone(
    store: Store, fetch: Fetch, clock: Clock
) -> None:
    add(store, "A")
    source = FakeSource(
        listings={
            "A": complete(
                shown("same", "2026-11-21 02:00", 1),
                shown("none", "2026-11-21 02:01", 0),
                shown("hidden", "2026-11-21 02:02", None),
                shown("rounded", "2026-11-21 02:03", 12_000),
            )
        },
        people={
            "same": likes("ani"),
            "none": likes(),
            "hidden": likes("ani", total=None),
            "rounded": likes("ani"),
        },
    )
    fetch(source)
    assert source.asked == ["A", "same", "none", "hidden", "rounded"]

    source.asked.clear()
    clock.go(minutes=44)
    fetch(source)
    assert source.asked == ["A", "hidden"]  # Instagram's counts are exact, however large

    source.asked.clear()
    clock.go(hours=2, minutes=15)
    fetch(source)
    assert source.asked == ["A", "none", "hidden"]  # a 0 is believed from one hour to the next only

    source.asked.clear()
    clock.go(minutes=1)
    fetch(source)
    assert source.asked == ["A", "same", "hidden", "rounded"]


def test_only_tiktok_rounds_so_only_its_large_counts_are_asked_again_each_time(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    source = FakeSource(
        platform=TIKTOK,
        listings={"A": complete(shown("many", "2026-11-21 02:00", 12_000))},
        people={"many": comments("ani")},
    )
    fetch(source)
    fetch(source)

    assert source.asked == ["A", "many", "A", "many"]


@pytest.mark.parametrize("total", [0, 500, None])
def test_an_empty_list_under_a_count_is_a_failed_reading(
    store: Store, fetch: Fetch, total: int | None
) -> None:
    add(store, "A")
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", 500))},
        people={"p1": likes(total=total)},
    )

    [run] = fetch(source).runs
    assert (run.status, run.error_code) == (RunStatus.PARTIAL, "list_contradicted")
    assert (run.listed, run.total) == (0, 500)
    assert run.error == "post p1: 0 of 500 are listed, so it is asked again"

    source.people["p1"] = likes("ani", "budi", total=2)
    [run] = fetch(source).runs
    assert (run.status, run.listed, run.total) == (RunStatus.DONE, 2, 500)  # the larger count


def test_a_much_shorter_list_after_a_good_one_takes_nothing_back(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    people_seen = [f"orang{number}" for number in range(10)]
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", 10))},
        people={"p1": likes(*people_seen)},
    )
    fetch(source)
    source.listings["A"] = complete(shown("p1", "2026-11-21 02:00", 11))
    source.people["p1"] = likes("orang0", "baru", total=11)

    [run] = fetch(source).runs

    assert (run.error_code, run.listed, run.total) == ("list_contradicted", 10, 11)
    assert people(store) == {"p1": sorted([*people_seen, "baru"])}


def test_an_unreadable_liker_is_told_and_costs_nobody_else_nor_another_reading(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    unreadable = UpstreamError("1 entry cannot be read", code="people_unreadable")
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", 2))},
        people={"p1": replace(likes("ani"), total=2, problems=(unreadable,))},
    )

    first = fetch(source)
    fetch(source)

    assert states(first) == {"A": ("partial", "post p1: 1 entry cannot be read")}
    assert source.asked == ["A", "p1", "A"]


def test_what_came_of_a_list_that_broke_is_kept_and_the_post_asked_again(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    broken = replace(likes("ani"), total=9, problems=(UpstreamError("page 2: 502"),))
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", 9))}, people={"p1": broken}
    )
    source.asked.clear()

    first = fetch(source)
    fetch(source)

    assert states(first) == {"A": ("partial", "post p1: page 2: 502")}
    assert people(store) == {"p1": ["ani"]}
    assert source.asked == ["A", "p1", "A", "p1"]


def test_a_post_whose_last_like_was_taken_back_is_asked_once_more(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", 1))}, people={"p1": likes("ani")}
    )
    fetch(source)
    source.listings["A"] = complete(shown("p1", "2026-11-21 02:00", 0))
    source.people["p1"] = likes()
    source.asked.clear()

    fetch(source)
    fetch(source)

    assert source.asked == ["A", "p1", "A"]
    assert people(store) == {"p1": ["ani"]}  # it was seen, so it was done


def test_a_post_that_failed_is_asked_again_by_the_next_run(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    source = FakeSource(
        listings={
            "A": complete(shown("p1", "2026-11-21 02:00", 1), shown("p2", "2026-11-21 03:00", 1))
        },
        people={"p1": UpstreamError("GET /v1/likes: 502"), "p2": likes("ani")},
    )

    first = fetch(source)
    source.people["p1"] = likes("budi")
    second = fetch(source)

    assert states(first) == {"A": ("partial", "post p1: GET /v1/likes: 502")}
    assert states(second) == {"A": ("done", None)}
    assert people(store) == {"p1": ["budi"], "p2": ["ani"]}


def test_a_post_absent_from_a_complete_listing_leaves_reports_and_may_come_back(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    both = complete(shown("p2", "2026-11-21 03:00"), shown("p1", "2026-11-21 02:00"))
    source = FakeSource(listings={"A": both})
    fetch(source)

    source.listings["A"] = complete(shown("p2", "2026-11-21 03:00"))
    [run] = fetch(source).runs
    assert (run.posts, posts(store)) == (2, ["p1", "p2"])  # one odd listing deletes nothing
    [run] = fetch(source).runs
    assert (run.posts, posts(store)) == (1, ["p2"])

    source.listings["A"] = both
    fetch(source)
    assert posts(store) == ["p1", "p2"]


def test_the_days_only_post_leaves_reports_when_a_complete_listing_lacks_it(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    source = FakeSource(listings={"A": complete(shown("p1", "2026-11-21 02:00"))})
    fetch(source)

    source.listings["A"] = complete()
    fetch(source)
    fetch(source)

    assert posts(store) == []


@pytest.mark.parametrize(
    "answer",
    [
        cut_short(),
        cut_short(shown("p2", "2026-11-21 03:00")),
        UpstreamError("GET /v1/posts: 502"),
        QUOTA,
    ],
)
def test_an_empty_partial_or_failed_listing_marks_nothing_as_deleted(
    answer: object, store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    both = complete(shown("p2", "2026-11-21 03:00"), shown("p1", "2026-11-21 02:00"))
    source = FakeSource(listings={"A": both})
    fetch(source)

    source.listings["A"] = answer
    fetch(source)

    assert posts(store) == ["p1", "p2"]


def test_only_the_days_that_were_asked_for_lose_posts(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    yesterdays, todays = shown("y", "2026-11-20 03:00"), shown("t", "2026-11-21 03:00")
    source = FakeSource(listings={"A": complete(todays, yesterdays)})
    fetch(source, days=2)

    source.listings["A"] = complete(todays)  # of today alone, as was asked
    fetch(source)

    assert posts(store, day="2026-11-20") == ["y"]


def test_one_clients_failure_is_named_and_touches_nobody_else(store: Store, fetch: Fetch) -> None:
    add(store, "A", "B", "C")
    source = FakeSource(
        listings={
            "A": complete(shown("a1", "2026-11-21 02:00", 1)),
            "B": complete(shown("b1", "2026-11-21 02:00", 1)),
            "C": complete(shown("c1", "2026-11-21 02:00", 1)),
        },
        people={"a1": likes("ani"), "b1": likes("ani"), "c1": likes("ani")},
    )
    fetch(source)
    source.listings |= {
        "B": UpstreamError("B is renamed"),
        "C": complete(shown("c2", "2026-11-21 03:00", 1)),
    }
    source.people["c2"] = likes("budi")

    fetch(source)
    collected = fetch(source)

    assert states(collected) == {
        "A": ("done", None),
        "B": ("failed", "B is renamed"),
        "C": ("done", None),
    }
    assert collected.stopped_by is None
    assert (posts(store, "A"), posts(store, "B"), posts(store, "C")) == (["a1"], ["b1"], ["c2"])
    assert people(store, "B") == {"b1": ["ani"]}


def test_errors_of_one_run_are_counted_and_one_is_told(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    failure = UpstreamError("GET /v1/likes: 502")
    listing = complete(shown("p1", "2026-11-21 02:00", 1), shown("p2", "2026-11-21 02:00", 1))
    source = FakeSource(listings={"A": listing}, people={"p1": failure, "p2": failure})

    [run] = fetch(source).runs

    assert run.error in {f"post {key}: GET /v1/likes: 502 (and 1 more)" for key in ("p1", "p2")}


def test_a_quota_used_up_half_way_keeps_what_came_and_asks_nothing_more(
    store: Store, fetch: Fetch, clock: Clock
) -> None:
    add(store, "A", "B", "C")
    source = FakeSource(
        listings={
            "A": complete(
                shown("a1", "2026-11-21 02:00", 1),
                shown("a2", "2026-11-21 02:01", 1),
                shown("a3", "2026-11-21 02:02", 1),
                shown("a4", "2026-11-21 02:03", 1),
            ),
            "B": complete(shown("b1", "2026-11-21 02:00", 1)),
        },
        people={
            "a1": likes("ani"),
            "a2": QUOTA,
            "a3": likes("ani"),
            "a4": likes("ani"),
            "b1": likes("ani"),
        },
    )
    only_a_and_b = [client for client in store.clients.list() if client.client_id != "C"]

    collected = collect(store, source, only_a_and_b, parallel=1, clock=clock)

    assert collected.stopped_by == QUOTA
    assert collected.stopped_by.exit_code is ExitCode.TRY_LATER
    # one more may have been on its way when the refusal came
    assert source.asked in (["A", "B", "a1", "a2"], ["A", "B", "a1", "a2", "a3"])
    assert people(store) == {key: ["ani"] for key in source.asked if key in {"a1", "a3"}}
    unasked = 2 if "a3" in source.asked else 3
    assert states(collected) == {
        "A": ("partial", f"post a2: quota used up (and {unasked - 1} more)"),
        "B": ("partial", "not asked: quota used up"),
    }

    # the next run asks nothing before the reset, and everything after it
    source.asked.clear()
    clock.go(hours=1, minutes=59)
    with pytest.raises(QuotaError) as caught:
        fetch(source)
    assert (caught.value.message, caught.value.hint, caught.value.exit_code) == (
        "the quota of fake.test is used up until 2026-11-21 14:00 WIB, so nothing was asked",
        "after raising the plan: cicero fetch … --ignore-quota",
        ExitCode.TRY_LATER,
    )
    assert source.asked == []

    clock.go(minutes=1)
    source.people["a2"] = likes("ani")
    source.listings["C"] = complete()
    assert states(fetch(source)) == {"A": ("done", None), "B": ("done", None), "C": ("done", None)}


def test_a_quota_may_be_ignored_after_raising_the_plan(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    source = FakeSource(listings={"A": QUOTA})
    fetch(source)
    source.listings["A"] = complete()

    assert states(fetch(source, ignore_quota=True)) == {"A": ("done", None)}
    assert states(fetch(source)) == {"A": ("done", None)}


def test_a_quota_without_a_reset_is_believed_until_midnight_utc(
    store: Store, fetch: Fetch, clock: Clock
) -> None:
    add(store, "A")
    source = FakeSource(listings={"A": QuotaError("DAILY quota used up")})
    fetch(source)

    assert store.usage.exhausted_until("fake.test") == at("2026-11-22 00:00")


def test_a_used_up_quota_of_one_host_does_not_stop_the_other(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    fetch(FakeSource(listings={"A": QUOTA}))
    other = FakeSource(TIKTOK, listings={"A": complete()})
    other.host = "other.test"

    assert states(fetch(other)) == {"A": ("done", None)}


def test_a_wrong_key_stops_everything(store: Store, fetch: Fetch) -> None:
    add(store, "A", "B", "C")
    wrong = SettingError("401 Invalid API key", hint="check RAPIDAPI_KEY")
    source = FakeSource(listings=dict.fromkeys("ABC", wrong))

    collected = fetch(source)

    assert collected.stopped_by == wrong
    assert collected.stopped_by.exit_code is ExitCode.SETTING
    assert source.asked == ["A"]
    assert states(collected) == {
        "A": ("failed", "401 Invalid API key"),
        "B": ("failed", "not asked: 401 Invalid API key"),
        "C": ("failed", "not asked: 401 Invalid API key"),
    }
    assert store.usage.exhausted_until("fake.test") is None


def test_the_same_moment_is_another_day_in_another_zone(
    store: Store, fetch: Fetch, clock: Clock
) -> None:
    """At 16:30 UTC it is 23:30 in Jakarta, 00:30 in Makassar and 01:30 in Jayapura."""
    clock.now = at("2026-11-21 16:30")
    add(store, "WIB", timezone="Asia/Jakarta")
    add(store, "WITA", timezone="Asia/Makassar")
    add(store, "WIT", timezone="Asia/Jayapura")
    listing = complete(
        shown("at-16:20", "2026-11-21 16:20"),
        shown("at-15:30", "2026-11-21 15:30"),
        shown("at-02:00", "2026-11-21 02:00"),
    )
    source = FakeSource(listings=dict.fromkeys(("WIB", "WITA", "WIT"), listing))

    collected = fetch(source)

    assert {run.client_id: run.posts for run in collected.runs} == {"WIB": 3, "WITA": 1, "WIT": 2}
    assert posts(store, "WIB", day="2026-11-21") == ["at-02:00", "at-15:30", "at-16:20"]
    assert posts(store, "WITA", day="2026-11-22") == ["at-16:20"]
    assert posts(store, "WIT", day="2026-11-22") == ["at-15:30", "at-16:20"]


WEEK = complete(
    *(shown(f"of-{day}", f"2026-11-{day} 03:00") for day in (21, 20, 19, 18)),
    shown("pinned", "2021-05-17 03:00", pinned=True),
)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["of-21"]),
        ({"days": 2}, ["of-20", "of-21"]),
        ({"day": date(2026, 11, 19)}, ["of-19"]),
        ({"day": date(2026, 11, 20), "days": 3}, ["of-18", "of-19", "of-20"]),
    ],
)
def test_only_posts_of_the_days_asked_for_are_stored(
    options: dict[str, object], expected: list[str], store: Store, fetch: Fetch
) -> None:
    add(store, "A")

    [run] = fetch(FakeSource(listings={"A": WEEK}), **options).runs

    stored = store.connection.execute("SELECT post_key FROM insta_post ORDER BY published_at")
    assert [key for (key,) in stored] == expected
    assert run.posts == len(expected)


def test_a_day_that_has_not_come_for_a_client_is_refused_before_anything_is_asked(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    source = FakeSource()

    with pytest.raises(InputError) as caught:
        fetch(source, day=date(2026, 11, 22))

    assert caught.value.message == (
        "--date 2026-11-22 is in the future for A, where it is 2026-11-21"
    )
    assert source.asked == []


def test_a_typed_day_may_have_come_for_one_of_the_clients() -> None:
    west = Client(client_id="WIB", nama="WIB")
    east = Client(client_id="WIT", nama="WIT", timezone="Asia/Jayapura")
    night = at("2026-11-21 16:30")

    assert parse_last_day(None, [west], now=night) is None
    assert parse_last_day("2026-11-22", [west, east], now=night) == date(2026, 11, 22)
    with pytest.raises(InputError) as caught:
        parse_last_day("2026-11-22", [west], now=night)
    assert caught.value.message == (
        "--date 2026-11-22: expected a day that has come: today is 2026-11-21"
    )
    with pytest.raises(InputError, match=r"^--date kemarin: expected a day written YYYY-MM-DD"):
        parse_last_day("kemarin", [west], now=night)


def test_hidden_likes_have_no_total(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    source = FakeSource(
        listings={"A": complete(shown("p1", "2026-11-21 02:00", None))},
        people={"p1": likes("ani", "budi", total=40)},  # what the list of likers says all the same
    )

    [run] = fetch(source).runs

    assert (run.listed, run.total, run.status) == (0, None, RunStatus.DONE)  # of posts with a total
    assert people(store) == {"p1": ["ani", "budi"]}


def test_a_cut_listing_is_named_and_says_nothing_of_the_days_that_it_lacks(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    cut = Listing(
        posts=(shown("p1", "2026-11-21 02:00", 0),),
        is_complete=False,
        problems=(UpstreamError("the listing was cut", code="listing_cut"),),
    )

    [run] = fetch(FakeSource(listings={"A": cut}, people={"p1": likes()}), days=3).runs

    assert (run.status, run.error) == (RunStatus.PARTIAL, "the listing was cut")
    assert posts(store) == ["p1"]
    days = [date(2026, 11, day) for day in (19, 20, 21)]
    assert [store.posts(Platform.INSTA).listed_at("A", day) for day in days] == [None, None, None]


def test_posts_that_cannot_be_read_are_counted_until_a_listing_can_be(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A")
    good, day = complete(shown("p1", "2026-11-21 02:00")), date(2026, 11, 21)
    source = FakeSource(
        listings={"A": replace(good, is_complete=False, unreadable=2)}, people={"p1": likes()}
    )

    fetch(source)
    assert store.posts(INSTA).count_unreadable("A", day) == 2

    source.listings["A"] = good
    fetch(source)
    assert store.posts(INSTA).count_unreadable("A", day) == 0


def test_an_empty_listing_is_a_failure_that_is_named(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    empty = Listing(
        posts=(),
        is_complete=False,
        problems=(UpstreamError("the listing is empty", code="listing_empty"),),
    )

    collected = fetch(FakeSource(listings={"A": empty}))

    assert states(collected) == {"A": ("failed", "the listing is empty")}


def test_a_client_that_is_removed_meanwhile_fails_alone(store: Store, fetch: Fetch) -> None:
    add(store, "A", "B")
    source = FakeSource(
        listings={
            "A": complete(shown("a1", "2026-11-21 02:00", 1)),
            "B": complete(shown("b1", "2026-11-21 02:00", 1)),
        },
        people={"a1": likes("ani"), "b1": likes("ani")},
        meanwhile={"A": lambda: store.clients.remove("A")},
    )

    collected = fetch(source)

    assert states(collected)["A"] == ("failed", "client A was removed while it was fetched")
    assert states(collected)["B"] == ("done", None)
    assert people(store, "B") == {"b1": ["ani"]}


def test_a_value_that_no_column_takes_fails_its_post_alone(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    source = FakeSource(
        listings={
            "A": complete(shown("p2", "2026-11-21 03:00", 1), shown("p1", "2026-11-21 02:00", 1))
        },
        people={"p1": likes("ani", total=2**70), "p2": likes("ani")},
    )

    [run] = fetch(source).runs

    assert run.status is RunStatus.PARTIAL
    assert run.error is not None
    assert run.error.startswith("post p1: who engaged cannot be stored:")
    assert people(store) == {"p2": ["ani"]}


def test_a_joint_post_counts_for_both_clients(store: Store, fetch: Fetch) -> None:
    add(store, "A", "B")
    joint = complete(shown("joint", "2026-11-21 02:00", 1))
    source = FakeSource(listings={"A": joint, "B": joint}, people={"joint": likes("ani")})

    fetch(source)

    assert people(store, "A") == people(store, "B") == {"joint": ["ani"]}

    source.listings["B"] = complete()
    fetch(source)
    fetch(source)
    assert (posts(store, "A"), posts(store, "B")) == (["joint"], [])


def test_a_client_without_an_account_there_is_left_out(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    add(store, "B", client_insta=None)
    add(store, "C", client_insta_status=False)
    source = FakeSource(listings={"A": complete()})

    assert states(fetch(source)) == {"A": ("done", None)}
    assert source.asked == ["A"]


def test_without_any_account_there_is_nothing_to_fetch(store: Store, fetch: Fetch) -> None:
    add(store, "A", "B", client_tiktok=None)

    with pytest.raises(InputError) as caught:
        fetch(FakeSource(TIKTOK))

    assert (caught.value.message, caught.value.hint) == (
        "no TikTok account is followed for A, B",
        "cicero client set A --tiktok HANDLE",
    )


def test_an_interruption_keeps_what_was_written_and_closes_the_runs(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A", "B")
    source = FakeSource(
        listings={
            "A": complete(shown("a1", "2026-11-21 02:00", 1), shown("a2", "2026-11-21 02:01", 1)),
            "B": complete(shown("b1", "2026-11-21 02:00", 1)),
        },
        people={"a1": likes("ani"), "a2": likes("ani"), "b1": likes("ani")},
    )

    def interrupt_after_three(_steps: int, _total: int, seen: list[int] = []) -> None:  # noqa: B006 - counts
        seen.append(1)
        if len(seen) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch(source, on_step=interrupt_after_three)

    assert people(store) in ({"a1": ["ani"]}, {"a2": ["ani"]})  # two answers may come at once
    last = [
        (run.client_id, run.status, run.error)
        for run in store.status.list_last_runs()
        if run.platform == INSTA
    ]
    reason = "interrupted by the keyboard or a signal"
    assert last == [("A", "interrupted", reason), ("B", "interrupted", reason)]

    assert states(fetch(source)) == {"A": ("done", None), "B": ("done", None)}
    assert people(store) == {"a1": ["ani"], "a2": ["ani"]}


def test_a_second_fetch_of_the_platform_is_refused_while_one_runs(
    store: Store, fetch: Fetch, database: str
) -> None:
    add(store, "A")
    source = FakeSource(listings={"A": complete()})
    with connect(database, hint="") as connection:
        other = Store(connection)
        with other.job_lock("fetch insta"):
            with pytest.raises(BusyError, match="another `cicero fetch insta` is still running"):
                fetch(source)
            assert source.asked == []
            tiktok = FakeSource(TIKTOK, listings={"A": complete()})
            assert states(fetch(tiktok)) == {"A": ("done", None)}

    assert states(fetch(source)) == {"A": ("done", None)}


def test_many_clients_are_fetched_in_parallel_with_the_same_result(
    store: Store, clock: Clock
) -> None:
    names = [f"C{number:02d}" for number in range(12)]
    add(store, *names)
    listings = {
        name: complete(*(shown(f"{name}-{n}", f"2026-11-21 02:0{n}", 2) for n in range(3)))
        for name in names
    }
    everybody: dict[str, Engagement | Exception] = {
        post.post_key: likes("ani", "budi")
        for listing in listings.values()
        for post in listing.posts
    }
    source = FakeSource(listings=listings, people=everybody)

    collected = collect(store, source, store.clients.list(), parallel=8, clock=clock)

    assert [(run.client_id, run.status, run.posts, run.new) for run in collected.runs] == [
        (name, "done", 3, 6) for name in names
    ]
    assert len(source.asked) == 12 + 36


def test_a_plan_asks_nothing_and_says_what_would_be_asked(
    store: Store, fetch: Fetch, clock: Clock
) -> None:
    add(store, "A")
    listing = complete(shown("p1", "2026-11-21 02:00", 1), shown("p2", "2026-11-20 02:00", None))
    source = FakeSource(
        listings={"A": listing}, people={"p1": likes("a"), "p2": likes("a", total=None)}
    )
    fetch(source, days=2)
    source.asked.clear()

    plans = plan_collection(store, source, store.clients.list(), day=None, days=2, now=clock.now)

    assert plans == [
        Plan(
            platform=INSTA,
            client_id="A",
            username="a",
            first_day=date(2026, 11, 20),
            last_day=date(2026, 11, 21),
            known_posts=2,
            worth_fetching=1,
            finished=0,
            unmoved=1,
            later=0,
        )
    ]
    assert source.asked == []


def test_a_day_that_was_told_is_known_and_one_that_was_not_is_not(
    store: Store, fetch: Fetch
) -> None:
    add(store, "A", "B", "C")
    source = FakeSource(
        listings={"A": complete(), "B": cut_short(), "C": UpstreamError("GET /v1/posts: 502")}
    )

    fetch(source)

    told = {name: store.posts(INSTA).listed_at(name, date(2026, 11, 21)) for name in "ABC"}
    assert told == {"A": NOON, "B": None, "C": None}


def test_a_run_that_was_killed_is_called_interrupted(store: Store, fetch: Fetch) -> None:
    add(store, "A")
    store.runs.start("A", INSTA, now=NOON)

    fetch(FakeSource(listings={"A": complete()}))

    rows = store.connection.execute(
        "SELECT status, error, error_code FROM runs ORDER BY run_id"
    ).fetchall()
    killed = {"text": "was killed before it finished"}
    assert rows == [("interrupted", killed, "killed"), ("done", None, None)]


def test_a_changed_secuid_is_remembered(store: Store, fetch: Fetch) -> None:
    add(store, "A", tiktok_secuid="old")
    source = FakeSource(TIKTOK, listings={"A": replace(complete(), secuid="new")})

    fetch(source)

    client = store.clients.get("A")
    assert client is not None
    assert client.tiktok_secuid == "new"
