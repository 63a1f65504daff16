"""Complaints: "I did like it" is kept, for an operator to look into."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.repositories.attendance.complaints import Complaint, ComplaintRepository
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.users import unknown_user


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
    """Keep what somebody says about the list of a client's posts.

    Without a client it is the person's own if that is among `visible_ids` (None: all), else `home_id`. NotFoundError for
    somebody who is neither of that client nor expected on its posts, as for who does not exist.
    """
    user = store.users.get(user_id.strip())
    if user is None:
        raise unknown_user(user_id)
    complaints = ComplaintRepository(store.connection)
    may_see_own = visible_ids is None or user.client_id in visible_ids
    about = client_id or (user.client_id if may_see_own else home_id)
    if about is None or not (
        about == user.client_id or store.audiences.was_ever_expected(about, user.user_id)
    ):
        raise unknown_user(user_id)
    with store.transaction():
        complaint = complaints.add(
            about,
            user.user_id,
            platform,
            username=_handle(username),
            issue=" ".join(issue.split()),
            filed_by=by.name,
            now=by.at,
        )
        store.audit.add(
            "complaint.filed",
            by,
            subject=user.user_id,
            client_id=about,
            details={"platform": platform.value},
        )
    return complaint


def list_complaints(
    store: Store, clients: Sequence[str] | None, *, limit: int
) -> list[dict[str, Any]]:
    """Those about the posts of these clients, or of all, the newest first; NotFoundError for a client that there is not."""
    ids = [get_client(store, typed).client_id for typed in clients] if clients else None
    return ComplaintRepository(store.connection).list(ids, limit=limit)


def _handle(typed: str) -> str | None:
    """The handle that was told; one that cannot be one as it was typed, for the operator to read."""
    try:
        return normalise_handle(typed)
    except ValueError:
        return typed.strip() or None
