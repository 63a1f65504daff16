"""Complaints: "I did like it" is kept with the figures of that moment, for an operator to look into and a later reading to prove."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.attendance.complaints import (
    Complaint,
    ComplaintStatus,
    Figures,
    Via,
    count_done,
)
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.domain.roster.printable import check_text
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.attendance.complaints import ComplaintRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.explanation import explain_user, explanation_document
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.users import get_user, unknown_user
from cicero_cli.words import Text, reason_of

_LONGEST = 2000


@dataclass(frozen=True, kw_only=True)
class ComplaintThenAndNow:
    """A complaint, who makes it about whose posts, and the same figures as they are now; `message_id` told of its proof."""

    complaint: Complaint
    user: User
    client: Client
    now: Figures
    message_id: int | None


def open_complaint(
    store: Store,
    user: User,
    *,
    issue: str,
    via: Via,
    by: Actor,
    now: datetime,
    client_id: str | None = None,
    platform: Platform | None = None,
    day: str | None = None,
    username: str = "",
) -> Complaint:
    """Keep what somebody says about the list of a client's posts (the person's own without `client_id`) of a day (today), with
    what was seen of the person by now; what says the same and is not closed yet is that one.

    InputError for a wrong day, or words that are too long or no text, from which WhatsApp's are freed; NotFoundError for a client on whose posts the person never was expected.
    """
    words, handle = _said(issue, "--issue", via), _said(username, "--username", via)
    platforms = [platform] if platform else list(Platform)
    explanation = explain_user(
        store, user.user_id, platforms, day=day, as_of=None, now=now, client_id=client_id
    )
    about = explanation.client.client_id
    if about != user.client_id and not store.audiences.was_ever_expected(about, user.user_id):
        raise NotFoundError(
            "{nama} never was expected on posts of {client_id}", nama=user.nama, client_id=about
        )
    with store.transaction():
        complaint = ComplaintRepository(store.connection).add(
            about,
            user.user_id,
            platform,
            day=explanation.moment.day,
            username=_handle(handle),
            issue=words,
            via=via,
            figures=_figures(explanation_document(explanation)),
            filed_by=by.name,
            now=now,
        )
        store.audit.add(
            "complaint.filed",
            by,
            subject=user.user_id,
            client_id=about,
            details={"platform": platform.value if platform else "semua"},
        )
    return complaint


def file_complaint(
    store: Store,
    user_id: str,
    platform: Platform,
    *,
    client_id: str | None,
    visible_ids: Collection[str] | None,
    home_id: str | None,
    username: str,
    issue: str,
    by: Actor,
) -> Complaint:
    """As `open_complaint`, through the dashboards.

    Without a client it is the person's own if that is among `visible_ids` (None: all), else `home_id`. NotFoundError for
    somebody who is neither of that client nor expected on its posts, as for who does not exist.
    """
    user = store.users.get(user_id.strip())
    if user is None:
        raise unknown_user(user_id)
    may_see_own = visible_ids is None or user.client_id in visible_ids
    about = client_id or (user.client_id if may_see_own else home_id)
    if about is None or not (
        about == user.client_id or store.audiences.was_ever_expected(about, user.user_id)
    ):
        raise unknown_user(user_id)
    return open_complaint(
        store,
        user,
        issue=issue,
        via=Via.DASHBOARD,
        by=by,
        now=by.at,
        client_id=about,
        platform=platform,
        username=username,
    )


def list_complaints(
    store: Store,
    clients: Sequence[str] | None,
    *,
    statuses: Sequence[ComplaintStatus] | None = None,
    limit: int,
) -> list[dict[str, Any]]:
    """Those about the posts of these clients, or of all, the newest first, with how many posts were done then (`was`).

    NotFoundError for a client that there is not.
    """
    ids = (
        [get_client(store, typed, may_have_ended=True).client_id for typed in clients]
        if clients
        else None
    )
    rows = ComplaintRepository(store.connection).list(ids, statuses=statuses, limit=limit)
    for row in rows:
        row["was"] = count_done(row.pop("figures"))
    return rows


def compare_complaint(store: Store, complaint_id: int, *, now: datetime) -> ComplaintThenAndNow:
    """The complaint with its figures then and now; NotFoundError when there is none of this number."""
    complaints = ComplaintRepository(store.connection)
    complaint = complaints.get(complaint_id)
    if complaint is None:
        raise _unknown(complaint_id)
    explanation = explain_user(
        store,
        complaint.user_id,
        [complaint.platform] if complaint.platform else list(Platform),
        day=complaint.day.isoformat(),
        as_of=None,
        now=now,
        client_id=complaint.client_id,
    )
    return ComplaintThenAndNow(
        complaint=complaint,
        user=get_user(store, complaint.user_id),
        client=explanation.client,
        now=_figures(explanation_document(explanation)),
        message_id=complaints.told_by(complaint_id),
    )


def close_complaint(
    store: Store, complaint_id: int, *, answer: str, by: Actor, client_id: str | None = None
) -> Complaint:
    """Close it with an answer; InputError without one, or when it is closed already.

    `client_id`: the client that the actor may act for; NotFoundError for a complaint about another's posts.
    """
    words = _said(answer, "--reason")
    if not words:
        raise InputError("say what became of it (--reason)")
    complaints = ComplaintRepository(store.connection)
    known = complaints.get(complaint_id)
    if known is None or client_id not in {None, known.client_id}:
        raise _unknown(complaint_id)
    with store.transaction():
        closed = complaints.close(complaint_id, answer=words, by=by.name, now=by.at)
        if closed is None:
            raise InputError(
                "complaint {complaint_id} is closed already; nothing was changed",
                hint=Text("see: cicero komplain show {complaint_id}", complaint_id=complaint_id),
                complaint_id=complaint_id,
            )
        store.audit.add("complaint.closed", by, subject=closed.user_id, client_id=closed.client_id)
    return closed


def _said(typed: str, option: str, via: Via = Via.COMMAND) -> str:
    """What somebody wrote, on one line; InputError for what is no text or too long. Who writes by WhatsApp is not refused."""
    if via is Via.WHATSAPP:
        kept = "".join(sign for sign in typed if sign.isspace() or sign.isprintable())
        return " ".join(kept.split())[:_LONGEST]
    try:
        check_text(typed)
    except ValueError as error:
        raise InputError("{option}: {reason}", option=option, reason=reason_of(error)) from error
    words = " ".join(typed.split())
    if len(words) > _LONGEST:
        raise InputError(
            "{option} has at most {most:,} letters, this one has {count:,}",
            option=option,
            most=_LONGEST,
            count=len(words),
        )
    return words


def _figures(document: dict[str, Any]) -> Figures:
    return {
        platform.value: document[platform.value]
        for platform in Platform
        if platform.value in document
    }


def _unknown(complaint_id: int) -> NotFoundError:
    return NotFoundError(
        "there is no complaint {complaint_id}",
        hint="see: cicero komplain list",
        complaint_id=complaint_id,
    )


def _handle(typed: str) -> str | None:
    """The handle that was told; one that cannot be one as it was typed, for the operator to read."""
    try:
        return normalise_handle(typed)
    except ValueError:
        return typed.strip() or None
