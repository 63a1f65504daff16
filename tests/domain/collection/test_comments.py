from __future__ import annotations

from datetime import timedelta

import pytest

from cicero_cli.domain.collection.comments import (
    CommentHabits,
    CommentOrder,
    KnownComments,
    weigh_order,
)
from cicero_cli.domain.collection.posts import Comment
from tests.services.fakes import at

MORNING = at("2026-11-21 01:00")


def comments(*minutes: int, likes: tuple[int, ...] = ()) -> list[Comment]:
    """Comments written so many minutes after the post, in the upstream's order."""
    return [
        Comment(
            comment_id=str(place),
            username=f"u{place}",
            text="",
            created_at=MORNING + timedelta(minutes=minute),
            likes=likes[place] if likes else place % 3,
        )
        for place, minute in enumerate(minutes)
    ]


SHUFFLED = [(number * 7) % 30 for number in range(30)]


@pytest.mark.parametrize(
    ("listed", "order"),
    [
        (comments(*range(30)), CommentOrder.OLDEST_FIRST),
        (comments(*range(30, 0, -1)), CommentOrder.NEWEST_FIRST),
        (comments(5, *range(60, 20, -1)), CommentOrder.NEWEST_FIRST),  # one is pinned
        (comments(*SHUFFLED, likes=tuple(range(30, 0, -1))), CommentOrder.RANKED),
        (comments(*SHUFFLED), CommentOrder.NONE),
        (comments(*range(20)), None),
    ],
)
def test_the_order_of_comments_is_learnt_from_how_they_follow_each_other(
    listed: list[Comment], order: CommentOrder | None
) -> None:
    assert weigh_order(listed).order is order


def test_replies_stand_below_their_comment_and_say_nothing_of_the_order() -> None:
    listed = comments(*range(30))
    replies = [
        Comment(comment_id=f"r{n}", username="u", text="", created_at=MORNING, is_reply=True)
        for n in range(30)
    ]
    mixed = [one for pair in zip(listed, replies, strict=True) for one in pair]

    assert weigh_order(mixed) == weigh_order(listed)


def test_what_is_known_of_an_order_stands_until_a_reading_shows_another() -> None:
    habits = CommentHabits(order=CommentOrder.NEWEST_FIRST)
    habits.weigh(comments(*range(10)))
    assert habits.learnt_order is CommentOrder.NEWEST_FIRST
    habits.weigh(comments(*range(30)))
    assert habits.learnt_order is CommentOrder.OLDEST_FIRST


@pytest.mark.parametrize(
    ("given", "page_size"), [({100: 100}, 100), ({100: 50, 50: 50}, 50), ({100: 20, 50: 50}, 50), ({100: 0, 50: 20}, 50), ({100: 80, 50: 50}, 100)]
)  # fmt: skip
def test_the_page_size_that_brings_most_is_asked_for(given: dict[int, int], page_size: int) -> None:
    habits = CommentHabits()
    for asked, places in given.items():
        assert habits.choose_page_size() == asked
        habits.learn_page_size(asked, places)

    assert (habits.page_size, habits.choose_page_size()) == (page_size, page_size)


def test_what_the_provider_is_used_to_keep_back_is_not_missed() -> None:
    known = KnownComments(comment_ids=frozenset(map(str, range(95))), total=100, listed=95)

    assert known.shortfall(total=120, new=19) == 1
    assert known.is_accounted(total=120, new=19)
    assert not known.is_accounted(total=120, new=15)
    assert known.is_accounted(total=90, new=0)  # some were deleted
