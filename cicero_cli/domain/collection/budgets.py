"""What one fetch may spend of a budget: the rest of the day's, spread over the fetches that are left."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.collection.readings import Reading, is_count_rounded
from cicero_cli.domain.platforms import Platform

_NEEDED_WEIGHS = 4  # a fetch that a report or reminder waits for, beside one that none does
_PAGE = 20  # comments, where the provider's page is not known yet
_BYTES = {Platform.INSTA: 700, Platform.TIKTOK: 1_600}  # of one like or comment (contract RAPIDAPI)
_LIKELY = 0.3  # of those not seen, where no count says how many came


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a fetch may spend; None: whatever it takes."""

    requests: int | None = None
    bytes: int | None = None

    def without(self, requests: int, size: int) -> Allowance:
        """What is left of it."""
        return Allowance(
            None if self.requests is None else self.requests - requests,
            None if self.bytes is None else self.bytes - size,
        )

    def covers(self, requests: int, size: int) -> bool:
        return (self.requests is None or requests <= self.requests) and (
            self.bytes is None or size <= self.bytes
        )


def share_of_rest(
    day_left: int | None, month_left: int | None, today: int, *, days_left: int, share: float
) -> int | None:
    """What one fetch may take of what the day and the month still allow; None where neither is limited.

    `month_left` is what was left of the month when the day began, of which each of the `days_left`, this one among them, has an
    equal part; `today` is spent of this day's.
    """
    rests = [] if day_left is None else [day_left]
    if month_left is not None:
        rests.append(month_left // days_left - today)
    return math.floor(max(0, min(rests)) * share) if rests else None


def share_of_fetch(now: time, fetch_at: Sequence[time], needed_at: Sequence[time]) -> float:
    """How much of the day's rest the fetch that begins now may take: those before a report or reminder take four times as much."""

    def weight(start: time) -> int:
        following = min((at for at in fetch_at if at > start), default=time.max)
        return _NEEDED_WEIGHS if any(start <= at < following for at in needed_at) else 1

    begun = max((at for at in fetch_at if at <= now), default=now)
    return weight(begun) / (weight(begun) + sum(weight(at) for at in fetch_at if at > begun))


@dataclass(frozen=True, slots=True)
class Offer:
    """A reading that could be made: whom it may bring, and what it takes."""

    post: Post
    gain: float
    requests: int
    bytes: int


def weigh_offer(
    post: Post, platform: Platform, reading: Reading, *, unseen: int | None, page_size: int | None
) -> Offer:
    """What reading the post would bring and take, as far as its counts say."""
    shown = post.shown_count or post.listed
    came = max(0, shown - (post.fetched_count or 0))
    if post.shown_count is None or is_count_rounded(post, platform):
        came = math.ceil((unseen or 0) * _LIKELY)
    read = came if reading is Reading.NEWER and platform is Platform.TIKTOK else max(shown, came)
    pages = 1 if platform is Platform.INSTA else max(1, math.ceil(read / (page_size or _PAGE)))
    gain = came if unseen is None else min(came, unseen)
    return Offer(post, gain, pages, read * _BYTES[platform])


def choose_offers(offers: Iterable[Offer], allowance: Allowance) -> list[int]:
    """The posts (by id) whose readings fit into what may be spent, those that bring most for a request first."""
    chosen: list[int] = []
    requests = size = 0
    for offer in sorted(offers, key=lambda one: (-one.gain / one.requests, one.post.post_id)):
        if allowance.covers(requests + offer.requests, size + offer.bytes):
            chosen.append(offer.post.post_id)
            requests += offer.requests
            size += offer.bytes
    return chosen


def days_left_in_month(now: datetime) -> int:
    """Today and the days after it, in UTC as the upstream bills."""
    following = (now.year + now.month // 12, now.month % 12 + 1)
    first = datetime(*following, 1, tzinfo=now.tzinfo)
    return (first.date() - now.date()).days
