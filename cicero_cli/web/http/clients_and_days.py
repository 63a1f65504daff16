"""What the dashboards ask about: which clients, which days; and answers that are kept until something changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from fastapi import Response
from pydantic import Field
from starlette.exceptions import HTTPException

from cicero_cli.domain.spans import SpanWords
from cicero_cli.repositories.roster.client_spans import Choice, ClientSpan
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.http.answers import Schema
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.lanes import Lane


class ClientQuery(Schema):
    """Whose data. Blank parameters say nothing, unknown ones are ignored."""

    client_id: str | None = Field(
        default=None, description="in any case; without it the token's client"
    )
    role: str | None = Field(
        default=None,
        description="in scope DIREKTORAT and without `client_id`: the directorate of this name, where there are several",
    )
    scope: str | None = Field(
        default=None,
        description="ORG, or DIREKTORAT: the client that `client_id` names with those who are expected on its posts,"
        " else the account's directorate; every client that it may see where none is one",
    )
    regional_id: str | None = Field(
        default=None, description="in scope DIREKTORAT and without `client_id`: only clients here"
    )

    @property
    def is_wide(self) -> bool:
        """Whether a directorate is asked about."""
        return (self.scope or "").strip().upper() == "DIREKTORAT"


class SpanQuery(ClientQuery):
    """Whose data, and of which days of the client's own time zone."""

    periode: str | None = Field(
        default=None,
        description="harian (the default), mingguan (Monday to Sunday around `tanggal`) or bulanan",
    )
    tanggal: str | None = Field(
        default=None, description="YYYY-MM-DD, for bulanan also YYYY-MM; today without it"
    )
    tanggal_mulai: str | None = Field(default=None, description="first day, instead of a periode")
    tanggal_selesai: str | None = Field(default=None, description="last day, at most 366 days on")
    start_date: str | None = Field(default=None, description="as tanggal_mulai")
    end_date: str | None = Field(default=None, description="as tanggal_selesai")

    @property
    def words(self) -> SpanWords:
        """The days as they were typed."""
        return SpanWords(
            periode=self.periode,
            tanggal=self.tanggal,
            mulai=self.tanggal_mulai or self.start_date,
            selesai=self.tanggal_selesai or self.end_date,
        )


def clients_asked(call: Call, query: ClientQuery | None = None) -> list[Choice]:
    """The client that was named, else the token's.

    In scope DIREKTORAT without a name the account's directorate; without one all that the account may see.
    """
    is_wide = query is not None and query.is_wide
    client_id = call.client_id or (None if is_wide else call.caller.client_id)
    if client_id is not None:
        return [_named(call, client_id)]
    region = _word(query.regional_id) if query is not None else None
    choices = call.store.recap.choices(call.visible_ids, regional_id=region)
    directorates = [choice for choice in choices if choice.is_directorate]
    if not is_wide or not directorates:
        return choices
    return [_directorate(call, directorates, _word(query.role if query else None))]


def _named(call: Call, client_id: str) -> Choice:
    if not call.caller.may_see(client_id):
        raise HTTPException(403)
    if call.choice is None:
        get_client(call.store, client_id)  # there is none: it says which there are
        raise HTTPException(404)
    return call.choice


def _directorate(call: Call, directorates: Sequence[Choice], role: str | None) -> Choice:
    """The only one, else that of this role (`ditbinmas`: DITBINMAS, else the only DITBINMAS_…), else the token's."""
    if len(directorates) == 1:
        return directorates[0]
    by_id = {choice.client_id: choice for choice in directorates}
    if role in by_id:
        return by_id[role]
    alike = [one for one in directorates if role and one.client_id.startswith(f"{role}_")]
    if len(alike) == 1:
        return alike[0]
    if call.caller.client_id in by_id:
        return by_id[call.caller.client_id]
    names = ", ".join(by_id)
    raise HTTPException(400, f"Sebut salah satu direktorat sebagai client_id: {names}.")


def _word(typed: str | None) -> str | None:
    return (typed or "").replace("\x00", "").strip().upper() or None


def remembered(
    call: Call,
    name: str,
    spans: Sequence[ClientSpan],
    make: Callable[[], Response],
    *more: object,
) -> Response:
    """The answer kept for these clients, days and `more`, or a new one, which is kept.

    The key holds each client's data version, which changes in the very transaction that changes anything an answer
    tells (migration 0006). It was read before the answer is made, so what is kept under it is never older.
    """
    words = [repr(more)]
    words += [
        f"{one.choice.client_id} {one.choice.version} {one.span.first_day} {one.span.last_day}"
        for one in spans
    ]
    digest = hashlib.blake2b("\n".join(words).encode(), digest_size=16).hexdigest()
    key = f"answer:{name}:{digest}"
    body = call.parts.kept_answers.find(key)
    if body is None:
        body = bytes(make().body)
        call.parts.kept_answers.keep(key, body)
    return Response(body, media_type="application/json")


def move_if_large(call: Call, spans: Sequence[ClientSpan]) -> None:
    """More than one client's day is made in the lane for what takes long."""
    if len(spans) > 1 or any(one.span.first_day != one.span.last_day for one in spans):
        call.move_to(Lane.HEAVY)
