"""What WhatsApp gateways report by themselves: who got and who read a message, and what people write to the account."""

from __future__ import annotations

import hmac
from typing import Any, Literal

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.core.setting_values import Secret
from cicero_cli.core.settings import Settings
from cicero_cli.domain.messaging.gateway_answers import Incoming
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.errors import CiceroError
from cicero_cli.gateways.whatsapp.incoming import read_cloud, read_gowa, read_waha
from cicero_cli.gateways.whatsapp.webhooks import (
    is_from_gowa,
    is_from_meta,
    is_from_waha,
    read_acks,
    read_cloud_acks,
)
from cicero_cli.services.messaging.inbound import receive_message
from cicero_cli.services.messaging.sender_settings import settings_of
from cicero_cli.web.http.answers import Envelope, Refusal, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import PUBLIC, Client
from cicero_cli.web.http.routing import GuardedRouter

_BODY_LIMIT = 262_144  # bytes; an ack has a thousand, other reports carry what WhatsApp said
_LONGEST_CHALLENGE = 200

Gateway = Literal["waha", "gowa", "cloud"]
router = GuardedRouter(prefix="/webhooks", tag="webhooks")


class Recorded(Schema):
    """How many acks were of messages that we know, and how many messages were of people that we know."""

    recorded: int
    received: int


_NOT_SET_UP = {"model": Refusal, "description": "Nothing is set up here that could be verified"}
_NOT_VERIFIED: dict[int | str, dict[str, Any]] = {
    403: {"model": Refusal, "description": "Not with CICERO_CLOUD_VERIFY_TOKEN"},
    404: _NOT_SET_UP,
}


@router.read("/whatsapp/cloud", role=PUBLIC, client=Client.NONE, lane=None, responses=_NOT_VERIFIED)
def subscribe(call: Call) -> Response:
    """Give Meta its challenge back, which asks for it when the webhook is entered there."""
    asked, token = call.request.query_params, call.settings.cloud_verify_token
    challenge = asked.get("hub.challenge", "")
    if token is None or asked.get("hub.mode") != "subscribe":
        raise HTTPException(404)
    if not hmac.compare_digest(asked.get("hub.verify_token", "").encode(), token.reveal().encode()):
        raise HTTPException(403)
    if not challenge.isalnum() or len(challenge) > _LONGEST_CHALLENGE:
        raise HTTPException(400)
    return Response(challenge, media_type="text/plain")


@router.read(
    "/whatsapp/cloud/{sender}",
    role=PUBLIC,
    client=Client.NONE,
    lane=None,
    responses=_NOT_VERIFIED,
)
def subscribe_of(call: Call, sender: str) -> Response:
    """The same for the webhook of another sender: one token is enough to show that it is us."""
    return subscribe(call)


_REFUSED: dict[int | str, dict[str, Any]] = {
    403: {
        "model": Refusal,
        "description": "The body is not signed with the sender's webhook secret, or is old",
    },
    404: _NOT_SET_UP,
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
def receive(call: Call, gateway: Gateway) -> Response:
    """Take the signed report of the gateway that CICERO_WHATSAPP names: acks, and what people wrote to the account."""
    secret = call.settings.wa_webhook_secret
    if secret is None:
        raise HTTPException(404)
    return _take(call, gateway, call.settings, secret)


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
def receive_of(call: Call, gateway: Gateway, sender: str) -> Response:
    """Take the signed report of another sender's gateway, which has a secret of its own (cicero wa set)."""
    found = call.store.senders.get(sender)
    own = settings_of(call.settings, found) if found and found.gateway == gateway else None
    if own is None or own.wa_webhook_secret is None:
        call.store.refusals.count("webhook.refused", now=call.now)
        raise HTTPException(403)
    return _take(call, gateway, own, own.wa_webhook_secret, sender)


def _take(
    call: Call, gateway: Gateway, settings: Settings, secret: Secret, sender: str = DEFAULT
) -> Response:
    headers, key = call.request.headers, secret.reveal()
    is_genuine = {
        "waha": lambda: is_from_waha(call.body, headers, key=key, now=call.now),
        "gowa": lambda: is_from_gowa(call.body, headers, key=key, now=call.now),
        "cloud": lambda: is_from_meta(call.body, headers, key=key),
    }[gateway]()
    if not is_genuine:
        call.store.refusals.count("webhook.refused", now=call.now)
        raise HTTPException(403)
    acks = (
        read_cloud_acks(call.body, phone_id=settings.cloud_phone_id or "")
        if gateway == "cloud"
        else read_acks(call.body)
    )
    recorded = [
        call.store.outbox.receive_ack(event.message_id, event.ack, now=call.now) for event in acks
    ]
    received = _receive_messages(call, gateway, settings, sender)
    return answer({"recorded": sum(recorded), "received": received})


def _receive_messages(call: Call, gateway: Gateway, settings: Settings, sender: str) -> int:
    """How many were handled now. One that cannot be fails alone: the gateway will report them all again."""
    if not settings.wa_answers:
        return 0
    received, failure = 0, None
    for message in _read_messages(call, gateway, settings):
        try:
            received += receive_message(
                call.store,
                gateway,
                message,
                to=sender,
                admins=settings.admin_whatsapp,
                now=call.now,
            )
        except CiceroError as error:
            failure = error
    if failure is not None:
        raise failure
    return received


def _read_messages(call: Call, gateway: Gateway, settings: Settings) -> list[Incoming]:
    if gateway == "waha":
        return read_waha(call.body, session=settings.waha_session)
    if gateway == "gowa":
        return read_gowa(call.body)
    return read_cloud(call.body, phone_id=settings.cloud_phone_id or "")
