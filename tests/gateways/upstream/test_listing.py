from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.collection.posts import UpstreamPost
from cicero_cli.gateways.upstream.listing import read_listing
from cicero_cli.gateways.upstream.paging import Page
from tests.gateways.upstream.conftest import NOW


def post(key: int, hours_ago: int, *, is_pinned: bool = False) -> UpstreamPost:
    return UpstreamPost(
        post_key=str(key), published_at=NOW - timedelta(hours=hours_ago), is_pinned=is_pinned
    )


@given(
    pinned=st.lists(st.integers(0, 5_000), max_size=3),
    ages=st.lists(st.integers(0, 100), max_size=40),
    hours=st.integers(0, 100),
    a_page=st.integers(1, 12),
)
def test_a_complete_listing_has_every_recent_post_and_no_older_one(
    pinned: list[int], ages: list[int], hours: int, a_page: int
) -> None:
    posts = [post(number, age, is_pinned=True) for number, age in enumerate(pinned)]
    posts += [post(100 + number, age) for number, age in enumerate(sorted(ages))]
    asked = 0

    def fetch(token: str | None) -> Page[UpstreamPost, str]:
        nonlocal asked
        asked += 1
        start = int(token or 0)
        stop = start + a_page
        return Page(posts[start:stop], str(stop) if stop < len(posts) else None)

    listing = read_listing(fetch, since=NOW - timedelta(hours=hours))

    recent = [p for p in posts if p.published_at >= NOW - timedelta(hours=hours)]
    assert set(listing.posts) == set(recent)
    assert listing.is_complete == bool(posts)
    assert list(listing.posts) == sorted(listing.posts, key=lambda p: p.published_at, reverse=True)
    newer = sum(age <= hours for age in ages)
    # two posts from before, or old ones in front that may be pinned, tell that all newer ones have been seen
    assert asked <= (len(pinned) + newer + 1) // a_page + 1
