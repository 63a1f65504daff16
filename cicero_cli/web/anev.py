"""Anev (analisa dan evaluasi): what users were to do in a span of days, what they did, and the same as a workbook."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import msgspec
from fastapi import Query, Response
from pydantic import Field

from cicero_cli.domain.accounts import Role
from cicero_cli.repositories.client_spans import ClientSpan
from cicero_cli.services.analysing import (
    TIME_RANGES,
    USUAL_RANGE,
    choose_range,
    export_anev,
    read_anev,
)
from cicero_cli.web.access import Client
from cicero_cli.web.answers import Envelope, Schema, answer
from cicero_cli.web.asked import ClientQuery, clients_asked, remembered
from cicero_cli.web.call import Call
from cicero_cli.web.lanes import Lane
from cicero_cli.web.routing import GuardedRouter

router = GuardedRouter(prefix="/api/dashboard", tag="anev")

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AnevQuery(ClientQuery):
    """Whose data, and of which days of the client's own time zone."""

    time_range: str | None = Field(
        default=None,
        description=f"{', '.join(TIME_RANGES)}; without it {USUAL_RANGE}, or custom when days are given",
    )
    start_date: str | None = Field(default=None, description="custom: first day, YYYY-MM-DD")
    end_date: str | None = Field(default=None, description="custom: last day, at most 366 days on")


class Filters(Schema):
    """What was asked for, as it was understood."""

    time_range: str
    start_date: date | None = Field(description="null when there is no client")
    end_date: date | None
    client_id: str | None = Field(description="null for several")
    role: str | None
    scope: str | None
    regional_id: str | None
    permitted_time_ranges: list[str]


class Person(Schema):
    """An active user."""

    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    jabatan: str | None
    insta: str | None
    tiktok: str | None
    exception: bool
    client_id: str
    nama_client: str


class _Engaged(Schema):
    user_id: str
    nama: str
    divisi: str | None
    client_id: str
    username: str | None


class Liker(_Engaged):
    """A user, and how many posts the handle has liked."""

    total_likes: int


class Commenter(_Engaged):
    """A user, and how many posts the handle has commented on."""

    total_comments: int


class InstagramEngagement(Schema):
    """Most likes first."""

    total_posts: int
    total_likes: int
    per_user: list[Liker]


class TiktokEngagement(Schema):
    """Most comments first; several by one user on one post are one."""

    total_posts: int
    total_comments: int
    per_user: list[Commenter]


class PostCounts(Schema):
    """Posts of the days."""

    instagram: int
    tiktok: int


class Compliance(Schema):
    """What a user was to do, and did; one with an exception has done all."""

    user_id: str
    nama: str
    assigned: int
    completed: int
    completion_rate: float = Field(description="from 0 to 1")


class SatfungUsers(Schema):
    """A division's active users."""

    satfung: str
    count: int


class SatfungLikes(Schema):
    """A division's likes; `active_personnel` have liked at least one post."""

    satfung: str
    likes: int
    total_personnel: int
    active_personnel: int


class SatfungComments(Schema):
    """A division's comments; `active_personnel` have commented on at least one post."""

    satfung: str
    comments: int
    total_personnel: int
    active_personnel: int


class Totals(Schema):
    """Sums over all users. An action is a post to like or to comment on."""

    posts: PostCounts
    likes: int
    comments: int
    total_users: int
    expected_actions: int = Field(description="the sum of what each user was to do")
    completed_actions: int
    overall_completion_rate: float = Field(description="from 0 to 1")
    compliance_per_pelaksana: list[Compliance]
    user_per_satfung: list[SatfungUsers]
    likes_per_satfung: list[SatfungLikes]
    tiktok_per_satfung: list[SatfungComments]


class Aggregates(Schema):
    """What the page adds up."""

    totals: Totals


class AnevData(Schema):
    """Everybody and everything of the days."""

    filters: Filters
    user_directory: list[Person]
    instagram_engagement: InstagramEngagement
    tiktok_engagement: TiktokEngagement
    aggregates: Aggregates


@router.read("/anev", role=Role.VIEWER, client=Client.OWN, schema=Envelope[AnevData])
def anev(call: Call, query: Annotated[AnevQuery, Query()]) -> Response:
    """Say what active users were to do and what they did."""
    filters, spans = _choose(call, query)

    def make() -> Response:
        call.move_to(Lane.HEAVY)
        found = read_anev(call.store, spans)
        totals = {
            "posts": {"instagram": found.insta_posts, "tiktok": found.tiktok_posts},
            "likes": found.likes,
            "comments": found.comments,
            "total_users": found.users,
            "expected_actions": found.assigned,
            "completed_actions": found.completed,
            "overall_completion_rate": _rate(found.completed, found.assigned),
            "compliance_per_pelaksana": _raw(found.compliance),
            "user_per_satfung": _raw(found.users_per_satfung),
            "likes_per_satfung": _raw(found.likes_per_satfung),
            "tiktok_per_satfung": _raw(found.comments_per_satfung),
        }
        return answer(
            {
                "filters": filters,
                "user_directory": _raw(found.directory),
                "instagram_engagement": {
                    "total_posts": found.insta_posts,
                    "total_likes": found.likes,
                    "per_user": _raw(found.likes_per_user),
                },
                "tiktok_engagement": {
                    "total_posts": found.tiktok_posts,
                    "total_comments": found.comments,
                    "per_user": _raw(found.comments_per_user),
                },
                "aggregates": {"totals": totals},
            }
        )

    return remembered(call, "anev", spans, make, sorted(filters.items(), key=str))


@router.read(
    "/anev/export",
    role=Role.VIEWER,
    client=Client.OWN,
    lane=Lane.HEAVY,
    schema=None,
    responses={200: {"description": "The workbook", "content": {_XLSX: {}}}},
)
def export(call: Call, query: Annotated[AnevQuery, Query()]) -> Response:
    """Give the same as a workbook (xlsx)."""
    filters, spans = _choose(call, query)
    shown = {
        name: value
        for name, value in filters.items()
        if value is not None and not isinstance(value, tuple)
    }
    named = [filters["client_id"] or "semua", filters["start_date"], filters["end_date"]]
    name = "-".join(["anev", *(str(word) for word in named if word is not None)])
    return Response(
        export_anev(call.store, spans, shown),
        media_type=_XLSX,
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )


def _choose(call: Call, query: AnevQuery) -> tuple[dict[str, Any], list[ClientSpan]]:
    choices = clients_asked(call, query)
    name, spans = choose_range(
        choices, query.time_range, query.start_date, query.end_date, now=call.now
    )
    return {
        "time_range": name,
        "start_date": min((one.span.first_day for one in spans), default=None),
        "end_date": max((one.span.last_day for one in spans), default=None),
        "client_id": choices[0].client_id if len(choices) == 1 else None,
        "role": query.role or None,
        "scope": query.scope or None,
        "regional_id": query.regional_id or None,
        "permitted_time_ranges": TIME_RANGES,
    }, spans


def _rate(completed: int, assigned: int) -> float:
    return round(completed / assigned, 4) if assigned else 0.0


def _raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())
