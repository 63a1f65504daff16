"""Clients: the profile that steers a dashboard's pages, and what an admin may do to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

import msgspec
from fastapi import Query, Response
from pydantic import Field

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.platforms import Platform
from cicero_cli.services.attendance.recap import choose_spans, read_recap
from cicero_cli.services.roster.clients import (
    add_client,
    get_client,
    remove_client,
    set_client,
)
from cicero_cli.web.api.posts import (
    CommentedPost,
    LikedPost,
    PeopleQuery,
    PostQuery,
    StoredPost,
    list_people,
    list_posts,
)
from cicero_cli.web.api.rekap import TotalsAndDistribution, totals_of
from cicero_cli.web.api.users import User, typed_words, users_asked
from cicero_cli.web.http.answers import UNSENT, Body, Envelope, Plain, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.clients_and_days import (
    ClientQuery,
    SpanQuery,
    clients_asked,
    move_if_large,
    remembered,
)
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(prefix="/api/clients", tag="clients")

_NAMED: dict[str, Any] = {"role": Role.VIEWER, "client": Client.NAMED}


class ClientRow(Schema):
    """A client. Handles are without `@`; numbers are E.164 digits or a group id."""

    client_id: str = Field(examples=["POLRES_A"])
    nama: str = Field(examples=["Polres A"])
    client_type: str = Field(description="contains ORG or DIREKTORAT", examples=["ORG"])
    client_status: bool
    client_insta: str | None
    client_insta_status: bool
    client_tiktok: str | None
    client_tiktok_status: bool
    client_operator: str | None
    client_super: str | None
    client_group: str | None
    regional_id: str | None
    client_amplify_status: bool
    premium_tier: str | None
    premium_status: bool
    premium_expires_at: datetime | None
    timezone: str = Field(examples=["Asia/Jakarta"])
    threshold: float = Field(description="share of the posts that makes a user sudah in a laphar")


class Profile(Plain):
    """One client, under the key that the dashboards read."""

    client: ClientRow


class ClientChanges(Body):
    """The fields to change; null clears one that may be empty."""

    nama: str = Field(default=UNSENT, max_length=200)
    client_type: str = Field(
        default=UNSENT, max_length=40, description="contains ORG or DIREKTORAT", examples=["ORG"]
    )
    client_status: bool = UNSENT
    client_insta: str | None = Field(default=UNSENT, description="a handle or a profile's address")
    client_insta_status: bool = UNSENT
    client_tiktok: str | None = Field(default=UNSENT, description="as client_insta")
    client_tiktok_status: bool = UNSENT
    client_operator: str | None = Field(default=UNSENT, description="a phone number")
    client_super: str | None = Field(default=UNSENT, description="a phone number")
    client_group: str | None = Field(default=UNSENT, description="a WhatsApp group's id")
    regional_id: str | None = Field(default=UNSENT, max_length=64)
    client_amplify_status: bool = UNSENT
    premium_tier: str | None = Field(default=UNSENT, max_length=64)
    premium_status: bool = UNSENT
    premium_expires_at: str | None = Field(
        default=UNSENT,
        description="with its offset, before the year 2100",
        examples=["2027-01-01T00:00:00+07:00"],
    )
    timezone: str = Field(default=UNSENT, description="or WIB, WITA, WIT")
    threshold: float = Field(default=UNSENT, gt=0, le=1)


class NewClient(ClientChanges):
    """A new client."""

    client_id: str = Field(examples=["POLRES_A"])
    nama: str = Field(max_length=200, examples=["Polres A"])


class Summary(Schema):
    """Users and both recaps of one client; posts of today unless other days were asked for."""

    client_id: str
    nama: str
    timezone: str
    first_day: date
    last_day: date
    users: int = Field(description="active ones")
    instagram: TotalsAndDistribution
    tiktok: TotalsAndDistribution


@router.read("/profile", schema=Profile, **_NAMED)
def profile(call: Call, query: Annotated[ClientQuery, Query()]) -> Response:
    """Show the client that `client_id` names, else the token's."""
    return answer(client=_row(call))


@router.read("/active", role=Role.VIEWER, client=Client.OWN, schema=Envelope[list[ClientRow]])
def list_active(call: Call) -> Response:
    """List the active clients that the account may see."""
    return answer(_rows(call, active_only=True))


@router.read("", role=Role.VIEWER, client=Client.OWN, schema=Envelope[list[ClientRow]])
def list_clients(call: Call) -> Response:
    """List the clients that the account may see."""
    return answer(_rows(call, active_only=False))


