from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.domain.platforms import Platform
from cicero_cli.standins.upstream.accounts import pick_strangers, plan_account

NOW = datetime(2026, 3, 14, 9, 0, tzinfo=UTC)


def test_the_same_seed_plans_the_same_account() -> None:
    first, same, other = (
        plan_account(Platform.INSTA, "polres.a", now=NOW, seed=seed) for seed in (1, 1, 2)
    )

    assert first == same
    assert {post.key for post in first.posts}.isdisjoint(post.key for post in other.posts)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Jayapura"])
def test_every_day_of_the_zone_has_its_posts_and_none_is_in_the_future(zone: str) -> None:
    plan = plan_account(Platform.TIKTOK, "polres_a", now=NOW, posts_a_day=4, days=2, zone=zone)
    posts = [post for post in plan.posts if not post.is_pinned]
    days = [post.published_at.astimezone(ZoneInfo(zone)).date() for post in posts]

    assert days == [date(2026, 3, 14)] * 4 + [date(2026, 3, 13)] * 4
    assert all(post.published_at < NOW for post in posts)
    assert len({post.key for post in plan.posts}) == 9


def test_chosen_people_engage_with_the_newest_posts_first() -> None:
    plan = plan_account(
        Platform.INSTA, "polres.a", now=NOW, chosen=[["budi", "siti"], ["siti"]], strangers=2
    )

    assert [post.people[:-2] for post in plan.posts[1:4]] == [("budi", "siti"), ("siti",), ()]


def test_strangers_differ_from_each_other() -> None:
    assert len(set(pick_strangers(5_000, start=3))) == 5_000
