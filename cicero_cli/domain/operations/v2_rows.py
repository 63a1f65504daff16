"""What stands in Cicero_V2's rows of posts, likes and comments, whichever of its versions wrote them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from typing import Any

from cicero_cli.domain.platforms import Platform

LIKE_CAP = 1_000
"""Cicero_V2 kept no more likers of a post than this."""

_WIB = timezone(timedelta(hours=7))
_NEAR = timedelta(hours=2)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
_INSTAGRAM_EPOCH = 1_314_220_021_721  # milliseconds; an id's upper bits count from it
_LONGEST_SHORTCODE = 11
_FIRST_YEAR = datetime(2012, 1, 1, tzinfo=UTC)
_UNREADABLE = (TypeError, ValueError, OverflowError, OSError)


class Clock(Enum):
    """What a time without zone was written in."""

    UTC = UTC
    JAKARTA = _WIB

    @property
    def label(self) -> str:
        """As the report names it."""
        return "UTC" if self is Clock.UTC else "Asia/Jakarta"


@dataclass(frozen=True, slots=True)
class ClockVote:
    """Which clock a column was written in, how many rows say so, how many say otherwise; None: no row says anything."""

    clock: Clock | None
    rows_for: int = 0
    rows_against: int = 0


@dataclass(frozen=True, slots=True)
class V2Comment:
    """One comment, or where only its author was kept, that there was one."""

    comment_id: str
    username: str
    text: str
    created_at: datetime | None


def id_moment(platform: Platform, key: str) -> datetime | None:
    """When a post was made, as its own id says; None for an id that says nothing of the kind."""
    try:
        if platform is Platform.TIKTOK:
            moment = datetime.fromtimestamp(int(key) >> 32, UTC)
        else:
            number = 0
            for letter in key[:_LONGEST_SHORTCODE]:
                number = number * 64 + _LETTERS.index(letter)
            moment = datetime.fromtimestamp(((number >> 23) + _INSTAGRAM_EPOCH) / 1000, UTC)
    except _UNREADABLE:
        return None
    return moment if moment >= _FIRST_YEAR else None


def vote_on_clock(moments: Iterable[tuple[str, datetime | None]]) -> ClockVote:
    """Decide by what posts' ids say of the same moment: `moments` are a column's text and that.

    A reading counts when it is within two hours of the id; a post that was prepared long before says nothing.
    """
    votes: Counter[Clock] = Counter()
    for text, known in moments:
        naive = read_naive(text)
        if naive is None or known is None:
            continue
        for clock in Clock:
            if abs(naive.replace(tzinfo=clock.value) - known) <= _NEAR:
                votes[clock] += 1
    if votes[Clock.UTC] == votes[Clock.JAKARTA]:
        return ClockVote(None)
    winner, rows = votes.most_common(1)[0]
    return ClockVote(winner, rows, votes.total() - rows)


def read_naive(text: object) -> datetime | None:
    """A time without zone; None for one that has a zone, or is none."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo is None else None


def read_moment(value: object, clock: Clock) -> datetime | None:
    """A time of one of Cicero_V2's columns, or of an upstream's object (seconds); None for what is none."""
    try:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
        moment = datetime.fromisoformat(str(value))
    except _UNREADABLE:
        return None
    return (
        (moment if moment.tzinfo else moment.replace(tzinfo=clock.value)).astimezone(UTC)
        if value
        else None
    )


def plain_handle(handle: str) -> str:
    """A handle as it is compared here."""
    return handle.replace("\0", "").strip().removeprefix("@").strip().lower()


def raw_handles(value: object) -> list[str]:
    """The handles of a list of likes or comments with the letters that they have there, each once.

    The list holds handles, or objects with one; a text is JSON that an old column kept as text.
    """
    named = (_handle(item) for item in _items(value))
    return list(dict.fromkeys(handle for handle in named if plain_handle(handle)))


def read_comments(value: object) -> list[V2Comment]:
    """Comments of a list of handles or of objects; a comment without an id of its own counts once for its author."""
    found: dict[str, V2Comment] = {}
    for item in _items(value):
        username = plain_handle(_handle(item))
        if not username:
            continue
        fields = item if isinstance(item, dict) else {}
        comment_id = str(
            fields.get("cid") or fields.get("comment_id") or fields.get("id") or f"v2:{username}"
        )
        made = fields.get("create_time") or fields.get("created_at")
        text = fields.get("text") or fields.get("comment") or ""
        comment = V2Comment(
            comment_id, username, str(text).replace("\0", ""), read_moment(made, Clock.UTC)
        )
        found.setdefault(comment_id, comment)
    return list(found.values())


def _items(value: object) -> Iterator[Any]:
    """Everything in the list, answers to comments after the comment."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return
    for item in value if isinstance(value, list) else ():
        yield item
        if isinstance(item, dict):
            for answers in ("replies", "reply_comment"):
                if isinstance(item.get(answers), list):
                    yield from item[answers]


def _handle(item: object) -> str:
    if isinstance(item, str):
        return item.strip().removeprefix("@").strip()
    if not isinstance(item, dict):
        return ""
    for name in ("username", "unique_id", "uniqueId"):
        if isinstance(item.get(name), str):
            return _handle(item[name])
    return _handle(item.get("user") or item.get("author"))
