"""The posts of an account since some moment, out of pages that begin with pinned posts of any age."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import dropwhile, pairwise
from typing import Any

from cicero_cli.domain.collection.posts import Listing, UpstreamPost
from cicero_cli.errors import CiceroError, UpstreamError
from cicero_cli.gateways.upstream.paging import End, Page, Pages, read_pages
from cicero_cli.words import Text

log = logging.getLogger(__name__)

MAX_PAGES = 100  # 1,200 Instagram posts; whoever asks for more gets a listing that says it is cut
_MOST_NAMED = 5
_MOST_DISORDERED = 4  # pages whose posts do not come in order, before the rest is given up
_OLD_ENOUGH = 2  # posts from before the span, in a row: one alone may stand in the wrong place


def read_items(
    raw_items: Sequence[Any],
    parse: Callable[[Any], UpstreamPost],
    name: Callable[[Any], str],
    *,
    next_token: str | None,
    account: str,
) -> Page[UpstreamPost, str]:
    """A page of those items that `parse` can read; the others are named by `name`."""
    posts: list[UpstreamPost] = []
    unreadable: list[str] = []
    for raw in raw_items:
        try:
            posts.append(parse(raw))
        except UpstreamError as error:
            unreadable.append(name(raw) or "?")
            log.warning("unreadable post account=%s reason=%r", account, str(error))
    return Page(posts, next_token, unreadable)


def read_listing(
    fetch: Callable[[str | None], Page[UpstreamPost, str]],
    *,
    since: datetime,
    limit: int | None = None,
) -> Listing:
    """The posts published at or after `since`; not complete when the upstream showed no post at all, old or new.

    Apart from the pinned ones the upstream lists the newest first, so older ones mean that all newer ones have been
    seen: two in a row at the end, for one alone may stand in the wrong place. Old posts in front may be pinned without
    saying so. With `limit` no page is read once so many unpinned posts have been seen; the listing is not complete then.
    """
    seen: list[UpstreamPost] = []
    is_limited, disordered = False, 0

    def is_enough(page: Page[UpstreamPost, str]) -> bool:
        nonlocal is_limited, disordered
        seen.extend(post for post in page.items if not post.is_pinned)
        tail = [post.published_at < since for post in seen[-_OLD_ENOUGH:]]
        is_in_order = _is_in_order(seen)
        if len(tail) == _OLD_ENOUGH and all(tail) and is_in_order:
            return True
        disordered += not is_in_order
        if disordered == _MOST_DISORDERED and page.next_token:
            return True
        is_limited = limit is not None and len(seen) >= limit and bool(page.next_token)
        return is_limited

    pages = read_pages(
        fetch, key=lambda post: post.post_key, max_pages=MAX_PAGES, is_enough=is_enough
    )
    recent = [post for post in pages.items if post.published_at >= since]
    problems = tuple(_problems(pages, is_given_up=disordered == _MOST_DISORDERED))
    return Listing(
        posts=tuple(sorted(recent, key=lambda post: post.published_at, reverse=True)),
        is_complete=not problems and not is_limited,
        problems=problems,
        unreadable=len(pages.unreadable),
    )


def _is_in_order(seen: Sequence[UpstreamPost]) -> bool:
    """Whether each post is older than the one before, apart from old ones in front, which may be pinned."""
    if not seen:
        return True
    newest = max(post.published_at for post in seen)
    rest = dropwhile(lambda post: post.published_at < newest, seen)
    return all(one.published_at >= other.published_at for one, other in pairwise(rest))


def _problems(pages: Pages[UpstreamPost], *, is_given_up: bool) -> list[CiceroError]:
    problems: list[CiceroError] = []
    if pages.unreadable:
        names = ", ".join(pages.unreadable[:_MOST_NAMED])
        problems.append(
            UpstreamError(
                Text(
                    "{count} post of the listing cannot be read ({names})",
                    plural="{count} posts of the listing cannot be read ({names})",
                    count=len(pages.unreadable),
                    names=names,
                ),
                code="posts_unreadable",
            )
        )
    if pages.error is not None:
        problems.append(pages.error)
    elif is_given_up and pages.end is End.ENOUGH:
        problems.append(
            UpstreamError(
                "the posts of the listing do not come in order, so some may be missing",
                code="listing_cut",
            )
        )
    elif pages.end is End.CUT:
        problems.append(
            UpstreamError(
                "the listing was cut before its end, so older posts may be missing",
                code="listing_cut",
            )
        )
    elif not pages.items and not pages.unreadable:
        problems.append(
            UpstreamError(
                "the listing is empty: the account is private, banned or renamed, or has never posted",
                code="listing_empty",
            )
        )
    return problems
