"""Stored posts, and who liked or commented on them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec
from fastapi import Query, Response
from pydantic import Field

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.platforms import Platform
from cicero_cli.services.attendance.recap import choose_spans, choose_spans_or_ever
from cicero_cli.web.api.images import image_url
from cicero_cli.web.http.answers import Envelope, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.clients_and_days import SpanQuery, clients_asked, remembered
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(prefix="/api", tag="posts")

_NEWEST, _MOST = 100, 5000


class PostQuery(SpanQuery):
    """Whose posts, and of which days: without any the newest there are."""

    limit: int | None = Field(
        default=None,
        ge=1,
        le=_MOST,
        description=f"at most so many, the newest first; {_NEWEST} without days, {_MOST} with",
    )


class PeopleQuery(SpanQuery):
    """Whose posts, and of which days: without any today's."""

    limit: int = Field(default=200, ge=1, le=500, description="at most so many posts")


class _Post(Schema):
    id: str = Field(description="the shortcode or video id", examples=["DExampleKey"])
    client_id: str
    created_at: datetime
    listed: int = Field(description="how many people the upstream has named")
    total: int | None = Field(description="how many it counts; null when it hides that")


class StoredPost(_Post):
    """A post as the last fetch saw it; a count that the platform hides is null."""

    url: str
    caption: str
    type: str = Field(examples=["image", "video", "album"])
    thumbnail: str = Field(description="always loads")
    like_count: int | None
    comment_count: int | None
    share_count: int | None
    view_count: int | None
    fetched_at: datetime | None


class LikedPost(_Post):
    """A post and the handles that liked it."""

    likes: list[str]


class Comment(Schema):
    """What somebody wrote."""

    comment_id: str
    username: str
    text: str
    created_at: datetime


class CommentedPost(_Post):
    """A post and its comments, oldest first."""

    comments: list[Comment]


_VIEW: dict[str, Any] = {"role": Role.VIEWER, "client": Client.OWN}


@router.read("/insta/posts", schema=Envelope[list[StoredPost]], **_VIEW)
def insta_posts(call: Call, query: Annotated[PostQuery, Query()]) -> Response:
    """List stored Instagram posts, the newest first."""
    return list_posts(call, query, Platform.INSTA)


@router.read("/instagram/posts", schema=Envelope[list[StoredPost]], **_VIEW)
def instagram_posts(call: Call, query: Annotated[PostQuery, Query()]) -> Response:
    """List stored Instagram posts, as /api/insta/posts."""
    return list_posts(call, query, Platform.INSTA)


@router.read("/tiktok/posts", schema=Envelope[list[StoredPost]], **_VIEW)
def tiktok_posts(call: Call, query: Annotated[PostQuery, Query()]) -> Response:
    """List stored TikTok posts, the newest first."""
    return list_posts(call, query, Platform.TIKTOK)


@router.read("/tiktok/comments", lane=Lane.HEAVY, schema=Envelope[list[CommentedPost]], **_VIEW)
def tiktok_comments(call: Call, query: Annotated[PeopleQuery, Query()]) -> Response:
    """List stored comments per TikTok post."""
    return list_people(call, query, Platform.TIKTOK)


def list_posts(call: Call, query: PostQuery, platform: Platform) -> Response:
    """Posts of the clients and days that are asked for."""
    words = query.words
    spans = choose_spans_or_ever(clients_asked(call, query), words, now=call.now)
    limit = query.limit or (_NEWEST if words.is_silent else _MOST)

    def make() -> Response:
        rows = msgspec.json.decode(call.store.dashboard_lists.posts(platform, spans, limit=limit))
        for row in rows:
            row["thumbnail"] = image_url(call, row["thumbnail"])
        return answer(rows)

    return remembered(call, f"posts:{platform}", spans, make, limit, image_url(call, None))


def list_people(call: Call, query: PeopleQuery, platform: Platform) -> Response:
    """Posts of the clients and days that are asked for, with their likes or comments."""
    spans = choose_spans(clients_asked(call, query), query.words, now=call.now)
    return answer(
        msgspec.Raw(call.store.dashboard_lists.people(platform, spans, limit=query.limit).encode())
    )
