"""Handles that a client's people wrote to the account, decided by the same service as `cicero usulan`."""

from __future__ import annotations

import re

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.access.accounts import Role
from cicero_cli.errors import InputError, NotFoundError
from cicero_cli.repositories.roster.handle_proposals import Settled
from cicero_cli.services.messaging.handle_proposals import list_proposals, settle_proposal
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import SMALL_BODY, Client
from cicero_cli.web.http.sentences import reason_sentence
from cicero_cli.web.pages.html import go_to, render_page
from cicero_cli.web.pages.page_guard import page_router

router = page_router()

_OUTCOMES = {"terima": Settled.ACCEPTED, "tolak": Settled.REFUSED}


@router.read("/klien/{client_id}/usulan", role=Role.OPERATOR, client=Client.NAMED)
def of_client(call: Call, ok: str = "") -> Response:
    """List the handles that wait to be decided, the oldest first."""
    return _list(call, ok=ok)


@router.write(
    "POST",
    "/klien/{client_id}/usulan/{number}/{word}",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=SMALL_BODY,
)
def decide(call: Call, number: str, word: str) -> Response:
    """Accept or refuse one, or say why that cannot be."""
    if word not in _OUTCOMES or not re.fullmatch(r"[0-9]{1,18}", number):
        raise HTTPException(404)
    try:
        settle_proposal(
            call.store, int(number), _OUTCOMES[word], by=call.actor, client_ids=[call.one_client]
        )
    except NotFoundError:
        return _list(call, error="Usulan itu sudah diputuskan atau diganti.", status=409)
    except InputError as error:
        return _list(call, error=reason_sentence(error), status=409)
    return go_to(f"/klien/{call.one_client}/usulan?ok={word}")


def _list(call: Call, *, ok: str = "", error: str = "", status: int = 200) -> Response:
    client = get_client(call.store, call.one_client)
    return render_page(
        call,
        "proposals.html.j2",
        http_status=status,
        client=client,
        proposals=list_proposals(call.store, [client.client_id]),
        ok=ok,
        error=error,
    )
