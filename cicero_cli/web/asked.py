"""What the dashboards ask about: which clients, which days; and answers that are kept until something changes."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

from fastapi import Response
from pydantic import Field
from starlette.exceptions import HTTPException

from cicero_cli.domain.spans import SpanWords
from cicero_cli.repositories.recap import Choice, ClientSpan
from cicero_cli.services.recapping import choose_clients_of_call
from cicero_cli.web.access import Call
from cicero_cli.web.answers import Schema
from cicero_cli.web.lanes import Lane

_KEPT_SECONDS = 30
_KEPT_BYTES = 4_000_000


class ClientQuery(Schema):
    """Whose data. Blank parameters say nothing, unknown ones are ignored."""

    client_id: str | None = Field(
        default=None, description="in any case; without it the token's client"
    )
    role: str | None = Field(default=None, description="accepted, and changes nothing")
    scope: str | None = Field(
        default=None,
        description="ORG, or DIREKTORAT: without `client_id` every client that the account may see",
    )
    regional_id: str | None = Field(
        default=None, description="narrows DIREKTORAT to the clients of this region"
    )


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
    """The client that was named; in scope DIREKTORAT all that the caller may see; else the token's."""
    ids, is_named = call.client_ids, call.client_id is not None
    is_wide = query is not None and (query.scope or "").strip().upper() == "DIREKTORAT"
    home = call.caller.client_id
    if not is_named and not is_wide and home is not None:
        if not call.caller.may_see(home):
            raise HTTPException(403)
        ids, is_named = [home], True
    region = (query.regional_id or "").replace("\x00", "") if query is not None else None
    return choose_clients_of_call(call.store, ids, named=is_named, regional_id=region)


def remembered(
    call: Call,
    name: str,
    spans: Sequence[ClientSpan],
    make: Callable[[], Response],
    *more: object,
) -> Response:
    """The answer kept for these clients, days and `more`, or a new one, which is kept; without Redis always a new one.

    The key holds each client's data version, which changes in the very transaction that changes anything an answer
    tells (migration 0006). It was read before the answer is made, so what is kept under it is never older. So nothing
    has to be dropped: what a fetch has outdated is no longer found, and goes after some seconds.
    """
    if call.settings.redis_url is None:
        return make()
    words = [repr(more)]
    words += [
        f"{one.choice.client_id} {one.choice.version} {one.span.first_day} {one.span.last_day}"
        for one in spans
    ]
    digest = hashlib.blake2b("\n".join(words).encode(), digest_size=16).hexdigest()
    key = f"answer:{name}:{digest}"
    memory = call.parts.memory
    kept = memory.get(key)
    if kept is None:
        kept = call.cache.get(key)
        if kept is None:
            response = make()
            if len(response.body) <= _KEPT_BYTES:
                memory.set(key, bytes(response.body), seconds=_KEPT_SECONDS)
                call.cache.set(key, bytes(response.body), seconds=_KEPT_SECONDS)
            return response
        memory.set(key, kept, seconds=_KEPT_SECONDS)
    return Response(kept, media_type="application/json")


def move_if_large(call: Call, spans: Sequence[ClientSpan]) -> None:
    """More than one client's day is made in the lane for what takes long; nothing before this has cost anything."""
    if len(spans) > 1 or any(one.span.first_day != one.span.last_day for one in spans):
        call.move_to(Lane.HEAVY)
