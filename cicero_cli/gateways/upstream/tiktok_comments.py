"""Who commented on a TikTok post: all comments, or those that came since the last reading."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from cicero_cli.domain.collection.comments import (
    PAGE_SIZES,
    CommentHabits,
    CommentOrder,
    KnownComments,
)
from cicero_cli.domain.collection.posts import Comment, Engagement
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.errors import CiceroError, QuotaError, SettingError, UpstreamError
from cicero_cli.gateways.upstream.owners import unreadable_people
from cicero_cli.gateways.upstream.paging import End, Page, Pages, read_pages
from cicero_cli.gateways.upstream.tiktok_items import says_yes, to_comments
from cicero_cli.gateways.upstream.values import items_of, read_count

log = logging.getLogger(__name__)

_MAX_PAGES = 200
_FEW = 0.8  # with a smaller share than this of a post's comments, it is worth asking once more

Ask = Callable[[dict[str, str], Meter], dict[str, Any]]
"""One page of comments from its parameters; UpstreamError when it cannot be had."""


def read_comments(
    ask: Ask, post_key: str, known: KnownComments | None, *, habits: CommentHabits, meter: Meter
) -> Engagement:
    """All comments of a post, or where its `known` ones are on file and the provider's order allows it the newer ones alone.

    `total` counts the replies to comments too, which are listed as far as they come along. What a whole reading shows of the
    provider is told to `habits`.
    """
    reading = _Reading(ask, post_key, habits, meter)
    if known is not None and reading.reads_newer(known):
        return Engagement(
            total=reading.total,
            comments=tuple(
                one
                for one in reading.found.values()
                if one.username and one.comment_id not in known.comment_ids
            ),
            problems=tuple(reading.problems),
            known=len(known.comment_ids),
            is_whole=False,
            cursor=reading.last_start,
        )
    reading.read_all()
    return Engagement(
        total=reading.total,
        comments=tuple(one for one in reading.found.values() if one.username),
        problems=tuple(reading.problems),
        cursor=reading.last_start,
    )


@dataclass
class _Reading:
    """One post's comments, as far as they have been read."""

    ask: Ask
    post_key: str
    habits: CommentHabits
    meter: Meter
    total: int | None = None
    found: dict[str, Comment] = field(default_factory=dict)
    problems: list[CiceroError] = field(default_factory=list)
    last_start: int = 0  # where the last page began
    next_start: int | None = None  # where the upstream said that the next one begins
    unseen_replies: dict[str, int] = field(default_factory=dict)
    is_at_end: bool = False
    has_failed: bool = False

    def reads_newer(self, known: KnownComments) -> bool:
        """Whether everybody who came since has been read; else what was read is only a part of all."""
        if self.habits.order is CommentOrder.OLDEST_FIRST:
            pages = self._read(known.cursor)
            joins = known.cursor == 0 or not known.comment_ids.isdisjoint(self.found)
            is_done = pages.end is End.LAST and not self.problems
            return joins and is_done and self._is_accounted(known)
        pages = self._read(None, lambda page: self._is_caught_up(page, known))
        return pages.end is End.ENOUGH

    def read_all(self) -> None:
        """To the end, unless that has been reached already."""
        if not self.is_at_end:
            self.problems.clear()
            self._read(None)
        # replies that do not come along are not missing
        expected = (self.total or 0) - sum(self.unseen_replies.values())
        if not self.has_failed and len(self.found) < _FEW * expected and self.next_start:
            self._read_on(self.next_start)
        if not self.problems:
            self.habits.weigh(tuple(self.found.values()))

    def _read_on(self, start: int) -> None:
        try:
            self._read(start)
        except (QuotaError, SettingError) as error:
            self.problems.append(error)
        except UpstreamError as error:  # what was read is worth keeping
            log.info("asked once more in vain post=%s reason=%r", self.post_key, str(error))

    def _read(
        self,
        start: int | None,
        is_enough: Callable[[Page[Comment, int]], bool] = lambda _page: False,
    ) -> Pages[Comment]:
        pages = read_pages(
            self._fetch,
            key=lambda comment: comment.comment_id,
            max_pages=_MAX_PAGES,
            start=start,
            is_enough=is_enough,
        )
        self.problems += [*unreadable_people(pages.unreadable), *filter(None, [pages.error])]
        self.is_at_end = not start and pages.end is not End.ENOUGH
        self.has_failed = pages.error is not None
        return pages

    def _is_caught_up(self, page: Page[Comment, int], known: KnownComments) -> bool:
        """By time the first page that ends with a known comment is the last with a new one; a pinned one may stand in front.

        In any order all who came have been seen when their number says so.
        """
        if self.habits.order is not CommentOrder.NEWEST_FIRST:
            return known.shortfall(total=self.total or 0, new=self._count_new(known)) <= 0
        last = next((one for one in reversed(page.items) if not one.is_reply), None)
        reaches_known = last is not None and last.comment_id in known.comment_ids
        return reaches_known and self._is_accounted(known)

    def _is_accounted(self, known: KnownComments) -> bool:
        return known.is_accounted(total=self.total or 0, new=self._count_new(known))

    def _count_new(self, known: KnownComments) -> int:
        return sum(comment_id not in known.comment_ids for comment_id in self.found)

    def _fetch(self, cursor: int | None) -> Page[Comment, int]:
        start = cursor or 0
        asked = self.habits.choose_page_size()
        try:
            reply = self._ask_page(start, asked)
        except (QuotaError, SettingError):
            raise
        except UpstreamError:
            smallest = PAGE_SIZES[-1]
            if self.habits.page_size is not None or asked == smallest:
                raise
            reply = self._ask_page(start, smallest)  # perhaps it was too many at once
            self.habits.learn_page_size(asked, 0)
            asked = smallest
        self.total = read_count(reply.get("total"), self.total)
        self.last_start, self.next_start = start, read_count(reply.get("cursor"))
        has_more = says_yes(reply.get("has_more"))
        if has_more and self.next_start is not None:
            self.habits.learn_page_size(asked, self.next_start - start)
        comments, unreadable, unseen = to_comments(items_of(reply.get("comments")))
        self.unseen_replies.update(unseen)
        for comment in comments:
            self.found.setdefault(comment.comment_id, comment)
        return Page(comments, self.next_start if has_more else None, unreadable)

    def _ask_page(self, start: int, count: int) -> dict[str, Any]:
        params = {"videoId": self.post_key, "count": str(count), "cursor": str(start)}
        return self.ask(params, self.meter)
