"""Instagram profiles as they were read last; `rapid-…` asks for newer ones."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.collection.profiles import KnownProfile
from cicero_cli.domain.platforms import Platform
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.api.account_documents import (
    InstagramInfo,
    Profile,
    info_document,
    profile_document,
)
from cicero_cli.web.http.answers import Envelope, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter
from cicero_cli.web.http.usernames import read_username

router = GuardedRouter(prefix="/api/insta", tag="profiles")


class ProfileQuery(Schema):
    """Which account; without any the token's client's."""

    username: str | None = Field(default=None, max_length=300, description="a handle or an address")
    client_id: str | None = Field(default=None, description="instead: this client's account")


class StoredProfile(Envelope[Profile]):
    """A profile, and when it was read."""

    fetched_at: datetime


class StoredInfo(Envelope[InstagramInfo]):
    """What else is known, and when it was read."""

    fetched_at: datetime


@router.read("/profile", role=Role.VIEWER, client=Client.NAMED, schema=StoredProfile)
def show_profile(call: Call, query: Annotated[ProfileQuery, Query()]) -> Response:
    """Show the stored profile of an account."""
    known = _find(call, query)
    fetched_at = known.fetched_at.astimezone(call.zone)
    return answer(profile_document(call, known.profile), fetched_at=fetched_at)


@router.read("/instagram-user", role=Role.VIEWER, client=Client.NAMED, schema=StoredInfo)
def show_instagram_user(call: Call, query: Annotated[ProfileQuery, Query()]) -> Response:
    """Show what else is stored of an account."""
    known = _find(call, query)
    fetched_at = known.fetched_at.astimezone(call.zone)
    return answer(info_document(call, known.profile), fetched_at=fetched_at)


def _find(call: Call, query: ProfileQuery) -> KnownProfile:
    username = read_username(query.username)
    if username is None:
        username = get_client(call.store, call.one_client).client_insta
    known = call.store.profiles.find(Platform.INSTA, username) if username else None
    if known is None:
        raise HTTPException(404, "Profil ini belum pernah diambil.")
    return known
