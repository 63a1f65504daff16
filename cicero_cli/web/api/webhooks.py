"""What WhatsApp gateways report by themselves: who got and who read a message."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.core.setting_values import Secret
from cicero_cli.gateways.whatsapp.webhooks import is_from_gowa, is_from_waha, read_acks
from cicero_cli.services.messaging.sender_settings import webhook_secret_of
from cicero_cli.web.http.answers import Envelope, Refusal, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import PUBLIC, Client
from cicero_cli.web.http.routing import GuardedRouter

_BODY_LIMIT = 262_144  # bytes; an ack has a thousand, other reports carry what WhatsApp said

router = GuardedRouter(prefix="/webhooks", tag="webhooks")


class Recorded(Schema):
    """How many acks were of messages that we know."""

    recorded: int


_REFUSED: dict[int | str, dict[str, Any]] = {
    403: {
        "model": Refusal,
        "description": "The body is not signed with the sender's webhook secret, or is old",
    }
}


@router.write(
    "POST",
    "/whatsapp/{gateway}",
    role=PUBLIC,
    client=Client.NONE,
    schema=Envelope[Recorded],
    responses=_REFUSED,
    repeatable=True,
    body_limit=_BODY_LIMIT,
    is_signed=True,
)
def receive(call: Call, gateway: Literal["waha", "gowa"]) -> Response:
    """Take a signed report of acks of the gateway that CICERO_WHATSAPP names."""
    secret = call.settings.wa_webhook_secret
    if secret is None:
        raise HTTPException(404)
    return _take(call, gateway, secret)


@router.write(
    "POST",
    "/whatsapp/{gateway}/{sender}",
    role=PUBLIC,
    client=Client.NONE,
    schema=Envelope[Recorded],
    responses=_REFUSED,
    repeatable=True,
    body_limit=_BODY_LIMIT,
    is_signed=True,
)
def receive_of(call: Call, gateway: Literal["waha", "gowa"], sender: str) -> Response:
    """Take a signed report of acks of another sender's gateway, which has a secret of its own (cicero wa set)."""
    found = call.store.senders.get(sender)
    secret = webhook_secret_of(found) if found and found.gateway == gateway else None
    if secret is None:
        call.store.refusals.count("webhook.refused", now=call.now)
        raise HTTPException(403)
    return _take(call, gateway, secret)


def _take(call: Call, gateway: Literal["waha", "gowa"], secret: Secret) -> Response:
    headers, key = call.request.headers, secret.reveal()
    is_genuine = (
        is_from_waha(call.body, headers, key=key, now=call.now)
        if gateway == "waha"
        else is_from_gowa(call.body, headers, key=key, now=call.now)
    )
    if not is_genuine:
        call.store.refusals.count("webhook.refused", now=call.now)
        raise HTTPException(403)
    recorded = [
        call.store.outbox.receive_ack(event.message_id, event.ack, now=call.now)
        for event in read_acks(call.body)
    ]
    return answer({"recorded": sum(recorded)})