@router.write("POST", "", role=Role.ADMIN, client=Client.NONE, schema=Envelope[ClientRow])
def add(call: Call, body: NewClient) -> Response:
    """Add a client."""
    client = add_client(call.store, typed_words(body), by=call.actor)
    rows = call.store.dashboard_lists.clients([client.client_id])
    return answer(_only(rows), message="Sudah ditambahkan.")


@router.read("/{client_id}", schema=Envelope[ClientRow], **_NAMED)
def show(call: Call) -> Response:
    """Show one client."""
    return answer(_row(call))


@router.write(
    "PUT", "/{client_id}", role=Role.ADMIN, client=Client.NAMED, schema=Envelope[ClientRow]
)
def change(call: Call, body: ClientChanges) -> Response:
    """Change the fields that are given."""
    set_client(call.store, call.one_client, typed_words(body), by=call.actor)
    return answer(_row(call), message="Sudah diubah.")


@router.write(
    "DELETE",
    "/{client_id}",
    role=Role.ADMIN,
    client=Client.NAMED,
    lane=Lane.HEAVY,
    schema=Plain,
)
def remove(call: Call) -> Response:
    """Remove a client with its users, posts, likes and comments; to pause one, change `client_status` to false."""
    remove_client(call.store, call.one_client, by=call.actor)
    return answer(message="Sudah dihapus.")


@router.read("/{client_id}/users", schema=Envelope[list[User]], **_NAMED)
def list_users(call: Call) -> Response:
    """List the client's users, active or not."""
    return users_asked(call)


@router.read("/{client_id}/summary", schema=Envelope[Summary], **_NAMED)
def summary(call: Call, query: Annotated[SpanQuery, Query()]) -> Response:
    """Sum up a client's users and both recaps."""
    (one,) = spans = choose_spans(clients_asked(call), query.words, now=call.now)

    def make() -> Response:
        move_if_large(call, spans)
        insta = read_recap(call.store, Platform.INSTA, spans)
        tiktok = read_recap(call.store, Platform.TIKTOK, spans)
        return answer(
            {
                "client_id": one.choice.client_id,
                "nama": one.choice.nama,
                "timezone": one.choice.timezone,
                "first_day": one.span.first_day,
                "last_day": one.span.last_day,
                "users": insta.users,
                "instagram": totals_of(insta),
                "tiktok": totals_of(tiktok),
            }
        )

    return remembered(call, "summary", spans, make)


@router.read("/{client_id}/posts/instagram", schema=Envelope[list[StoredPost]], **_NAMED)
def list_insta_posts(
    call: Call,
    query: Annotated[PostQuery, Query()],
) -> Response:
    """List the client's Instagram posts, the newest first."""
    return list_posts(call, query, Platform.INSTA)


@router.read("/{client_id}/posts/tiktok", schema=Envelope[list[StoredPost]], **_NAMED)
def list_tiktok_posts(
    call: Call,
    query: Annotated[PostQuery, Query()],
) -> Response:
    """List the client's TikTok posts, the newest first."""
    return list_posts(call, query, Platform.TIKTOK)


@router.read(
    "/{client_id}/posts/instagram/likes",
    lane=Lane.HEAVY,
    schema=Envelope[list[LikedPost]],
    **_NAMED,
)
def list_likes(
    call: Call,
    query: Annotated[PeopleQuery, Query()],
) -> Response:
    """List who liked the client's Instagram posts."""
    return list_people(call, query, Platform.INSTA)


@router.read(
    "/{client_id}/posts/tiktok/comments",
    lane=Lane.HEAVY,
    schema=Envelope[list[CommentedPost]],
    **_NAMED,
)
def list_comments(
    call: Call,
    query: Annotated[PeopleQuery, Query()],
) -> Response:
    """List what was commented on the client's TikTok posts."""
    return list_people(call, query, Platform.TIKTOK)


def _row(call: Call) -> msgspec.Raw:
    """The one client; 404 when there is none."""
    rows = call.store.dashboard_lists.clients([call.one_client])
    if rows == "[]":
        get_client(call.store, call.one_client)
    return _only(rows)


def _rows(call: Call, *, active_only: bool) -> msgspec.Raw:
    rows = call.store.dashboard_lists.clients(call.client_ids, active_only=active_only)
    return msgspec.Raw(rows.encode())


def _only(rows: str) -> msgspec.Raw:
    """The only object of a JSON array."""
    return msgspec.Raw(rows.strip()[1:-1].encode())
