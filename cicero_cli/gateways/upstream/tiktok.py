"""TikTok through tiktok-api23: the posts of an account, and who commented on one.

The bodies are TikTok's own; the wrapping differs per endpoint, so they are looked for in `data` and at top level.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from cicero_cli.domain.collection.posts import Comment, Engagement, Listing, UpstreamPost
from cicero_cli.domain.collection.profiles import TiktokProfile
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import RejectedError, UpstreamError
from cicero_cli.gateways.upstream.http import JsonApi
from cicero_cli.gateways.upstream.listing import moment, read_items, read_listing
from cicero_cli.gateways.upstream.paging import Page, read_pages
from cicero_cli.gateways.upstream.tiktok_profile import (
    Count,
    User,
    UserInfo,
    read_number,
    to_profile,
)
from cicero_cli.words import Text

_POSTS_A_PAGE = "30"  # what to ask for; fewer come
_COMMENTS_A_PAGE = "50"  # the same
_MAX_COMMENT_PAGES = 200
_NO_CURSOR = {"", "0", "-1"}
_FEW = 0.8  # with a smaller share than this of a post's comments, it is worth asking once more


class _Status(msgspec.Struct, frozen=True, kw_only=True):
    """HTTP 200 can be an error: the code must be 0, in whichever of the two spellings it comes."""

    code: int | None = msgspec.field(default=None, name="status_code")
    camel_code: int | None = msgspec.field(default=None, name="statusCode")
    words: str | None = msgspec.field(default=None, name="status_msg")
    camel_words: str | None = msgspec.field(default=None, name="statusMsg")


class _InfoReply(_Status, frozen=True, kw_only=True, rename="camel"):
    user_info: UserInfo | None = None
    data: _InfoReply | None = None


class _Counts(msgspec.Struct, frozen=True, rename="camel"):
    """Numbers in `stats`, where they are rounded, texts in `statsV2`; from 10,000 up both are rounded."""

    digg_count: Count = None
    comment_count: Count = None
    share_count: Count = None
    play_count: Count = None


class _Video(msgspec.Struct, frozen=True):
    cover: str | None = None


class _Author(msgspec.Struct, frozen=True, rename="camel"):
    unique_id: str = ""


class _Item(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: str
    create_time: int | str
    desc: str | None = None
    is_pinned_item: bool | None = None
    author: _Author = _Author()
    stats: _Counts = _Counts()
    stats_v2: _Counts = msgspec.field(default=_Counts(), name="statsV2")
    video: _Video = _Video()
    image_post: Any = None  # there for a slide show


class _PostsReply(_Status, frozen=True, kw_only=True, rename="camel"):
    item_list: list[msgspec.Raw] | None = None
    has_more: bool | int | None = None
    cursor: Count = None
    data: _PostsReply | None = None


class _Commenter(msgspec.Struct, frozen=True):
    unique_id: str | None = None  # the handle; `nickname` is whatever somebody likes to be called


class _Comment(msgspec.Struct, frozen=True):
    cid: str
    create_time: int
    text: str | None = None
    reply_comment_total: int | None = None
    user: _Commenter | None = None


class _CommentsReply(_Status, frozen=True, kw_only=True):
    comments: list[_Comment] | None = None
    has_more: bool | int | None = None
    cursor: Count = None
    total: int | None = None
    data: _CommentsReply | None = None


_info_decoder = msgspec.json.Decoder(_InfoReply)
_posts_decoder = msgspec.json.Decoder(_PostsReply)
_item_decoder = msgspec.json.Decoder(_Item)
_comments_decoder = msgspec.json.Decoder(_CommentsReply)

Reply = TypeVar("Reply", _InfoReply, _PostsReply, _CommentsReply)


class TiktokSource:
    """The PostSource of TikTok (services/ports.py)."""

    platform = Platform.TIKTOK

    def __init__(self, api: JsonApi) -> None:
        self._api = api
        self.host = api.host

    def list_posts(
        self, client: Client, *, since: datetime, meter: Meter, limit: int | None = None
    ) -> Listing:
        """The client's posts since then, and the secUid to ask for next time; no more pages than `limit` posts take.

        RejectedError for a private or unknown account. When a stored secUid shows nothing it may be stale, so the
        account is looked up once. An account that has no video at all gives an empty listing, not a complete one.
        """
        username, stored = client.client_tiktok or "", client.tiktok_secuid
        if stored is None:
            secuid = self._read_secuid(username, meter)
            return self._list_posts_of(secuid, username, since, meter, limit)
        try:
            listing = self._list_posts_of(stored, username, since, meter, limit)
        except RejectedError:
            secuid = self._read_secuid(username, meter)
            if secuid == stored:
                raise
        else:
            if listing.posts or listing.is_complete:
                return listing
            secuid = self._read_secuid(username, meter)
            if secuid == stored:
                return listing
        return self._list_posts_of(secuid, username, since, meter, limit)

    def read_engagement(self, post_key: str, *, meter: Meter) -> Engagement:
        """Who commented on the post; `total` counts the replies to comments too, which are not listed."""
        total: int | None = None
        latest: int | None = None

        def fetch(cursor: int | None) -> Page[_Comment, int]:
            nonlocal total, latest
            params = {"videoId": post_key, "count": _COMMENTS_A_PAGE, "cursor": str(cursor or 0)}
            reply = self._get("/api/post/comments", params, _comments_decoder, meter)
            total = reply.total if total is None else total
            latest = read_number(reply.cursor)
            return Page(reply.comments or [], latest if reply.has_more else None)

        def read(start: int | None) -> dict[str, _Comment]:
            pages = read_pages(
                fetch, key=lambda comment: comment.cid, max_pages=_MAX_COMMENT_PAGES, start=start
            )
            return {comment.cid: comment for comment in pages.items}

        found = read(None)
        replies = sum(comment.reply_comment_total or 0 for comment in found.values())
        if len(found) < _FEW * ((total or 0) - replies):
            with suppress(UpstreamError):  # what was read is worth keeping
                found = read(latest) | found
        return Engagement(total=total, comments=_to_comments(found.values()))

    def _list_posts_of(
        self, secuid: str, username: str, since: datetime, meter: Meter, limit: int | None
    ) -> Listing:
        def fetch(cursor: str | None) -> Page[UpstreamPost, str]:
            params = {"secUid": secuid, "count": _POSTS_A_PAGE, "cursor": cursor or "0"}
            reply = self._get("/api/user/posts", params, _posts_decoder, meter)
            following = str(reply.cursor or "") if reply.has_more else ""
            return read_items(
                reply.item_list or [],
                lambda raw: _to_post(raw, username),
                next_token=None if following in _NO_CURSOR else following,
                account=username,
            )

        return replace(read_listing(fetch, since=since, limit=limit), secuid=secuid)

    def read_profile(self, username: str, *, meter: Meter) -> TiktokProfile:
        """The account of this name, private or not; RejectedError when there is none."""
        return to_profile(*self._read_info(username, meter))

    def _read_info(self, username: str, meter: Meter) -> tuple[User, UserInfo]:
        reply = self._get("/api/user/info", {"uniqueId": username}, _info_decoder, meter)
        info = reply.user_info
        if info is None or info.user is None or not info.user.sec_uid:
            raise RejectedError(
                "TikTok knows no account {username}",
                hint="it may have been renamed",
                code="account_unknown",
                username=username,
            )
        return info.user, info

    def _read_secuid(self, username: str, meter: Meter) -> str:
        """What the account's posts are asked for with; RejectedError when it shows none to anybody."""
        user, _ = self._read_info(username, meter)
        if user.private_account:
            raise RejectedError(
                "{platform} account {username} is private, so its posts cannot be read",
                platform="TikTok",
                hint="the account's owner can make it public",
                code="account_private",
                username=username,
            )
        return user.sec_uid

    def _get(
        self, path: str, params: dict[str, str], decoder: msgspec.json.Decoder[Reply], meter: Meter
    ) -> Reply:
        """The part of the reply that holds the result; an error unless the status in it says 0."""
        reply = self._api.get(path, params, decoder, meter=meter)
        result = reply.data or reply
        where = Text("GET {path} at {host}", path=path, host=self.host)
        codes = {reply.code, reply.camel_code, result.code, result.camel_code} - {None}
        if not codes:
            raise UpstreamError(
                "{where}: a body without a status code", code="unreadable", where=where
            )
        if codes != {0}:
            words = result.words or result.camel_words or reply.words or reply.camel_words
            kind = RejectedError if words else UpstreamError
            code = max(code for code in codes if code)
            raise kind(
                "{where}: 200 with status code {status_code}: {words}",
                code="status_code",
                where=where,
                status_code=code,
                words=words or Text("no reason given"),
            )
        return result


def _to_post(raw: msgspec.Raw, username: str) -> UpstreamPost:
    item = _item_decoder.decode(raw)
    exact, rounded = item.stats_v2, item.stats
    author = item.author.unique_id.lower()
    return UpstreamPost(
        post_key=item.id,
        published_at=moment(item.create_time),
        caption=item.desc or "",
        is_pinned=bool(item.is_pinned_item),
        like_count=read_number(exact.digg_count, rounded.digg_count),
        comment_count=read_number(exact.comment_count, rounded.comment_count),
        share_count=read_number(exact.share_count, rounded.share_count),
        view_count=read_number(exact.play_count, rounded.play_count),
        kind="video" if item.image_post is None else "album",
        thumbnail_url=item.video.cover,
        collaborators=(author,) if author not in {"", username} else (),
    )


def _to_comments(comments: Iterable[_Comment]) -> tuple[Comment, ...]:
    """Those whose writer is known; a deleted account's comment names nobody."""
    return tuple(
        Comment(
            comment_id=comment.cid,
            username=comment.user.unique_id.lower(),
            text=comment.text or "",
            created_at=moment(comment.create_time),
        )
        for comment in comments
        if comment.user and comment.user.unique_id
    )
