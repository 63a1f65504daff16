"""WhatsApp messages of one client, or of all for admins: page by page, newest first, and what became of each."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import Query, Response

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.messaging.messages import Kind, MessageStatus
from cicero_cli.domain.periods import HOME_ZONE, day_bounds, local_day, parse_day
from cicero_cli.domain.roster.clients import Client as ClientRow
from cicero_cli.errors import InputError
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.http.answers import Schema
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.pages.html import render_page
from cicero_cli.web.pages.message_reasons import explain_code
from cicero_cli.web.pages.page_guard import page_router
from cicero_cli.web.pages.recipients import describe_recipient, report_numbers
from cicero_cli.words import reason_of

router = page_router()

PAGE_SIZE = 50
_KINDS = [each.value for each in Kind]
_STATUSES = [each.value for each in MessageStatus]


class OutboxQuery(Schema):
    """What the filter form sends; `sebelum` is the number of the last message of the page before."""

    jenis: str = ""
    status: str = ""
    hari: str = ""
    sebelum: str = ""


@router.read("/klien/{client_id}/pesan", role=Role.VIEWER, client=Client.NAMED)
def of_client(call: Call, query: Annotated[OutboxQuery, Query()]) -> Response:
    """List the messages of one client."""
    return _list(call, get_client(call.store, call.one_client), query)


@router.read("/pesan", role=Role.ADMIN, client=Client.NONE)
def of_all(call: Call, query: Annotated[OutboxQuery, Query()]) -> Response:
    """List the messages of all clients."""
    return _list(call, None, query)


def _list(call: Call, client: ClientRow | None, query: OutboxQuery) -> Response:
    zone = client.zone if client else HOME_ZONE
    kind = query.jenis if query.jenis in _KINDS else ""
    status = query.status if query.status in _STATUSES else ""
    before = int(query.sebelum) if re.fullmatch(r"[0-9]{1,18}", query.sebelum) else None
    rows = call.store.outbox.list_page(
        client_id=client.client_id if client else None,
        status=status or None,
        kind=kind or None,
        bounds=_bounds(query.hari, zone, now=call.now),
        before=before,
        limit=PAGE_SIZE + 1,
    )
    return render_page(
        call,
        "outbox.html.j2",
        client=client,
        messages=[_shown(call, row) for row in rows[:PAGE_SIZE]],
        next_before=rows[PAGE_SIZE - 1]["message_id"] if len(rows) > PAGE_SIZE else None,
        is_first=before is None,
        kinds=_KINDS,
        statuses=_STATUSES,
        kind=kind,
        status=status,
        hari=query.hari,
        today=local_day(call.now, zone),
        shows_numbers=call.caller.role >= Role.OPERATOR,
    )


def _bounds(
    hari: str, zone: ZoneInfo, *, now: datetime
) -> tuple[datetime, datetime] | tuple[None, None]:
    """The day's in the zone; none without a day, InputError for what is no day."""
    if not hari:
        return None, None
    try:
        return day_bounds(parse_day(hari, today=local_day(now, zone)), zone)
    except ValueError as error:
        raise InputError(
            "--date {typed}: {reason}", field="date", typed=hari, reason=reason_of(error)
        ) from error


def _shown(call: Call, row: dict[str, Any]) -> dict[str, Any]:
    numbers = report_numbers(
        call.settings.admin_whatsapp,
        operator=row["client_operator"],
        super_admin=row["client_super"],
        group=row["client_group"],
    )
    return {
        **row,
        "recipient": describe_recipient(
            row["recipient"],
            nama=row["user_nama"],
            title=row["user_title"],
            numbers=numbers,
            shows_numbers=call.caller.role >= Role.OPERATOR,
        ),
        "is_explained": row["user_id"] and row["user_client_id"] == row["client_id"],
        "zone": ZoneInfo(row["timezone"]) if row["timezone"] else HOME_ZONE,
        "last_at": row["read_at"] or row["delivered_at"] or row["accepted_at"],
        "reason": explain_code(row["error_code"]) if row["error_code"] else None,
    }
