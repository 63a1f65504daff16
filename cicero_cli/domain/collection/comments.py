"""The comments of a post page by page: in which order a provider gives them, and when the newer ones have all been seen."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise

from cicero_cli.domain.collection.posts import Comment

PAGE_SIZES = (100, 50)
"""How many comments to ask a page for, until it is known which the provider honours (contract RAPIDAPI: 50)."""

_ENOUGH_PAIRS = 20  # neighbours, before an order is believed
_ALMOST_ALL = 0.95


class CommentOrder(StrEnum):
    """In which order a provider lists the comments of a post."""

    NEWEST_FIRST = "newest_first"
    OLDEST_FIRST = "oldest_first"
    RANKED = "ranked"  # the most liked first: new ones may stand anywhere
    NONE = "none"

    @property
    def is_by_time(self) -> bool:
        """Whether new comments stand together, so that they can be read without the others."""
        return self in {CommentOrder.NEWEST_FIRST, CommentOrder.OLDEST_FIRST}


@dataclass(frozen=True, slots=True)
class OrderEvidence:
    """How the comments of whole readings followed each other: of so many pairs of neighbours, how many were in which order."""

    pairs: int = 0
    falling: int = 0  # the second is no newer
    rising: int = 0  # the second is no older
    less_liked: int = 0  # the second is liked no more

    def __add__(self, other: OrderEvidence) -> OrderEvidence:
        return OrderEvidence(
            self.pairs + other.pairs,
            self.falling + other.falling,
            self.rising + other.rising,
            self.less_liked + other.less_liked,
        )

    @property
    def order(self) -> CommentOrder | None:
        """None while there is too little to tell."""
        if self.pairs < _ENOUGH_PAIRS:
            return None
        shares = {
            CommentOrder.NEWEST_FIRST: self.falling,
            CommentOrder.OLDEST_FIRST: self.rising,
            CommentOrder.RANKED: self.less_liked,
        }
        best = max(shares, key=lambda order: shares[order])
        return best if shares[best] >= _ALMOST_ALL * self.pairs else CommentOrder.NONE


def weigh_order(comments: Iterable[Comment]) -> OrderEvidence:
    """What a whole reading, in the upstream's order, says about that order; replies stand below their comment and say nothing."""
    timed = [(one.created_at, one.likes) for one in comments if one.created_at and not one.is_reply]
    neighbours = list(pairwise(timed))
    return OrderEvidence(
        pairs=len(neighbours),
        falling=sum(later[0] <= former[0] for former, later in neighbours),
        rising=sum(later[0] >= former[0] for former, later in neighbours),
        less_liked=sum(later[1] <= former[1] for former, later in neighbours),
    )


@dataclass(slots=True)
class CommentHabits:
    """What was learnt of a provider: the order of its comments, and the largest page that it gives.

    Several threads may tell it what they saw; `order` is what holds for a run, `learn` what the run has seen.
    """

    order: CommentOrder | None = None
    page_size: int | None = None  # None: not known yet
    evidence: OrderEvidence = field(default_factory=OrderEvidence)
    _steps: dict[int, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False, compare=False)

    def weigh(self, comments: Sequence[Comment]) -> None:
        """A whole reading came in this order."""
        with self._lock:
            self.evidence += weigh_order(comments)

    def choose_page_size(self) -> int:
        """How many comments to ask for: what is known to be honoured, else what was not tried yet."""
        with self._lock:
            if self.page_size is not None:
                return self.page_size
            return next(size for size in PAGE_SIZES if size not in self._steps)

    def learn_page_size(self, asked: int, given: int) -> None:
        """A page that was followed by another went `given` places on (0: it was refused)."""
        with self._lock:
            self._steps[asked] = given
            if self.page_size is None and (given >= asked or len(self._steps) == len(PAGE_SIZES)):
                self.page_size = max(self._steps, key=lambda size: (self._steps[size], -size))

    @property
    def learnt_order(self) -> CommentOrder | None:
        """The order that this run's whole readings showed, else the one that was known."""
        return self.evidence.order or self.order


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownComments:
    """What is on file of a post's comments when it is read again.

    `total` and `listed` are of the last whole reading, `cursor` is where the page began that ended the last reading.
    """

    comment_ids: frozenset[str]
    total: int
    listed: int
    cursor: int = 0

    def shortfall(self, *, total: int, new: int) -> int:
        """How many of the comments that came since, by the upstream's count, have not been seen among `new` ones."""
        return (total - len(self.comment_ids) - new) - (self.total - self.listed)

    def is_accounted(self, *, total: int, new: int) -> bool:
        """Whether those that were not seen are as few as the provider is used to keep back.

        It lists no replies and filters some out, of new comments as of old ones; more than that means that somebody new stands elsewhere.
        """
        kept_back = max(0, self.total - self.listed) / self.total if self.total else 0.0
        came = max(0, total - self.total)
        return self.shortfall(total=total, new=new) <= math.ceil(kept_back * came)
