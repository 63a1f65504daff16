"""The posts of an account since some moment, out of pages that begin with pinned posts of any age."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import msgspec

from cicero_cli.domain.collection.posts import Listing, UpstreamPost
from cicero_cli.domain.collection.runs import Failure
from cicero_cli.errors import UpstreamError
from cicero_cli.gateways.upstream.paging import End, Page, Pages, read_pages
from cicero_cli.words import Text, reason_of

log = logging.getLogger(__name__)

MAX_PAGES = 100  # 1,200 Instagram posts; whoever asks for more gets a listing that says it is cut


def moment(seconds: int | str) -> datetime:
    """The time that an upstream's seconds UTC mean; UpstreamError when they mean none."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC)
    except (ValueError, OverflowError, OSError):
        raise UpstreamError(
            "expected a time in seconds, got {seconds!r}", seconds=seconds
        ) from None


def read_items(
    raw_items: Sequence[msgspec.Raw],
    parse: Callable[[msgspec.Raw], UpstreamPost],
    *,
    next_token: str | None,
    account: str,
) -> Page[UpstreamPost, str]:
    """A page of those items that `parse` can read; UpstreamError when it can read none of them."""
    posts: list[UpstreamPost] = []
    reason: str = ""
    for raw in raw_items:
        try:
            posts.append(parse(raw))
        except (msgspec.ValidationError, UpstreamError) as error:
            reason = reason_of(error)
            log.warning("unreadable post account=%s reason=%r", account, reason)
    if reason and not posts:
        raise UpstreamError(
            "none of {count} posts of {account} is readable: {reason}",
            code="unreadable",
            count=len(raw_items),
            account=account,
            reason=reason,
        )
    return Page(posts, next_token, unreadable=len(raw_items) - len(posts))


def read_listing(
    fetch: Callable[[str | None], Page[UpstreamPost, str]],
    *,
    since: datetime,
    limit: int | None = None,
) -> Listing:
    """The posts published at or after `since`; not complete when the upstream showed no post at all, old or new.

    Apart from the pinned ones the upstream lists the newest first, so an older one means that all newer ones have been
    seen. The page's last one decides: an old post in front may be pinned without saying so.
    With `limit` no page is read once so many unpinned posts have been seen; the listing is not complete then.
    """
    count, is_limited = 0, False

    def is_enough(page: Page[UpstreamPost, str]) -> bool:
        nonlocal count, is_limited
        unpinned = [post for post in page.items if not post.is_pinned]
        count += len(unpinned)
        if unpinned and unpinned[-1].published_at < since:
            return True
        is_limited = limit is not None and count >= limit and bool(page.next_token)
        return is_limited

    pages = read_pages(
        fetch, key=lambda post: post.post_key, max_pages=MAX_PAGES, is_enough=is_enough
    )
    recent = [post for post in pages.items if post.published_at >= since]
    problem = _describe_problem(pages)
    return Listing(
        posts=tuple(sorted(recent, key=lambda post: post.published_at, reverse=True)),
        is_complete=problem is None and not is_limited,
        problem=problem,
    )


def _describe_problem(pages: Pages[UpstreamPost]) -> Failure | None:
    if pages.unreadable:
        return Failure(
            "posts_unreadable",
            Text(
                "{count} post of the listing cannot be read",
                plural="{count} posts of the listing cannot be read",
                count=pages.unreadable,
            ),
        )
    if not pages.items:
        return Failure(
            "listing_empty",
            Text(
                "the listing is empty: the account is private, banned or renamed, or has never posted"
            ),
        )
    if pages.end is End.CUT:
        return Failure(
            "listing_cut",
            Text("the listing was cut before its end, so older posts may be missing"),
        )
    return None
