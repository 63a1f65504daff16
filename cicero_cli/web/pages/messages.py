"""One WhatsApp message with its text, and what an admin decides about it: by the same service as `cicero outbox`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.messaging.messages import MessageStatus
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.domain.roster.clients import Client as ClientRow
from cicero_cli.domain.roster.users import User
from cicero_cli.services.messaging.operator_decisions import (
    Decided,
    cancel_messages,
    get_message,
    mark_messages_sent,
    retry_messages,
)
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.html import go_to, render_page
from cicero_cli.web.pages.message_reasons import explain_code, next_step
from cicero_cli.web.pages.page_guard import page_router
from cicero_cli.web.pages.recipients import describe_recipient, report_numbers

router = page_router()

_BODY_LIMIT = 20_000


@dataclass(frozen=True)
class Decision:
    """What may be decided about a message, while it is in which states; `word` is the last part of the address."""

    word: str
    label: str
    statuses: frozenset[str]


_NOT_SENT = frozenset({MessageStatus.QUEUED, MessageStatus.FAILED, MessageStatus.EXPIRED})
DECISIONS = (
    Decision("tandai-terkirim", "Tandai terkirim", frozenset({MessageStatus.UNKNOWN})),
    Decision("kirim-ulang", "Kirim ulang", _NOT_SENT | {MessageStatus.UNKNOWN, MessageStatus.CANCELLED}),
    Decision("batalkan", "Batalkan", _NOT_SENT | {MessageStatus.UNKNOWN}),
)  # fmt: skip


@router.read("/klien/{client_id}/pesan/{message_id}", role=Role.VIEWER, client=Client.NAMED)
def of_client(call: Call, message_id: str, ok: str = "") -> Response:
    """Show one message of a client."""
    message = _find(call, message_id)
    if message["client_id"] != call.one_client:
        raise HTTPException(404)
    return _show(call, message, ok=ok)


@router.read("/pesan/{message_id}", role=Role.ADMIN, client=Client.NONE)
def of_anybody(call: Call, message_id: str, ok: str = "") -> Response:
    """Show one message, whoever's it is."""
    return _show(call, _find(call, message_id), ok=ok)


@router.read("/pesan/{message_id}/{word}", role=Role.ADMIN, client=Client.NONE)
def ask(call: Call, message_id: str, word: str) -> Response:
    """Say what a decision would do, and ask for it once more."""
    decision, message = _decision(word), _find(call, message_id)
    if message["status"] not in decision.statuses:
        return _refuse(call, message)
    return _ask(call, message, decision)


@router.write(
    "POST",
    "/pesan/{message_id}/{word}",
    role=Role.ADMIN,
    client=Client.NONE,
    body_limit=_BODY_LIMIT,
)
def decide(call: Call, message_id: str, word: str) -> Response:
    """Do what was decided, unless the message is no longer as it was shown."""
    decision, message, form = _decision(word), _find(call, message_id), read_form(call.request)
    if message["status"] not in decision.statuses:
        return _refuse(call, message)
    if form.get("versi") != _version(message):
        error = "Keadaan pesan ini baru saja berubah. Baca lagi, lalu putuskan sekali lagi."
        return _ask(call, message, decision, error=error, status=409)
    if may_double(message, decision) and not form.is_checked("diperiksa"):
        error = "Belum dikirim ulang: centang dulu bahwa percakapannya sudah diperiksa."
        return _ask(call, message, decision, error=error, status=400)
    decided = _carry_out(call, decision, message["message_id"])
    if decided.failures:
        return _refuse(call, _find(call, message_id))
    return go_to(f"{address_of(message)}?ok={decision.word}")


def address_of(message: dict[str, Any]) -> str:
    """Where a message is shown: under its client, if it has one."""
    under = f"/klien/{message['client_id']}" if message["client_id"] else ""
    return f"{under}/pesan/{message['message_id']}"


def may_double(message: dict[str, Any], decision: Decision) -> bool:
    """Whether its recipient could get it twice: it may have been sent, and not under an id that WhatsApp would know again."""
    keeps_id = message["gateway_message_id"] and not message["attachment_name"]
    return (
        decision.word == "kirim-ulang"
        and message["status"] == MessageStatus.UNKNOWN
        and not (message["gateway"] == "waha" and keeps_id)
    )


def _carry_out(call: Call, decision: Decision, message_id: int) -> Decided:
    match decision.word:
        case "kirim-ulang":
            return retry_messages(call.store, [message_id], by=call.actor)
        case "batalkan":
            return cancel_messages(call.store, [message_id], by=call.actor)
        case _:
            return mark_messages_sent(call.store, [message_id], by=call.actor)


def _decision(word: str) -> Decision:
    for decision in DECISIONS:
        if decision.word == word:
            return decision
    raise HTTPException(404)


def _find(call: Call, message_id: str) -> dict[str, Any]:
    if not re.fullmatch(r"[0-9]{1,18}", message_id):
        raise HTTPException(404)
    return get_message(call.store, int(message_id))


def _version(message: dict[str, Any]) -> str:
    """What a form repeats: the same state as a try later is not the same message any more."""
    return f"{message['status']} {message['attempts']} {message['claimed_at']}"


def _refuse(call: Call, message: dict[str, Any]) -> Response:
    return _show(call, message, is_refused=True, http_status=409)


def _ask(
    call: Call, message: dict[str, Any], decision: Decision, *, error: str = "", status: int = 200
) -> Response:
    return _render(
        call,
        "message_decision.html.j2",
        message,
        http_status=status,
        decision=decision,
        may_double=may_double(message, decision),
        versi=_version(message),
        error=error,
    )


def _show(
    call: Call,
    message: dict[str, Any],
    *,
    ok: str = "",
    is_refused: bool = False,
    http_status: int = 200,
) -> Response:
    is_admin = call.caller.role is Role.ADMIN
    return _render(
        call,
        "message.html.j2",
        message,
        http_status=http_status,
        ok=ok,
        is_refused=is_refused,
        decisions=[each for each in DECISIONS if is_admin and message["status"] in each.statuses],
        step=next_step(message["status"], message["error_code"]),
    )


def _render(call: Call, template: str, message: dict[str, Any], **context: Any) -> Response:
    client, user = _whose(call, message)
    numbers = report_numbers(
        call.settings.admin_whatsapp,
        operator=client.client_operator if client else None,
        super_admin=client.client_super if client else None,
        group=client.client_group if client else None,
    )
    recipient = describe_recipient(
        message["recipient"],
        nama=user.nama if user else None,
        title=user.title if user else None,
        numbers=numbers,
        shows_numbers=call.caller.role >= Role.OPERATOR,
    )
    return render_page(
        call,
        template,
        client=client,
        zone=client.zone if client else HOME_ZONE,
        message=message,
        address=address_of(message),
        recipient=recipient,
        is_explained=bool(user and client and user.client_id == client.client_id),
        reason=explain_code(message["error_code"]) if message["error_code"] else None,
        **context,
    )


def _whose(call: Call, message: dict[str, Any]) -> tuple[ClientRow | None, User | None]:
    client_id, user_id = message["client_id"], message["user_id"]
    return (
        call.store.clients.get(client_id) if client_id else None,
        call.store.users.get(user_id) if user_id else None,
    )
