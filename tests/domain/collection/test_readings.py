from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.collection.readings import Needs, Reading, choose_reading
from cicero_cli.domain.platforms import Platform
from tests.services.fakes import at

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
NOON = at("2026-11-21 05:00")  # in Jakarta
NOW, WAITING = Needs(WIB, [time(21)]), Needs(WIB, [time(21)], can_wait=True)
READ = Post(
    post_id=1,
    post_key="p1",
    client_id="A",
    published_at=at("2026-11-21 01:00"),
    day=date(2026, 11, 21),
    caption="",
    listed=40,
    total=40,
    shown_count=60,
    fetched_at=NOON - timedelta(hours=1),
    fetched_count=40,
    whole_at=NOON - timedelta(hours=1),
)
NEW = replace(READ, fetched_at=None, fetched_count=None, whole_at=None, listed=0)


@pytest.mark.parametrize(
    ("post", "needs", "unseen", "reading"),
    [
        pytest.param(READ, NOW, 100, Reading.NEWER, id="it is needed now"),
        pytest.param(READ, NOW, 0, Reading.FINISHED, id="everybody has been seen"),
        pytest.param(READ, NOW, None, Reading.NEWER, id="nobody is on the roster yet"),
        pytest.param(READ, WAITING, 100, Reading.LATER, id="another fetch comes in time"),
        pytest.param(
            READ, WAITING, 40, Reading.NEWER, id="half of those who are left may have come"
        ),
        pytest.param(
            replace(READ, shown_count=40), NOW, 100, Reading.UNMOVED, id="the count stands"
        ),
        pytest.param(
            replace(READ, shown_count=40, fetched_at=NOON - timedelta(hours=3)),
            NOW,
            100,
            Reading.NEWER,
            id="but not for ever",
        ),
        pytest.param(
            replace(READ, shown_count=0, fetched_count=0),
            NOW,
            100,
            Reading.NEWER,
            id="no count is 0",
        ),
        pytest.param(
            replace(READ, shown_count=None),
            WAITING,
            100,
            Reading.NEWER,
            id="a young post hides its count",
        ),
        pytest.param(
            replace(READ, shown_count=None, published_at=at("2026-11-20 22:00")),
            WAITING,
            100,
            Reading.LATER,
            id="an older one waits",
        ),
        pytest.param(NEW, NOW, 100, Reading.WHOLE, id="a new post"),
        pytest.param(NEW, WAITING, 100, Reading.WHOLE, id="a new post that many have liked"),
        pytest.param(NEW, WAITING, 700, Reading.LATER, id="a new post that hardly anybody has"),
        pytest.param(
            NEW, replace(WAITING, is_dear=True), 100, Reading.LATER, id="where it is dear"
        ),
        pytest.param(NEW, NOW, 0, Reading.WHOLE, id="never read is not finished"),
        pytest.param(READ, replace(NOW, is_forced=True), 0, Reading.WHOLE, id="all is asked for"),
    ],
)
def test_a_post_is_read_when_that_can_bring_somebody_who_is_needed(
    post: Post, needs: Needs, unseen: int | None, reading: Reading
) -> None:
    assert choose_reading(post, INSTA, unseen=unseen, needs=needs, now=NOON) is reading


def test_a_rounded_count_says_nothing_on_tiktok_alone() -> None:
    popular = replace(READ, shown_count=12_300, fetched_count=12_300)

    readings = [
        choose_reading(popular, platform, unseen=5, needs=NOW, now=NOON) for platform in Platform
    ]

    assert readings == [Reading.UNMOVED, Reading.NEWER]


@pytest.mark.parametrize(("zone", "ended"), [(WIB, "14:00"), (WIT, "12:00")])
def test_each_post_is_read_once_more_after_its_days_last_report(zone: ZoneInfo, ended: str) -> None:
    ends_at = at(f"2026-11-21 {ended}")  # 21:00 there
    needs = Needs(zone, [time(15), time(21)], can_wait=True)
    seen = replace(READ, shown_count=40, fetched_at=ends_at - timedelta(minutes=30))

    def choose(post: Post, minutes: int) -> Reading:
        now = ends_at + timedelta(minutes=minutes)
        return choose_reading(post, INSTA, unseen=0, needs=needs, now=now)

    assert choose(seen, -1) is Reading.FINISHED
    assert choose(replace(seen, whole_at=ends_at - timedelta(minutes=30)), 1) is Reading.NEWER
    assert choose(replace(seen, whole_at=ends_at), 1) is Reading.FINISHED
    assert choose(replace(NEW, shown_count=0), 1) is Reading.WHOLE


def test_one_post_of_twenty_is_read_from_the_beginning_then() -> None:
    late = at("2026-11-21 23:30")

    readings = [
        choose_reading(replace(READ, post_id=number), TIKTOK, unseen=9, needs=NOW, now=late)
        for number in range(1, 41)
    ]

    assert readings.count(Reading.WHOLE) == 2
    assert readings.count(Reading.NEWER) == 38


def test_a_day_without_reports_ends_at_midnight() -> None:
    assert Needs(WIT).day_ends_at(date(2026, 11, 21)) == at("2026-11-21 15:00")
