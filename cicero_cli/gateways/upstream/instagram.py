"""Instagram through social-api4: the posts of an account, and who liked one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from cicero_cli.domain.collection.comments import KnownComments
from cicero_cli.domain.collection.posts import Engagement, Listing, UpstreamPost
from cicero_cli.domain.collection.profiles import InstagramProfile
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import RejectedError, UpstreamError
from cicero_cli.gateways.upstream.http import JsonApi
from cicero_cli.gateways.upstream.instagram_profile import info_decoder, to_profile
from cicero_cli.gateways.upstream.listing import read_items, read_listing
from cicero_cli.gateways.upstream.owners import check_owner, unreadable_people
from cicero_cli.gateways.upstream.paging import Page
from cicero_cli.gateways.upstream.values import (
    items_of,
    moment,
    part,
    read_count,
    read_handle,
    read_key,
    read_text,
)

_KINDS = {1: "image", 2: "video", 8: "album"}


class _PostsReply(msgspec.Struct, frozen=True):
    data: dict[str, Any]
    pagination_token: Any = None  # beside `data`, not in it


class _LikesData(msgspec.Struct, frozen=True):
    items: list[Any] | None  # required: a reply without it is no "nobody liked this"
    total: Any = None


class _LikesReply(msgspec.Struct, frozen=True):
    data: _LikesData


_posts_decoder = msgspec.json.Decoder(_PostsReply)
_likes_decoder = msgspec.json.Decoder(_LikesReply)


class InstagramSource:
    """The PostSource of Instagram (services/ports.py)."""

    platform = Platform.INSTA

    def __init__(self, api: JsonApi) -> None:
        self._api = api
        self.host = api.host
        self.habits = None

    def list_posts(
        self,
        client: Client,
        *,
        since: datetime,
        meter: Meter,
        limit: int | None = None,
        known_posts: int | None = None,
    ) -> Listing:
        """The client's posts since then; no more pages than `limit` posts take. A page holds twelve, whatever is known.

        RejectedError for a private account, which shows none.
        """
        del known_posts
        username = client.client_insta or ""
        owner = ""

        def fetch(token: str | None) -> Page[UpstreamPost, str]:
            nonlocal owner
            params = {"username_or_id_or_url": username}
            if token:
                params["pagination_token"] = token
            reply = self._api.get("/v1/posts", params, _posts_decoder, meter=meter)
            owner = read_handle(reply.data.get("user"), "username") or owner
            items = items_of(reply.data.get("items"))
            _check_account(reply.data, username, has_items=bool(items))
            return read_items(
                items,
                lambda item: _to_post(item, username),
                lambda item: read_key(part(item, "code")),
                next_token=read_key(reply.pagination_token) or None,
                account=username,
            )

        return check_owner(
            read_listing(fetch, since=since, limit=limit),
            platform=self.platform,
            username=username,
            owner=owner,
        )

    def read_profile(self, username: str, *, meter: Meter) -> InstagramProfile:
        """The account of this name, private or not; RejectedError when there is none."""
        params = {"username_or_id_or_url": username, "include_about": "true"}
        return to_profile(self._api.get("/v1/info", params, info_decoder, meter=meter))

    def read_engagement(
        self, post_key: str, *, known: KnownComments | None = None, meter: Meter
    ) -> Engagement:
        """Who liked the post: one call, no pages, whoever is known. Upstream lists about 1,000 people and some fewer than it counts."""
        del known
        params = {"code_or_id_or_url": post_key}
        reply = self._api.get("/v1/likes", params, _likes_decoder, meter=meter).data
        people = items_of(reply.items)
        return Engagement(
            total=read_count(reply.total),
            likes=_handles(people),
            problems=unreadable_people([p for p in people if not isinstance(p, dict | str)]),
        )


def _check_account(data: dict[str, Any], username: str, *, has_items: bool) -> None:
    """RejectedError when the upstream says why it shows nothing; what it shows all the same is read."""
    if has_items:
        return
    if part(data, "user", "is_private") is True:
        raise RejectedError(
            "{platform} account {username} is private, so its posts cannot be read",
            platform="Instagram",
            hint="the account's owner can make it public",
            code="account_private",
            username=username,
        )
    words = read_text(data.get("message")) or read_text(data.get("detail"))
    if words:
        raise RejectedError(
            "{platform} says of {username}: {words}",
            platform="Instagram",
            code="account_refused",
            username=username,
            words=words,
        )


def _to_post(item: Any, username: str) -> UpstreamPost:
    """A post as it appears on the account `username`, which need not be its only author, nor its first.

    Its counts are at top level in a listing, and in `metrics` where a post is asked for alone.
    """
    post_key = read_key(part(item, "code"))
    if not post_key:
        raise UpstreamError("a post without its code", code="unreadable")
    # A hidden count is null, -1, or a fake 3: only this flag tells of the last.
    hides_counts = item.get("like_and_view_counts_disabled") is True

    def count(name: str) -> int | None:
        return read_count(part(item, "metrics", name), item.get(name))

    authors = _handles([item.get("user"), *items_of(item.get("coauthor_producers"))])
    return UpstreamPost(
        post_key=post_key,
        published_at=moment(item.get("taken_at")),
        caption=read_text(item.get("caption")),
        is_pinned=item.get("is_pinned") is True,
        like_count=None if hides_counts else count("like_count"),
        comment_count=count("comment_count"),
        share_count=count("share_count"),
        view_count=None if hides_counts else count("play_count"),
        kind=_KINDS.get(read_count(item.get("media_type")) or 0, "image"),
        thumbnail_url=read_text(item.get("thumbnail_url")) or _first_image(item),
        author=username if username in authors else next(iter(authors), ""),
        collaborators=tuple(author for author in authors if author != username),
    )


def _handles(users: list[Any]) -> tuple[str, ...]:
    """Their handles, lower-case, each once, in order."""
    handles = (read_handle(user, "username") for user in users)
    return tuple(dict.fromkeys(filter(None, handles)))


def _first_image(item: Any) -> str | None:
    images = items_of(part(item, "image_versions", "items"))
    return read_text(part(images[0], "url")) or None if images else None
