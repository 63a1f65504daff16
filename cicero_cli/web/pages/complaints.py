"""Complaints about one client's posts: kept, shown with the figures then and now, and closed by the same service as `cicero komplain`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.attendance.complaints import ComplaintStatus, Figures, Via
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.services.attendance.complaints import (
    ComplaintThenAndNow,
    close_complaint,
    compare_complaint,
    list_complaints,
    open_complaint,
)
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.users import get_user
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.sentences import error_sentence
from cicero_cli.web.pages.forms import Form, read_form
from cicero_cli.web.pages.html import go_to, render_page
from cicero_cli.web.pages.labels import UNSIGNED_FORM
from cicero_cli.web.pages.page_guard import page_router

router = page_router()

PAGE_SIZE = 200
_BODY_LIMIT = 50_000  # 2,000 letters in any script, as a form writes them
_STATUSES = [each.value for each in ComplaintStatus]


@dataclass(frozen=True)
class PostThenAndNow:
    """One post; None where it was not known then or does not count now."""

    url: str
    then: dict[str, Any] | None
    now: dict[str, Any] | None


@router.read("/klien/{client_id}/komplain", role=Role.VIEWER, client=Client.NAMED)
def of_client(call: Call, status: str = "", ok: str = "") -> Response:
    """List the complaints about a client's posts, the newest first."""
    client = get_client(call.store, call.one_client)
    chosen = status if status in _STATUSES else ""
    found = list_complaints(
        call.store,
        [client.client_id],
        statuses=[ComplaintStatus(chosen)] if chosen else None,
        limit=PAGE_SIZE,
    )
    return render_page(
        call,
        "complaints.html.j2",
        client=client,
        complaints=found,
        status=chosen,
        statuses=_STATUSES,
        platforms=list(Platform),
        most=PAGE_SIZE,
        ok=ok,
    )


@router.read("/klien/{client_id}/komplain/baru", role=Role.OPERATOR, client=Client.NAMED)
def new_form(call: Call, personel: str = "", hari: str = "") -> Response:
    """Show the form for what somebody says about a day's list."""
    return _ask(call, _expected(call, personel), Form({"hari": hari}))


@router.write(
    "POST",
    "/klien/{client_id}/komplain/baru",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=_BODY_LIMIT,
    show_unsigned=lambda call, personel: _ask(
        call, _expected(call, personel), read_form(call.request), error=UNSIGNED_FORM, status=403
    ),
)
def add(call: Call, personel: str = "") -> Response:
    """Keep the complaint, or show the form again with what is wrong."""
    user, form = _expected(call, personel), read_form(call.request)
    platform = form.get("platform")
    try:
        kept = open_complaint(
            call.store,
            user,
            issue=_said(form, "isi", "Tulis apa yang disampaikan personelnya."),
            via=Via.PAGE,
            by=call.actor,
            now=call.now,
            client_id=call.one_client,
            platform=Platform(platform) if platform in list(Platform) else None,
            day=form.get("hari") or None,
            username=form.get("username")[:300],
        )
    except NotFoundError:
        raise
    except InputError as error:
        return _ask(call, user, form, error=error_sentence(error), status=400)
    return go_to(f"/klien/{call.one_client}/komplain/{kept.complaint_id}?ok=komplain")


@router.read("/klien/{client_id}/komplain/{number}", role=Role.VIEWER, client=Client.NAMED)
def one(call: Call, number: str, ok: str = "") -> Response:
    """Show a complaint with the figures then and now."""
    return _show(call, _find(call, number), ok=ok)


@router.write(
    "POST",
    "/klien/{client_id}/komplain/{number}",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=_BODY_LIMIT,
    show_unsigned=lambda call, number: _show(
        call,
        _find(call, number),
        answer=read_form(call.request).get("jawaban"),
        error=UNSIGNED_FORM,
        status=403,
    ),
)
def close(call: Call, number: str) -> Response:
    """Close a complaint with an answer, or show it again with what is wrong."""
    found, form = _find(call, number), read_form(call.request)
    answer = form.get("jawaban")
    try:
        close_complaint(
            call.store,
            found.complaint.complaint_id,
            answer=_said(form, "jawaban", "Tulis dulu apa hasilnya."),
            by=call.actor,
            client_id=call.one_client,
        )
    except NotFoundError:
        raise
    except InputError as error:
        return _show(call, found, answer=answer, error=error_sentence(error), status=400)
    return go_to(f"/klien/{call.one_client}/komplain/{found.complaint.complaint_id}?ok=tutup")


def _said(form: Form, name: str, missing: str) -> str:
    """What was written; InputError for nothing."""
    if not form.get(name).strip():
        raise InputError(missing)
    return form.get(name)


def _expected(call: Call, user_id: str) -> User:
    """The user, if one of the client or ever expected on its posts; 404 otherwise."""
    user = get_user(call.store, user_id)
    client_id = call.one_client
    if user.client_id != client_id and not call.store.audiences.was_ever_expected(
        client_id, user.user_id
    ):
        raise HTTPException(404)
    return user


def _find(call: Call, number: str) -> ComplaintThenAndNow:
    if not re.fullmatch(r"[0-9]{1,18}", number):
        raise HTTPException(404)
    found = compare_complaint(call.store, int(number), now=call.now)
    if found.complaint.client_id != call.one_client:
        raise HTTPException(404)
    return found


def _ask(call: Call, user: User, form: Form, *, error: str = "", status: int = 200) -> Response:
    client = get_client(call.store, call.one_client)
    return render_page(
        call,
        "complaint_form.html.j2",
        http_status=status,
        client=client,
        user=user,
        form=form,
        platforms=list(Platform),
        today=call.now.astimezone(client.zone).date(),
        back=f"/klien/{client.client_id}/penjelasan?personel={quote(user.user_id, safe='')}",
        error=error,
    )


def _show(
    call: Call,
    found: ComplaintThenAndNow,
    *,
    ok: str = "",
    answer: str = "",
    error: str = "",
    status: int = 200,
) -> Response:
    then = found.complaint.figures
    return render_page(
        call,
        "complaint.html.j2",
        http_status=status,
        client=found.client,
        complaint=found.complaint,
        user=found.user,
        platforms=[
            (Platform(platform), list(_pair(platform, then, found.now))) for platform in found.now
        ],
        message_id=found.message_id,
        answer=answer,
        ok=ok,
        error=error,
    )


def _pair(platform: str, then: Figures, now: Figures) -> Iterator[PostThenAndNow]:
    was, seen = (
        {post["id"]: post for post in figures.get(platform, {}).get("posts", ())}
        for figures in (then, now)
    )
    for key in {**was, **seen}:
        yield PostThenAndNow((seen.get(key) or was[key])["url"], was.get(key), seen.get(key))
