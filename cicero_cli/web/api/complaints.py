"""Complaints that the dashboards' form sends: "I did like it"."""

from __future__ import annotations

from datetime import datetime

from fastapi import Response
from pydantic import Field

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import InputError
from cicero_cli.services.attendance.complaints import file_complaint
from cicero_cli.web.http.answers import UNSENT, Body, Envelope, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(prefix="/api/dashboard/komplain", tag="complaints")

_HANDLE = 300


class NewComplaint(Body):
    """Who complains (`nrp` or `user_id`), about the posts of which client (without one the person's own), with which handle."""

    nrp: str | None = Field(default=UNSENT, max_length=64, examples=["85010001"])
    user_id: str | None = Field(default=UNSENT, max_length=64, description="as nrp")
    client_id: str | None = Field(default=UNSENT, max_length=100)
    nama: str | None = Field(default=UNSENT, max_length=200, description="not kept: it is on file")
    username_ig: str | None = Field(default=UNSENT, max_length=_HANDLE)
    instagram: str | None = Field(default=UNSENT, max_length=_HANDLE, description="as username_ig")
    username_tiktok: str | None = Field(default=UNSENT, max_length=_HANDLE)
    tiktok: str | None = Field(default=UNSENT, max_length=_HANDLE, description="as username_tiktok")
    issue: str | None = Field(default=UNSENT, max_length=2000, description="what the person says")


class Complaint(Schema):
    """A complaint that is kept."""

    id: str
    client_id: str = Field(description="whose posts it is about")
    user_id: str
    platform: str = Field(examples=["insta", "tiktok"])
    username: str | None = Field(description="the handle that the person told")
    issue: str
    created_at: datetime


@router.write("POST", "/insta", role=Role.OPERATOR, client=Client.OWN, schema=Envelope[Complaint])
def complain_of_instagram(call: Call, body: NewComplaint) -> Response:
    """Keep a complaint about likes."""
    return _file(call, body, Platform.INSTA, body.username_ig or body.instagram)


@router.write("POST", "/tiktok", role=Role.OPERATOR, client=Client.OWN, schema=Envelope[Complaint])
def complain_of_tiktok(call: Call, body: NewComplaint) -> Response:
    """Keep a complaint about comments."""
    return _file(call, body, Platform.TIKTOK, body.username_tiktok or body.tiktok)


def _file(call: Call, body: NewComplaint, platform: Platform, username: str | None) -> Response:
    user_id = body.nrp or body.user_id
    if not user_id:
        raise InputError("sebut NRP personelnya")
    kept = file_complaint(
        call.store,
        user_id,
        platform,
        client_id=call.client_id,
        visible_ids=call.visible_ids,
        home_id=call.caller.client_id,
        username=username or "",
        issue=body.issue or "",
        by=call.actor,
    )
    return answer(
        {
            "id": str(kept.complaint_id),
            "client_id": kept.client_id,
            "user_id": kept.user_id,
            "platform": kept.platform,
            "username": kept.username,
            "issue": kept.issue,
            "created_at": kept.filed_at.astimezone(call.zone),
        },
        message="Komplain sudah dicatat dan akan diperiksa operator.",
    )
