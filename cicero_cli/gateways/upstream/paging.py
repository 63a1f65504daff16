"""Reading a listing page by page, without trusting it to end."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

Item = TypeVar("Item")
Token = TypeVar("Token", str, int)


class End(Enum):
    """Why no further page was asked for."""

    LAST = "the listing said that it ends"
    ENOUGH = "the caller had seen enough"
    CUT = "it offered more, but gave the same token, nothing new, or too many pages"


@dataclass(frozen=True, slots=True)
class Page(Generic[Item, Token]):
    """One answer. `next_token` is None where the upstream offers no further page, in whatever way it says so.

    `unreadable` counts items of the answer that are not in `items` because their shape is not what it should be.
    """

    items: Sequence[Item]
    next_token: Token | None
    unreadable: int = 0


@dataclass(frozen=True, slots=True)
class Pages(Generic[Item]):
    """Everything that was read, each item once, in the order of the upstream."""

    items: tuple[Item, ...]
    end: End
    unreadable: int = 0


def read_pages(
    fetch: Callable[[Token | None], Page[Item, Token]],
    *,
    key: Callable[[Item], Hashable],
    max_pages: int,
    start: Token | None = None,
    is_enough: Callable[[Page[Item, Token]], bool] = lambda _page: False,
) -> Pages[Item]:
    """Fetch from `start` (None: the first page) on; never asks for one token twice, nor for more than `max_pages`.

    Errors of `fetch` pass through: half a listing is worth nothing to who wants to know what is absent from it.
    """
    items: dict[Hashable, Item] = {}
    asked: set[Token | None] = set()
    token, unreadable = start, 0
    end = End.CUT
    while token not in asked and len(asked) < max_pages:
        asked.add(token)
        page = fetch(token)
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
        if len(items) == known and not page.unreadable:
            break
        token = page.next_token
    return Pages(tuple(items.values()), end, unreadable)
