"""A client's accounts and posts at a glance, from what is stored: nobody is asked."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import ConfigDict, Field

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.collection.posts import UpstreamPost, post_url
from cicero_cli.domain.periods import local_day, span_bounds
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client as ClientRow
from cicero_cli.domain.spans import Span, SpanWords, read_span
from cicero_cli.errors import InputError
from cicero_cli.services.attendance.absensi import Moment, list_posts
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.api.account_documents import Profile, RapidPost, post_document, profile_document
from cicero_cli.web.http.answers import Envelope, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter
from cicero_cli.words import reason_of

router = GuardedRouter(prefix="/api", tag="aggregator")

_MOST_POSTS = 500  # on each platform


class AggregatorQuery(Schema):
    """Which client and days."""

    client_id: str | None = Field(
        default=None, description="in any case; without it the token's client"
    )
    periode: str | None = Field(
        default=None, description="harian (the default), mingguan or bulanan"
    )
    tanggal: str | None = Field(default=None, description="YYYY-MM-DD; today without it")


class TaskLinks(Schema):
    """Addresses of today's posts, whatever the period."""

    instagram: list[str]
    tiktok: list[str]


class Aggregate(Schema):
    """Profiles as they were last fetched (`cicero fetch profile`, rapid-profile), null when they never were."""

    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    ig_profile: Profile | None = Field(alias="igProfile")
    ig_posts: list[RapidPost] = Field(alias="igPosts")
    tiktok_profile: Profile | None = Field(alias="tiktokProfile")
    tiktok_posts: list[RapidPost] = Field(alias="tiktokPosts")
    task_links_today: TaskLinks = Field(alias="taskLinksToday")


_VIEW: dict[str, Any] = {
    "role": Role.VIEWER,
    "client": Client.NAMED,
    "schema": Envelope[Aggregate],
}


@router.read("/social/aggregator", **_VIEW)
def social_aggregator(call: Call, query: Annotated[AggregatorQuery, Query()]) -> Response:
    """Show a client's stored profiles, posts and today's links."""
    return _aggregate(call, query)


@router.read("/aggregator", **_VIEW)
def aggregator(call: Call, query: Annotated[AggregatorQuery, Query()]) -> Response:
    """Show the same as /api/social/aggregator."""
    return _aggregate(call, query)


def _aggregate(call: Call, query: AggregatorQuery) -> Response:
    client = get_client(call.store, call.one_client)
    today = local_day(call.now, client.zone)
    try:
        span = read_span(SpanWords(periode=query.periode, tanggal=query.tanggal))(today)
    except ValueError as error:
        raise InputError(reason_of(error)) from error
    data: dict[str, Any] = {}
    links: dict[str, list[str]] = {}
    for platform, key, name in (
        (Platform.INSTA, "ig", "instagram"),
        (Platform.TIKTOK, "tiktok", "tiktok"),
    ):
        username = client.known_username(platform)
        posts = _posts(call, client, platform, span)
        tasks = list_posts(call.store, client, platform, Moment(today, None))
        known = call.store.profiles.find(platform, username) if username else None
        data[f"{key}Profile"] = known and profile_document(call, known.profile)
        data[f"{key}Posts"] = [
            post_document(call, platform, post, username=username, zone=client.zone)
            for post in posts
        ]
        # by the day on which they count, the newest first
        links[name] = [post_url(platform, post.post_key, username) for post in reversed(tasks)]
    return answer({**data, "taskLinksToday": links})


def _posts(call: Call, client: ClientRow, platform: Platform, span: Span) -> list[UpstreamPost]:
    start, end = span_bounds(span.first_day, span.last_day, client.zone)
    return call.store.surveys(platform).list_stored(
        client.client_id, start=start, end=end, limit=_MOST_POSTS
    )
