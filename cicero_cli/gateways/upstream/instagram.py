"""Instagram through social-api4: the posts of an account, and who liked one."""

from __future__ import annotations

from datetime import datetime

import msgspec

from cicero_cli.domain.collection.posts import Engagement, Listing, UpstreamPost
from cicero_cli.domain.collection.profiles import InstagramProfile
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import RejectedError
from cicero_cli.gateways.upstream.http import JsonApi
from cicero_cli.gateways.upstream.instagram_profile import info_decoder, to_profile
from cicero_cli.gateways.upstream.listing import moment, read_items, read_listing
from cicero_cli.gateways.upstream.paging import Page

_KINDS = {1: "image", 2: "video", 8: "album"}


class _User(msgspec.Struct, frozen=True):
    username: str | None = None
    is_private: bool | None = None


class _Caption(msgspec.Struct, frozen=True):
    text: str | None = None


class _Counts(msgspec.Struct, frozen=True):
    like_count: int | None = None
    comment_count: int | None = None
    share_count: int | None = None
    play_count: int | None = None


class _Image(msgspec.Struct, frozen=True):
    url: str | None = None


class _Images(msgspec.Struct, frozen=True):
    items: list[_Image] | None = None


class _Post(_Counts, frozen=True, kw_only=True):
    """A post. Its counts are at top level in a listing, and in `metrics` where a post is asked for alone."""

    code: str
    taken_at: int
    metrics: _Counts | None = None
    caption: _Caption | None = None
    like_and_view_counts_disabled: bool | None = None
    media_type: int | None = None
    is_pinned: bool | None = None
    user: _User | None = None
    coauthor_producers: list[_User] | None = None
    thumbnail_url: str | None = None
    image_versions: _Images | None = None


class _PostsData(msgspec.Struct, frozen=True):
    items: list[msgspec.Raw] | None = None
    user: _User | None = None


class _PostsReply(msgspec.Struct, frozen=True):
    data: _PostsData
    pagination_token: str | None = None  # beside `data`, not in it


class _LikesData(msgspec.Struct, frozen=True):
    items: list[_User] | None  # required: a reply without it is no "nobody liked this"
    total: int | None = None


class _LikesReply(msgspec.Struct, frozen=True):
    data: _LikesData


_post_decoder = msgspec.json.Decoder(_Post)
_posts_decoder = msgspec.json.Decoder(_PostsReply)
_likes_decoder = msgspec.json.Decoder(_LikesReply)


class InstagramSource:
    """The PostSource of Instagram (services/ports.py)."""

    platform = Platform.INSTA

    def __init__(self, api: JsonApi) -> None:
        self._api = api
        self.host = api.host

    def list_posts(
        self, client: Client, *, since: datetime, meter: Meter, limit: int | None = None
    ) -> Listing:
        """The client's posts since then; no more pages than `limit` posts take.

        RejectedError for a private account, which shows none.
        """
        username = client.client_insta or ""

        def fetch(token: str | None) -> Page[UpstreamPost, str]:
            params = {"username_or_id_or_url": username}
            if token:
                params["pagination_token"] = token
            reply = self._api.get("/v1/posts", params, _posts_decoder, meter=meter)
            if reply.data.user and reply.data.user.is_private:
                raise RejectedError(
                    "{platform} account {username} is private, so its posts cannot be read",
                    platform="Instagram",
                    hint="the account's owner can make it public",
                    code="account_private",
                    username=username,
                )
            return read_items(
                reply.data.items or [],
                lambda raw: _to_post(raw, username),
                next_token=reply.pagination_token,
                account=username,
            )

        return read_listing(fetch, since=since, limit=limit)

    def read_profile(self, username: str, *, meter: Meter) -> InstagramProfile:
        """The account of this name, private or not; RejectedError when there is none."""
        params = {"username_or_id_or_url": username, "include_about": "true"}
        return to_profile(self._api.get("/v1/info", params, info_decoder, meter=meter))

    def read_engagement(self, post_key: str, *, meter: Meter) -> Engagement:
        """Who liked the post: one call, no pages. Upstream lists about 1,000 people and some fewer than it counts."""
        params = {"code_or_id_or_url": post_key}
        people = self._api.get("/v1/likes", params, _likes_decoder, meter=meter).data
        return Engagement(total=people.total, likes=_handles(people.items or []))


def _to_post(raw: msgspec.Raw, username: str) -> UpstreamPost:
    """A post as it appears on the account `username`, which need not be its only author, nor its first."""
    post = _post_decoder.decode(raw)
    metrics = post.metrics or _Counts()
    # A hidden count is null, or a fake 3: only this flag tells.
    hides_counts = bool(post.like_and_view_counts_disabled)
    authors = _handles([post.user or _User(), *(post.coauthor_producers or [])])
    return UpstreamPost(
        post_key=post.code,
        published_at=moment(post.taken_at),
        caption=(post.caption and post.caption.text) or "",
        is_pinned=bool(post.is_pinned),
        like_count=None if hides_counts else _first(metrics.like_count, post.like_count),
        comment_count=_first(metrics.comment_count, post.comment_count),
        share_count=_first(metrics.share_count, post.share_count),
        view_count=None if hides_counts else _first(metrics.play_count, post.play_count),
        kind=_KINDS.get(post.media_type or 0, "image"),
        thumbnail_url=post.thumbnail_url or _first_image(post.image_versions),
        collaborators=tuple(author for author in authors if author != username),
    )


def _first(preferred: int | None, other: int | None) -> int | None:
    return other if preferred is None else preferred


def _handles(users: list[_User]) -> tuple[str, ...]:
    """Their handles, lower-case, each once, in order."""
    return tuple(dict.fromkeys(user.username.lower() for user in users if user.username))


def _first_image(images: _Images | None) -> str | None:
    return images.items[0].url if images and images.items else None
