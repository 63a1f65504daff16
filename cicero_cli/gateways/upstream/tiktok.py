"""TikTok through tiktok-api23: the posts of an account, and who commented on one.

The bodies are TikTok's own; the wrapping differs per endpoint, so they are looked for in `data` and at top level.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec

from cicero_cli.domain.collection.comments import CommentHabits, KnownComments
from cicero_cli.domain.collection.posts import Engagement, Listing, UpstreamPost
from cicero_cli.domain.collection.profiles import TiktokProfile
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import RejectedError, UpstreamError
from cicero_cli.gateways.upstream.http import JsonApi
from cicero_cli.gateways.upstream.listing import read_items, read_listing
from cicero_cli.gateways.upstream.owners import check_owner
from cicero_cli.gateways.upstream.paging import Page
from cicero_cli.gateways.upstream.tiktok_comments import read_comments
from cicero_cli.gateways.upstream.tiktok_items import owner_of, says_yes, to_post
from cicero_cli.gateways.upstream.tiktok_profile import User, UserInfo, to_info, to_profile
from cicero_cli.gateways.upstream.values import (
    items_of,
    part,
    read_code,
    read_key,
    read_text,
)
from cicero_cli.words import Text

log = logging.getLogger(__name__)

_MOST_POSTS_A_PAGE = 30  # what to ask for; fewer come
_BESIDE_KNOWN = 6  # pinned ones (three at most), two from before the days, and a new one
_NO_CURSOR = {"", "0", "-1"}


_ACCOUNT_UNKNOWN = 10221
_ACCOUNT_PRIVATE = 10222
_NOT_SHOWN = {10201, 10202, 10204}  # the account or its list is not shown, without a word why

_decoder = msgspec.json.Decoder(dict[str, Any])


class TiktokSource:
    """The PostSource of TikTok (services/ports.py)."""

    platform = Platform.TIKTOK

    def __init__(self, api: JsonApi) -> None:
        self._api = api
        self.host = api.host
        self.habits = CommentHabits()

    def list_posts(
        self,
        client: Client,
        *,
        since: datetime,
        meter: Meter,
        limit: int | None = None,
        known_posts: int | None = None,
    ) -> Listing:
        """The client's posts since then, and the secUid to ask for next time; no more pages than `limit` posts take, and pages
        that hold little more than the posts that are known already.

        RejectedError for a private or unknown account. When a stored secUid shows nothing it may be stale, so the
        account is looked up once. An account that has no video at all gives an empty listing, not a complete one.
        """
        username, stored = client.client_tiktok or "", client.tiktok_secuid
        most = _MOST_POSTS_A_PAGE if known_posts is None else known_posts + _BESIDE_KNOWN

        def read(secuid: str) -> Listing:
            return self._list_posts_of(
                secuid,
                username,
                since=since,
                meter=meter,
                limit=limit,
                page_size=min(most, _MOST_POSTS_A_PAGE),
            )

        if stored is None:
            secuid = self._read_secuid(username, meter)
            return read(secuid)
        try:
            listing = read(stored)
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
        return read(secuid)

    def read_engagement(
        self, post_key: str, *, known: KnownComments | None = None, meter: Meter
    ) -> Engagement:
        """Who commented on the post; the newer ones alone where the `known` ones are on file (tiktok_comments)."""

        def ask(params: dict[str, str], meter: Meter) -> dict[str, Any]:
            return self._get("/api/post/comments", params, meter, expects=("comments", "total"))

        return read_comments(ask, post_key, known, habits=self.habits, meter=meter)

    def _list_posts_of(
        self,
        secuid: str,
        username: str,
        *,
        since: datetime,
        meter: Meter,
        limit: int | None,
        page_size: int,
    ) -> Listing:
        owner = ""

        def fetch(cursor: str | None) -> Page[UpstreamPost, str]:
            nonlocal owner
            params = {"secUid": secuid, "count": str(page_size), "cursor": cursor or "0"}
            reply = self._get("/api/user/posts", params, meter, expects=("itemList", "hasMore"))
            items = items_of(reply.get("itemList"))
            following = read_key(reply.get("cursor")) if says_yes(reply.get("hasMore")) else ""
            owner = owner or owner_of(items, secuid)
            return read_items(
                items,
                lambda item: to_post(item, username, secuid),
                lambda item: read_key(part(item, "id")),
                next_token=None if following in _NO_CURSOR else following,
                account=username,
            )

        listing = check_owner(
            read_listing(fetch, since=since, limit=limit),
            platform=self.platform,
            username=username,
            owner=owner,
        )
        return replace(listing, secuid=secuid)

    def read_profile(self, username: str, *, meter: Meter) -> TiktokProfile:
        """The account of this name, private or not; RejectedError when there is none."""
        return to_profile(*self._read_info(username, meter))

    def _read_info(self, username: str, meter: Meter) -> tuple[User, UserInfo]:
        reply = self._get("/api/user/info", {"uniqueId": username}, meter, expects=("userInfo",))
        info = to_info(reply.get("userInfo"))
        if info is None or not info.user.sec_uid:
            raise _unknown(username)
        return info.user, info

    def _read_secuid(self, username: str, meter: Meter) -> str:
        """What the account's posts are asked for with; RejectedError when it shows none to anybody."""
        user, _ = self._read_info(username, meter)
        if user.private_account:
            raise _private(username)
        return user.sec_uid

    def _get(
        self, path: str, params: dict[str, str], meter: Meter, *, expects: tuple[str, ...]
    ) -> dict[str, Any]:
        """The part of the reply that holds the result; an error unless the status in it says 0.

        `expects`: of which at least one is in a reply that means what it says. An account's data come with the status of a
        private one too, and are worth having.
        """
        reply = self._api.get(path, params, _decoder, meter=meter)
        inner = reply.get("data")
        result: dict[str, Any] = inner if isinstance(inner, dict) else reply
        where = Text("GET {path} at {host}", path=path, host=self.host)
        codes = {
            code
            for level in (reply, result)
            for name in ("status_code", "statusCode")
            if (code := read_code(level.get(name))) is not None
        }
        if not codes:
            raise _no_data(where, reply)
        code = max(codes, key=abs)
        if code == _ACCOUNT_PRIVATE and part(result, "userInfo", "user"):
            return result
        if code:
            raise _refusal(where, code, params.get("uniqueId", ""), _words(result) or _words(reply))
        if not any(name in result for name in expects):
            raise _no_data(where, result)
        return result


