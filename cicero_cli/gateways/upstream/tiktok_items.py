"""Single posts and comments of tiktok-api23, each read by itself."""

from __future__ import annotations

from typing import Any

from cicero_cli.domain.collection.posts import Comment, UpstreamPost
from cicero_cli.errors import UpstreamError
from cicero_cli.gateways.upstream.values import (
    is_moment,
    items_of,
    moment,
    part,
    read_count,
    read_handle,
    read_key,
    read_text,
)


def says_yes(value: Any) -> bool:
    """`hasMore` comes as true, 1 and "1"."""
    return bool(read_count(value)) if not isinstance(value, bool) else value


def owner_of(items: list[Any], secuid: str) -> str:
    """The handle of the account with this secUid, as its own posts show it; empty when none does."""
    authors = (part(item, "author") for item in items)
    return next(
        (
            handle
            for author in authors
            if read_key(part(author, "secUid")) == secuid
            and (handle := read_handle(author, "uniqueId"))
        ),
        "",
    )


def to_post(item: Any, username: str, secuid: str) -> UpstreamPost:
    post_key = read_key(part(item, "id"))
    if not post_key:
        raise UpstreamError("a post without its code", code="unreadable")

    def count(name: str) -> int | None:
        return read_count(part(item, "statsV2", name), part(item, "stats", name))

    author = read_handle(item.get("author"), "uniqueId")
    is_own = read_key(part(item, "author", "secUid")) == secuid
    return UpstreamPost(
        post_key=post_key,
        published_at=moment(item.get("createTime")),
        caption=read_text(item.get("desc")),
        is_pinned=item.get("isPinnedItem") is True,
        like_count=count("diggCount"),
        comment_count=count("commentCount"),
        share_count=count("shareCount"),
        view_count=count("playCount"),
        kind="video" if item.get("imagePost") is None else "album",
        thumbnail_url=read_text(part(item, "video", "cover")) or None,
        author=username if is_own else author,
        collaborators=(author,) if author not in {"", username} and not is_own else (),
    )


def to_comments(
    items: list[Any], *, is_reply: bool = False
) -> tuple[list[Comment], list[str], dict[str, int]]:
    """The comments of a page with the replies that come along, those that cannot be read, and by comment how many of its
    replies did not come along.

    A deleted account's comment names nobody: it is listed without a handle, so that a page of them is not blank.
    """
    comments: list[Comment] = []
    unreadable: list[str] = []
    unseen: dict[str, int] = {}
    for item in items:
        comment_id = read_key(part(item, "cid"))
        if not comment_id:
            unreadable.append("?")
            continue
        written = item.get("create_time")
        comments.append(
            Comment(
                comment_id=comment_id,
                username=read_handle(item.get("user"), "unique_id"),
                text=read_text(item.get("text")),
                created_at=moment(written) if is_moment(written) else None,
                likes=read_count(item.get("digg_count")) or 0,
                is_reply=is_reply,
            )
        )
        replies, unread, _ = to_comments(items_of(item.get("reply_comment")), is_reply=True)
        comments += replies
        unreadable += unread
        unseen[comment_id] = max(
            0, (read_count(item.get("reply_comment_total")) or 0) - len(replies)
        )
    return comments, unreadable, unseen
