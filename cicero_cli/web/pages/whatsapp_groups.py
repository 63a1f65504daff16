"""Which WhatsApp group gets a client's reports: chosen among those that the account is in."""

from __future__ import annotations

from fastapi import Response

from cicero_cli.bootstrap import open_gateway
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.messaging.gateway_answers import Group
from cicero_cli.errors import InputError, SettingError, TryLaterError
from cicero_cli.services.messaging.account_link import join_group
from cicero_cli.services.ports import WhatsappGateway
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import SMALL_BODY, Client
from cicero_cli.web.http.sentences import error_sentence
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.html import go_to, render_page
from cicero_cli.web.pages.page_guard import page_router

router = page_router()

_PATIENCE = (1.5, 8.0)  # seconds; some gateways ask WhatsApp first
_WITH_GROUPS = frozenset({"waha", "gowa"})


@router.read("/whatsapp/grup", role=Role.ADMIN, client=Client.NONE, lane=Lane.UPSTREAM)
def choice(call: Call, klien: str = "", ok: str = "") -> Response:
    """Show each client's group, and a form to choose another."""
    return _show(call, client_id=klien, ok=ok)


@router.write(
    "POST",
    "/whatsapp/grup",
    role=Role.ADMIN,
    client=Client.NONE,
    lane=Lane.UPSTREAM,
    body_limit=SMALL_BODY,
)
def choose(call: Call) -> Response:
    """Make a group the client's, once the account is seen to be in it."""
    form = read_form(call.request)
    client_id, group_id = form.get("klien"), form.get("grup")
    gateway = _gateway(call)
    if gateway is None:
        return go_to("/whatsapp/grup")
    if not group_id:
        return _show(call, client_id=client_id, error="Pilih grupnya dulu.", status=400)
    try:
        get_client(call.store, client_id)
        join_group(call.store, gateway, group_id, client_id, by=call.actor)
    except InputError as error:
        return _show(call, client_id=client_id, error=error_sentence(error), status=400)
    except (SettingError, TryLaterError):
        return _show(call, client_id=client_id, status=502)
    return go_to("/whatsapp/grup?ok=klien")


def _show(
    call: Call, *, client_id: str = "", ok: str = "", error: str = "", status: int = 200
) -> Response:
    gateway = _gateway(call)
    groups: list[Group] = []
    wrong = ""
    if gateway is not None:
        try:
            groups = gateway.list_groups()
        except (SettingError, TryLaterError) as refused:
            wrong = error_sentence(refused)
    clients = call.store.clients.list(active_only=True)
    holders: dict[str, list[str]] = {}
    for client in clients:
        holders.setdefault(client.client_group or "", []).append(client.client_id)
    first = next((client.client_id for client in clients if not client.client_group), "")
    return render_page(
        call,
        "whatsapp_groups.html.j2",
        http_status=status,
        has_groups=gateway is not None,
        groups=groups,
        names={group.group_id: group.name for group in groups},
        holders=holders,
        clients=clients,
        chosen=client_id.upper() or first,
        wrong=wrong,
        error=error,
        ok=ok,
    )


def _gateway(call: Call) -> WhatsappGateway | None:
    """None where there are no groups: the Cloud API, a file, nothing, or settings that /whatsapp complains of."""
    if call.settings.whatsapp not in _WITH_GROUPS:
        return None
    try:
        return open_gateway(call.settings, timeouts=_PATIENCE)
    except SettingError:
        return None