def _refusal(where: Text, code: int, username: str, words: str) -> UpstreamError:
    if code == _ACCOUNT_UNKNOWN and username:
        return _unknown(username)
    if code == _ACCOUNT_PRIVATE and username:
        return _private(username)
    if code in _NOT_SHOWN | {_ACCOUNT_UNKNOWN, _ACCOUNT_PRIVATE} and not words:
        return RejectedError(
            "{where}: TikTok does not show this (status code {status_code})",
            hint="look at the account in the app: it may be private, banned or renamed",
            code="not_shown",
            where=where,
            status_code=code,
        )
    kind = RejectedError if words else UpstreamError
    return kind(
        "{where}: 200 with status code {status_code}: {words}",
        code="status_code",
        where=where,
        status_code=code,
        words=words or Text("no reason given"),
    )


def _no_data(where: Text, reply: dict[str, Any]) -> UpstreamError:
    """An answer of another kind: TikTok's captcha, or a provider's own words."""
    words = _words(reply) or read_text(reply.get("type"))
    if words:
        return UpstreamError(
            "{where}: no data came, but: {words}", code="unreadable", where=where, words=words
        )
    return UpstreamError(
        "{where}: a body without a status code or without data", code="unreadable", where=where
    )


def _words(level: dict[str, Any]) -> str:
    names = ("status_msg", "statusMsg", "message", "detail", "msg")
    return next(filter(None, (read_text(level.get(name)).strip() for name in names)), "")


def _unknown(username: str) -> RejectedError:
    return RejectedError(
        "TikTok knows no account {username}",
        hint="it may have been renamed",
        code="account_unknown",
        username=username,
    )


def _private(username: str) -> RejectedError:
    return RejectedError(
        "{platform} account {username} is private, so its posts cannot be read",
        platform="TikTok",
        hint="the account's owner can make it public",
        code="account_private",
        username=username,
    )
