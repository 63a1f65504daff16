"""Reading the newer comments of a post whose others are on file, in each order that a provider may have."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cicero_cli.domain.collection.comments import CommentHabits, CommentOrder, KnownComments
from cicero_cli.domain.collection.posts import Engagement
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.errors import RejectedError, UpstreamError
from cicero_cli.gateways.upstream.tiktok_comments import read_comments

PAGE = 20
EXAMPLES = int(os.environ.get("CICERO_TEST_EXAMPLES", "30"))


@dataclass
class Provider:
    """Comments in the order of their numbers, pages of 20 places at most; those below 0 are filtered out, as some are."""

    numbers: list[int]
    order: CommentOrder = CommentOrder.NEWEST_FIRST
    replies: dict[int, int] = field(default_factory=dict)  # under a comment, never coming along
    pinned: int | None = None
    most: int = PAGE
    asked: list[int] = field(default_factory=list)
    failing: set[int] = field(default_factory=set)  # cursors

    def ask(self, params: dict[str, str], meter: Meter) -> dict[str, Any]:
        start, count = int(params["cursor"]), int(params["count"])
        self.asked.append(start)
        if start in self.failing:
            raise RejectedError("no page", code="refused")
        if count > self.most * 4:
            raise RejectedError("count is too large", code="refused")
        places = self.places()
        stop = start + min(count, self.most)
        return {
            "comments": [self.comment(one) for one in places[start:stop] if one >= 0] or None,
            "cursor": stop,
            "has_more": int(stop < len(places)),
            "total": len(places) + sum(self.replies.values()),
        }

    def places(self) -> list[int]:
        if self.order is CommentOrder.OLDEST_FIRST:
            return list(self.numbers)
        if self.order is CommentOrder.NONE:
            return sorted(self.numbers, key=lambda number: number * 7919 % 1009)
        places = self.numbers[::-1]
        if self.pinned is not None:
            places.remove(self.pinned)
            places.insert(0, self.pinned)
        return places

    def comment(self, number: int) -> dict[str, Any]:
        return {
            "cid": str(number),
            "create_time": 1_800_000_000 + number,
            "reply_comment_total": self.replies.get(number, 0),
            "user": {"unique_id": f"u{number}"},
        }


def read(
    provider: Provider,
    known: KnownComments | None = None,
    habits: CommentHabits | None = None,
) -> Engagement:
    habits = habits or CommentHabits(order=provider.order, page_size=PAGE)
    provider.asked.clear()
    return read_comments(provider.ask, "7", known, habits=habits, meter=Meter())


def on_file(engagement: Engagement, before: KnownComments | None = None) -> KnownComments:
    """What is known after a reading, as the store keeps it."""
    ids = frozenset(comment.comment_id for comment in engagement.comments)
    if before is not None and not engagement.is_whole:
        return KnownComments(
            comment_ids=ids | before.comment_ids,
            total=before.total,
            listed=before.listed,
            cursor=engagement.cursor or 0,
        )
    return KnownComments(
        comment_ids=ids | (before.comment_ids if before else frozenset()),
        total=engagement.total or 0,
        listed=engagement.listed,
        cursor=engagement.cursor or 0,
    )


def handles(engagement: Engagement) -> list[str]:
    return sorted(comment.username for comment in engagement.comments)


@pytest.mark.parametrize(
    ("order", "asked"),
    [(CommentOrder.NEWEST_FIRST, [0, 20]), (CommentOrder.OLDEST_FIRST, [80, 100, 120])],
)
def test_only_the_pages_with_new_comments_are_read(order: CommentOrder, asked: list[int]) -> None:
    provider = Provider(list(range(100)), order)
    known = on_file(read(provider))
    provider.numbers += range(100, 130)

    newer = read(provider, known)

    assert handles(newer) == sorted(f"u{n}" for n in range(100, 130))
    assert (newer.known, newer.listed, newer.total, newer.is_whole) == (100, 130, 130, False)
    assert provider.asked == asked


def test_nothing_new_costs_one_page() -> None:
    provider = Provider(list(range(100)))
    known = on_file(read(provider))

    assert read(provider, known).comments == ()
    assert provider.asked == [0]


def test_a_pinned_comment_in_front_is_not_where_the_known_ones_begin() -> None:
    provider = Provider(list(range(100)), pinned=3)
    known = on_file(read(provider))
    provider.numbers += range(100, 150)

    assert len(read(provider, known).comments) == 50


def test_in_no_order_all_is_read_until_the_count_is_reached() -> None:
    provider = Provider(list(range(100)), CommentOrder.NONE)
    known = on_file(read(provider))
    provider.numbers += range(100, 110)

    newer = read(provider, known)

    assert len({*handles(newer)} & {f"u{n}" for n in range(100, 110)}) == 10
    assert provider.asked == [0, 20, 40, 60, 80, 100]


def test_replies_that_nobody_sees_have_everything_read_again_when_they_are_many() -> None:
    provider = Provider(list(range(100)))
    known = on_file(read(provider))
    provider.replies[50] = 12

    again = read(provider, known)

    assert again.is_whole
    assert provider.asked == [0, 20, 40, 60, 80]
    assert read(provider, on_file(again, known)).known == 100
    assert provider.asked == [0]


def test_a_page_that_fails_leaves_the_reading_unfinished() -> None:
    provider = Provider(list(range(100)))
    known = on_file(read(provider))
    provider.numbers += range(100, 150)
    provider.failing = {20}

    cut = read(provider, known)

    assert [str(problem) for problem in cut.problems] == ["no page"]
    assert {f"u{n}" for n in range(130, 150)} <= {*handles(cut)}


def test_a_page_size_that_is_refused_is_not_asked_for_again() -> None:
    provider, habits = Provider(list(range(60))), CommentHabits()

    assert len(read(provider, habits=habits).comments) == 60
    assert provider.asked == [0, 0, 20, 40]
    assert habits.page_size == 50


def test_a_post_that_is_gone_is_asked_for_twice_at_most() -> None:
    provider = Provider([], failing={0})

    with pytest.raises(UpstreamError, match="no page"):
        read(provider, habits=CommentHabits())
    assert provider.asked == [0, 0]


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    order=st.sampled_from([CommentOrder.NEWEST_FIRST, CommentOrder.OLDEST_FIRST]),
    first=st.integers(0, 70),
    later=st.lists(
        st.tuples(st.integers(0, 45), st.lists(st.integers(0, 99), max_size=3)), max_size=4
    ),
)
def test_by_time_the_newer_comments_and_those_on_file_are_all_that_there_are(
    order: CommentOrder, first: int, later: list[tuple[int, list[int]]]
) -> None:
    provider = Provider(list(range(first)), order)
    known = on_file(read(provider))
    for came, gone in later:
        start = (max(provider.numbers) if provider.numbers else 0) + 1
        provider.numbers += range(start, start + came)
        for place in gone:
            if place < len(provider.numbers):
                del provider.numbers[place]
        known = on_file(read(provider, known), known)
        assert {str(number) for number in provider.numbers} <= known.comment_ids
