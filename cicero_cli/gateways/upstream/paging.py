"""Reading a listing page by page, without trusting it to end."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from cicero_cli.errors import CiceroError

Item = TypeVar("Item")
Token = TypeVar("Token", str, int)

_BLANK_PAGES = 2  # in a row, before one that offers more is no longer believed


class End(Enum):
    """Why no further page was asked for."""

    LAST = "the listing said that it ends"
    ENOUGH = "the caller had seen enough"
    CUT = "it offered more, but gave the same token, nothing new, or too many pages"
    FAILED = "a page could not be had"


@dataclass(frozen=True, slots=True)
class Page(Generic[Item, Token]):
    """One answer. `next_token` is None where the upstream offers no further page, in whatever way it says so.

    `unreadable` names items of the answer that are not in `items` because their shape is not what it should be.
    """

    items: Sequence[Item]
    next_token: Token | None
    unreadable: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Pages(Generic[Item]):
    """Everything that was read, each item once, in the order of the upstream; `error`: why a later page did not come."""

    items: tuple[Item, ...]
    end: End
    unreadable: tuple[str, ...] = ()
    error: CiceroError | None = None


def read_pages(
    fetch: Callable[[Token | None], Page[Item, Token]],
    *,
    key: Callable[[Item], Hashable],
    max_pages: int,
    start: Token | None = None,
    is_enough: Callable[[Page[Item, Token]], bool] = lambda _page: False,
) -> Pages[Item]:
    """Fetch from `start` (None: the first page) on; never asks for one token twice, nor for more than `max_pages`.

    A page with nothing new that offers more is passed over once. What came before a page that fails is kept; an error
    of the first page passes through.
    """
    items: dict[Hashable, Item] = {}
    asked: set[Token | None] = set()
    unreadable: list[str] = []
    token, blank = start, 0
    end, failure = End.CUT, None
    while token not in asked and len(asked) < max_pages and blank < _BLANK_PAGES:
        try:
            page = fetch(token)
        except CiceroError as error:
            if not asked:
                raise
            end, failure = End.FAILED, error
            break
        asked.add(token)
        known = len(items)
        for item in page.items:
            items.setdefault(key(item), item)
        unreadable += page.unreadable
        if is_enough(page):
            end = End.ENOUGH
            break
        if not page.next_token:
            end = End.LAST
            break
        blank = blank + 1 if len(items) == known and not page.unreadable else 0
        token = page.next_token
    return Pages(tuple(items.values()), end, tuple(unreadable), failure)
