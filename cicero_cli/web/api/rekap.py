"""Recaps: how many of a span's posts each user has liked (Instagram) or commented on (TikTok)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Response
from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.attendance.absensi import required_posts
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.attendance.recap import Recap
from cicero_cli.services.attendance.recap import choose_spans, read_recap
from cicero_cli.web.http.answers import Envelope, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.clients_and_days import SpanQuery, clients_asked, move_if_large, remembered
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(prefix="/api", tag="rekap")


class _Row(Schema):
    """An active user. One with an exception has the number of posts, whoever liked what."""

    user_id: str = Field(examples=["85010001"])
    title: str | None = Field(examples=["AKP"])
    nama: str = Field(examples=["Budi Santoso"])
    username: str | None = Field(examples=["budi.s"])
    divisi: str | None = Field(examples=["SAT LANTAS"])
    exception: bool
    display_nama: str = Field(examples=["AKP Budi Santoso"])
    client_id: str = Field(examples=["POLRES_A"])
    nama_client: str = Field(examples=["Polres A"])


class LikeRow(_Row):
    """A user, and how many posts the handle has liked."""

    jumlah_like: int


class CommentRow(_Row):
    """A user, and how many posts the handle has commented on."""

    jumlah_komentar: int


class _Camel(Schema):
    model_config = ConfigDict(extra="ignore", alias_generator=to_camel, populate_by_name=True)


class Distribution(_Camel):
    """Everybody in exactly one class."""

    sudah: int = Field(description="has done all posts, or is excepted")
    kurang: int = Field(description="has done at least one")
    belum: int = Field(description="has done none")
    no_username: int = Field(description="has no handle on file and is not excepted")
    no_posts: int = Field(description="has a handle, and there was nothing to do")


class Totals(_Camel):
    """Counts of posts and users."""

    total_posts: int
    users_count: int
    sudah_users_count: int
    kurang_users_count: int
    belum_users_count: int
    no_username_users_count: int


class LapharClasses(_Camel):
    """Everybody in one of three classes, as a laphar counts them: *sudah* is who reached the threshold, not who did everything."""

    threshold: float | None = Field(
        description="the share of the posts that makes a user sudah, on the last day; null for several clients"
    )
    required: int | None = Field(
        description="that share of the posts, rounded up; null for several clients."
        " Of a user who was on the roster on some of the days, that share of what those days had"
    )
    sudah: int = Field(description="has done as many, or is excepted")
    belum: int = Field(description="has done fewer: kurang and belum of a laphar together")
    tanpa_username: int = Field(description="has no handle on file and is not excepted")


class TotalsAndDistribution(Totals):
    """The same counts once more; the dashboards' own classes, where *sudah* is all posts, and a laphar's."""

    distribution: Distribution
    laphar: LapharClasses


class LikeRecap(Totals, Envelope[list[LikeRow]]):
    """Rows by number of posts, most first."""

    client_name: str | None = Field(alias="client_name", description="null for several clients")
    summary: TotalsAndDistribution


class CommentRecap(Totals, Envelope[list[CommentRow]]):
    """Rows by number of posts, most first."""

    client_name: str | None = Field(alias="client_name", description="null for several clients")
    summary: TotalsAndDistribution


@router.read("/insta/rekap-likes", role=Role.VIEWER, client=Client.OWN, schema=LikeRecap)
def rekap_likes(call: Call, query: Annotated[SpanQuery, Query()]) -> Response:
    """Count the Instagram posts that each active user has liked."""
    return _recap(call, query, Platform.INSTA)


@router.read(
    "/tiktok/rekap-komentar",
    role=Role.VIEWER,
    client=Client.OWN,
    schema=CommentRecap,
)
def rekap_komentar(call: Call, query: Annotated[SpanQuery, Query()]) -> Response:
    """Count the TikTok posts that each active user has commented on."""
    return _recap(call, query, Platform.TIKTOK)


def totals_of(recap: Recap) -> dict[str, Any]:
    """The counts as the dashboards name them, with the classes."""
    return {
        **_counts(recap),
        "distribution": {
            "sudah": recap.sudah,
            "kurang": recap.kurang,
            "belum": recap.belum,
            "noUsername": recap.no_username,
            "noPosts": recap.no_posts,
        },
        "laphar": {
            "threshold": recap.threshold,
            "required": None
            if recap.threshold is None
            else required_posts(recap.threshold, recap.posts),
            "sudah": recap.laphar_sudah,
            "belum": recap.laphar_belum,
            "tanpaUsername": recap.no_username,
        },
    }


def _recap(call: Call, query: SpanQuery, platform: Platform) -> Response:
    spans = choose_spans(clients_asked(call, query), query.words, now=call.now)

    def make() -> Response:
        move_if_large(call, spans)
        recap = read_recap(call.store, platform, spans)
        name = spans[0].choice.nama if len(spans) == 1 else None
        return answer(recap.rows, **_counts(recap), client_name=name, summary=totals_of(recap))

    return remembered(call, f"rekap:{platform}", spans, make)


def _counts(recap: Recap) -> dict[str, Any]:
    return {
        "totalPosts": recap.posts,
        "usersCount": recap.users,
        "sudahUsersCount": recap.sudah,
        "kurangUsersCount": recap.kurang,
        "belumUsersCount": recap.belum,
        "noUsernameUsersCount": recap.no_username,
    }
