"""Whether a post's people are read now: what a reading can bring, and when it is needed (docs/adr/0031)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.platforms import Platform

RECHECK_AFTER = timedelta(hours=3)
RECHECK_NONE_AFTER = timedelta(
    minutes=45
)  # so that each hourly fetch asks, and one before every laphar
_ROUNDED_FROM = 10_000  # TikTok rounds counts from here on (contract RAPIDAPI)
_CHECKED_EVERY = (
    20  # posts: one is read from the beginning, to see whether the order of comments is what it was
)
_YOUNG = timedelta(hours=6)
_FIRST_LOOK = 0.1  # of those expected, before a new post is read ahead of its need
_LARGE_GAIN = 0.5  # of those not seen, before a known one is


class Reading(StrEnum):
    """What is done about a post's people in a fetch."""

    WHOLE = "whole"
    NEWER = "newer"  # those who came since the last reading
    FINISHED = "finished"  # everybody expected has been seen
    UNMOVED = "unmoved"  # its count is what it was
    LATER = "later"  # another fetch comes in time for whoever needs it
    UNAFFORDABLE = "unaffordable"  # others bring more for what the budget allows

    @property
    def is_asked(self) -> bool:
        return self in {Reading.WHOLE, Reading.NEWER}


@dataclass(frozen=True, slots=True)
class Needs:
    """When a client's figures are needed, and whether another fetch comes before that.

    `times` are those of the local day at which reports and reminders are made. `can_wait`: the next fetch ends before the next of
    them. `is_dear`: whoever comes costs a whole reading, so nothing is read ahead of its need. `is_forced`: everything is read whole.
    """

    zone: ZoneInfo
    times: Sequence[time] = ()
    can_wait: bool = False
    is_dear: bool = False
    is_forced: bool = False

    def day_ends_at(self, day: date) -> datetime:
        """After the day's last report nothing of it is needed in a hurry; a day without one ends at midnight."""
        if not self.times:
            return datetime.combine(day + timedelta(days=1), time.min, self.zone)
        return datetime.combine(day, max(self.times), self.zone)


def choose_reading(
    post: Post, platform: Platform, *, unseen: int | None, needs: Needs, now: datetime
) -> Reading:
    """What a fetch does about one post of which `unseen` people who are expected have not been seen; None: nobody is expected
    yet, so everybody may be somebody.

    Who has no handle on file is never seen. Whatever was found out, each post is read once more after its day's last
    report, so that everybody is on file: for handles that are mended later, and for who came late.
    """
    if needs.is_forced:
        return Reading.WHOLE
    if _is_last_due(post, needs, now=now):
        is_checked = post.fetched_at is None or post.post_id % _CHECKED_EVERY == 0
        return Reading.WHOLE if is_checked else Reading.NEWER
    if post.fetched_at is None:
        waits = needs.can_wait and (needs.is_dear or _has_hardly_begun(post, unseen))
        return Reading.LATER if waits else Reading.WHOLE
    if unseen == 0:
        return Reading.FINISHED
    if _is_unmoved(post, platform, now=now):
        return Reading.UNMOVED
    waits = needs.can_wait and (
        needs.is_dear or not _is_worth_more(post, platform, unseen, now=now)
    )
    return Reading.LATER if waits else Reading.NEWER


def is_count_rounded(post: Post, platform: Platform) -> bool:
    """Whether the count says nothing of who came since."""
    return platform is Platform.TIKTOK and (post.shown_count or 0) >= _ROUNDED_FROM


def _is_last_due(post: Post, needs: Needs, *, now: datetime) -> bool:
    ends_at = needs.day_ends_at(post.day)
    return now >= ends_at and (post.whole_at is None or post.whole_at < ends_at)


def _has_hardly_begun(post: Post, unseen: int | None) -> bool:
    """Whether hardly anybody has come yet, as far as the count says."""
    return (
        unseen is not None
        and post.shown_count is not None
        and post.shown_count < _FIRST_LOOK * unseen
    )


def _is_unmoved(post: Post, platform: Platform, *, now: datetime) -> bool:
    """A count that has not moved is believed for three hours: one person may come while another goes. A listing may say 0 of a
    post that has been liked, so a 0 is not believed from one hourly fetch to the next; such an answer is small.
    """
    if post.fetched_at is None or post.shown_count is None or is_count_rounded(post, platform):
        return False
    wait = RECHECK_AFTER if post.shown_count else RECHECK_NONE_AFTER
    return post.shown_count == post.fetched_count and now - post.fetched_at < wait


def _is_worth_more(post: Post, platform: Platform, unseen: int | None, *, now: datetime) -> bool:
    """Whether so many may have come that nobody should wait; of a count that says nothing, while the post is young."""
    if unseen is None:
        return True
    if post.shown_count is None or is_count_rounded(post, platform):
        return now - post.published_at < _YOUNG
    came = post.shown_count - (post.fetched_count or 0)
    return came >= _LARGE_GAIN * unseen
