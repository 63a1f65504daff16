"""The figures on a dashboard's first page, and what the API is made of."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Query, Response
from pydantic import Field

from cicero_cli import __version__
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import TIMEZONES
from cicero_cli.services.attendance.recap import choose_spans_or_today
from cicero_cli.web.http.answers import Envelope, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.clients_and_days import SpanQuery, clients_asked, remembered
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(prefix="/api", tag="dashboard")


class Stats(Schema):
    """Posts of the span (today unless said otherwise), active users, and active clients that the account may see."""

    client_id: str | None
    clients: int
    users: int
    ig_posts: int = Field(alias="igPosts")
    tt_posts: int = Field(alias="ttPosts")
    instagram_posts: int = Field(alias="instagramPosts")
    tiktok_posts: int = Field(alias="tiktokPosts")


class Metadata(Schema):
    """Words that parameters and fields may have."""

    name: Literal["cicero"]
    version: str
    platforms: list[str]
    periods: list[str]
    scopes: list[str]
    roles: list[str]
    timezones: list[str]


@router.read("/dashboard/stats", role=Role.VIEWER, client=Client.OWN, schema=Envelope[Stats])
def stats(call: Call, query: Annotated[SpanQuery, Query()]) -> Response:
    """Count posts and users. A period or day that is none means today: a failing answer would blank a page."""
    choices = clients_asked(call, query)
    spans = choose_spans_or_today(choices, query.words, now=call.now)
    clients = call.store.recap.count_clients(call.visible_ids)

    def make() -> Response:
        found = call.store.recap.stats(spans)
        return answer(
            {
                "client_id": choices[0].client_id if len(choices) == 1 else call.caller.client_id,
                "clients": clients,
                "users": found.users,
                "igPosts": found.insta_posts,
                "ttPosts": found.tiktok_posts,
                "instagramPosts": found.insta_posts,
                "tiktokPosts": found.tiktok_posts,
            }
        )

    return remembered(call, "stats", spans, make, call.caller.client_id, clients)


@router.read("/metadata", role=Role.VIEWER, client=Client.NONE, schema=Envelope[Metadata])
def metadata(call: Call) -> Response:
    """Name the version, and the words that parameters take."""
    return answer(
        {
            "name": "cicero",
            "version": __version__,
            "platforms": [platform.value for platform in Platform],
            "periods": ["harian", "mingguan", "bulanan"],
            "scopes": ["ORG", "DIREKTORAT"],
            "roles": [role.word for role in Role],
            "timezones": list(TIMEZONES),
        }
    )
