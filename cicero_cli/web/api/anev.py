"""Anev (analisa dan evaluasi): what users were to do in a span of days, what they did, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from fastapi import Query, Response
from pydantic import Field

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.collection.posts import post_url
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.roster.client_spans import ClientSpan
from cicero_cli.services.attendance.anev import (
    TIME_RANGES,
    USUAL_RANGE,
    choose_range,
    export_anev,
    read_anev,
)
from cicero_cli.web.api.anev_schemas import AnevData
from cicero_cli.web.http.answers import Envelope, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.clients_and_days import ClientQuery, clients_asked, remembered
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter

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


@router.read("/anev", role=Role.VIEWER, client=Client.OWN, schema=Envelope[AnevData])
def anev(call: Call, query: Annotated[AnevQuery, Query()]) -> Response:
    """Say what the people of whom it was expected were to do and what they did."""
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
        platforms = [
            _platform("instagram", found.insta_posts, likes=found.likes),
            _platform("tiktok", found.tiktok_posts, comments=found.comments),
        ]
        raw = {"platform_tasks": _tasks(call, spans)}
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
                "aggregates": {"totals": totals, "platforms": platforms, "raw": raw},
                "raw": raw,
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


def _platform(name: str, posts: int, *, likes: int = 0, comments: int = 0) -> dict[str, Any]:
    return {"platform": name, "posts": posts, "likes": likes, "comments": comments}


def _tasks(call: Call, spans: Sequence[ClientSpan]) -> dict[str, list[dict[str, str]]]:
    """The posts of the days by the names that the dashboards have for platforms."""
    tasks: dict[str, list[dict[str, str]]] = {"instagram": [], "tiktok": []}
    for task in call.store.anev.tasks(spans):
        platform = Platform(task.platform)
        link = post_url(platform, task.post_key, task.client_tiktok)
        name = "instagram" if platform is Platform.INSTA else "tiktok"
        tasks[name].append({"task_id": task.post_key, "task_link": link})
    return tasks


def _rate(completed: int, assigned: int) -> float:
    return round(completed / assigned, 4) if assigned else 0.0


def _raw(text: str) -> msgspec.Raw:
    return msgspec.Raw(text.encode())
