"""WhatsApp messages of one client, or of all for admins: the newest, and what became of each."""

from __future__ import annotations

from fastapi import Response

from cicero_cli.domain.accounts import Role
from cicero_cli.domain.clients import Client as ClientRow
from cicero_cli.domain.messages import MessageStatus, is_group
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.services.registering import get_client
from cicero_cli.web.access import Client
from cicero_cli.web.call import Call
from cicero_cli.web.pages.guarding import page_router
from cicero_cli.web.pages.rendering import render_page

router = page_router()

_MOST = 200
_NUMBER_ENDS = 4


@router.read("/klien/{client_id}/pesan", role=Role.VIEWER, client=Client.NAMED)
def of_client(call: Call, status: str = "") -> Response:
    """List the newest messages of one client."""
    return _list(call, get_client(call.store, call.one_client), status)


@router.read("/pesan", role=Role.ADMIN, client=Client.NONE)
def of_all(call: Call, status: str = "") -> Response:
    """List the newest messages of all clients."""
    return _list(call, None, status)


def mask_recipient(recipient: str) -> str:
    """A number with its last four digits only; a group is called one."""
    if is_group(recipient):
        return "Grup WhatsApp"
    return f"••••{recipient[-_NUMBER_ENDS:]}"


def _list(call: Call, client: ClientRow | None, status: str) -> Response:
    chosen = status if status in {each.value for each in MessageStatus} else ""
    rows = call.store.outbox.list_newest(
        status=chosen or None, client_id=client.client_id if client else None, limit=_MOST
    )
    shows_numbers = call.caller.role >= Role.OPERATOR
    messages = [
        {
            **row,
            "recipient": row["recipient"] if shows_numbers else mask_recipient(row["recipient"]),
            "last_at": row["read_at"] or row["delivered_at"] or row["accepted_at"],
        }
        for row in rows
    ]
    return render_page(
        call,
        "outbox.html.j2",
        client=client,
        zone=client.zone if client else HOME_ZONE,
        messages=messages,
        most=_MOST,
        status=chosen,
        statuses=[each.value for each in MessageStatus],
        shows_numbers=shows_numbers,
    )
