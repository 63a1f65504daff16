from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cicero_cli.domain.collection.budgets import (
    Allowance,
    Offer,
    choose_offers,
    days_left_in_month,
    share_of_fetch,
    share_of_rest,
    weigh_offer,
)
from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.collection.readings import Reading
from cicero_cli.domain.platforms import Platform
from tests.services.fakes import FETCH_AT, at

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
NEEDED_AT = [time(12, 10), time(15), time(21)]


def post(number: int = 1, *, shown: int | None = 100, known: int | None = None) -> Post:
    return Post(
        post_id=number,
        post_key=f"p{number}",
        client_id="A",
        published_at=at("2026-11-21 01:00"),
        day=date(2026, 11, 21),
        caption="",
        listed=known or 0,
        total=known,
        shown_count=shown,
        fetched_at=None if known is None else at("2026-11-21 02:00"),
        fetched_count=known,
    )


def test_a_fetch_takes_its_share_of_what_the_day_and_the_month_allow() -> None:
    def share(day: int | None, month: int | None, today: int = 0) -> int | None:
        return share_of_rest(day, month, today, days_left=10, share=0.5)

    assert share(1000, None) == 500
    assert share(1000, 4000) == 200
    assert share(None, 4000, today=100) == 150
    assert share(-5, None) == 0
    assert share(None, None) is None


def test_the_fetch_that_a_report_waits_for_takes_four_times_as_much() -> None:
    plain, needed = (
        share_of_fetch(time(7, 31), FETCH_AT, NEEDED_AT),
        share_of_fetch(time(20, 40), FETCH_AT, NEEDED_AT),
    )
    before_report = share_of_fetch(time(14, 30), FETCH_AT, NEEDED_AT)

    assert plain == pytest.approx(1 / (14 + 3 * 3))
    assert before_report == pytest.approx(4 / (7 + 3 * 2))
    assert needed == 1.0


@given(st.lists(st.sampled_from(FETCH_AT), unique=True, min_size=1), st.sampled_from([0, 100, 999]))
@settings(max_examples=25, deadline=None)
def test_whatever_the_schedule_the_days_fetches_never_spend_more_than_its_budget(
    fetch_at: list[time], budget: int
) -> None:
    left = budget
    for moment in sorted(fetch_at):
        taken = share_of_rest(
            left, None, 0, days_left=1, share=share_of_fetch(moment, fetch_at, NEEDED_AT)
        )
        assert taken is not None
        assert 0 <= taken <= left
        left -= taken
    assert left == 0


def test_what_a_reading_takes_is_told_from_the_counts() -> None:
    def offer(
        platform: Platform, one: Post, reading: Reading, unseen: int | None
    ) -> tuple[float, int, int]:
        found = weigh_offer(one, platform, reading, unseen=unseen, page_size=20)
        return (found.gain, found.requests, found.bytes)

    assert offer(INSTA, post(), Reading.WHOLE, 30) == (30, 1, 70_000)
    assert offer(TIKTOK, post(known=60), Reading.NEWER, 300) == (40, 2, 64_000)
    assert offer(TIKTOK, post(known=60), Reading.WHOLE, None) == (40, 5, 160_000)
    assert offer(INSTA, post(shown=None), Reading.WHOLE, 100) == (30, 1, 21_000)


def test_the_readings_that_bring_most_for_a_request_come_first() -> None:
    offers = [
        Offer(post(1), gain=10, requests=1, bytes=500),
        Offer(post(2), gain=90, requests=10, bytes=500),
        Offer(post(3), gain=50, requests=2, bytes=500),
        Offer(post(4), gain=0, requests=1, bytes=500),
    ]

    assert choose_offers(offers, Allowance()) == [3, 1, 2, 4]
    assert choose_offers(offers, Allowance(requests=4)) == [3, 1, 4]
    assert choose_offers(offers, Allowance(requests=3, bytes=1000)) == [3, 1]
    assert choose_offers(offers, Allowance(requests=-1)) == []


@pytest.mark.parametrize(
    ("moment", "days"), [("2026-11-01", 30), ("2026-12-31", 1), ("2028-02-29", 1)]
)
def test_a_month_has_so_many_days_left(moment: str, days: int) -> None:
    assert days_left_in_month(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == days
