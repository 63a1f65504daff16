"""How the installation is doing, as `cicero status` shows it: narrowed to what the caller may see."""

from __future__ import annotations

from fastapi import Response

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.services.operations.status import read_status
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.pages.html import render_page
from cicero_cli.web.pages.page_guard import page_router

router = page_router()


@router.read("/status", role=Role.VIEWER, client=Client.OWN)
def state(call: Call) -> Response:
    """Show the last fetches, what is overdue, and for admins the quota and the outbox."""
    found = read_status(
        call.store, now=call.now, fetch_at=call.settings.fetch_at, client_ids=call.client_ids
    )
    zones = {client.client_id: client.zone for client in call.store.clients.list()}
    is_admin = call.caller.role is Role.ADMIN
    return render_page(
        call,
        "state.html.j2",
        runs=found.runs,
        zones=zones,
        missed=sum(run.is_missed for run in found.runs),
        hosts=found.hosts if is_admin else [],
        outbox=found.outbox if is_admin else {},
        held_up=found.held_up if is_admin else [],
        zone=HOME_ZONE,
        shows_reasons=call.caller.role >= Role.OPERATOR,
    )
