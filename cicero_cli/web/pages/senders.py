"""The WhatsApp accounts that send, for admins: what waits for each, what holds it up, and a stop for one or all."""

from __future__ import annotations

from typing import NamedTuple

from fastapi import Response

from cicero_cli.core.settings import Settings
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.errors import NotFoundError
from cicero_cli.services.messaging.sender_settings import settings_of
from cicero_cli.services.messaging.sender_states import SenderState, read_senders
from cicero_cli.services.messaging.senders import get_sender, pause_senders, resume_senders
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import SMALL_BODY, Client
from cicero_cli.web.pages.failure_reasons import pause_words
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.html import go_to
from cicero_cli.web.pages.page_guard import page_router

router = page_router()

_LONGEST_REASON = 200
_WORDS = {
    "ready": ("Mengirim", "good"),
    "paused": ("Dijeda", "warn"),
    "unset": ("Belum diatur", "warn"),
    "daily_cap": ("Batas harian tercapai", "warn"),
}


class Line(NamedTuple):
    """One account in the words of the page; `kind` colours its state."""

    state: SenderState
    word: str
    kind: str
    remedy: str


def sender_lines(call: Call) -> list[Line]:
    """Every account that can send, and `default` where something waits for it."""
    return [
        Line(one, *_WORDS.get(one.word, ("Berhenti", "bad")), _remedy(one))
        for one in read_senders(call.store, call.settings, now=call.now)
        if one.gateway or one.queued
    ]


def settings_of_sender(call: Call, name: str) -> Settings:
    """The settings that this account has; SettingError or NotFoundError."""
    if name in {"", DEFAULT}:
        return call.settings
    return settings_of(call.settings, get_sender(call.store, name))


@router.write(
    "POST", "/whatsapp/pengirim", role=Role.ADMIN, client=Client.NONE, body_limit=SMALL_BODY
)
def hold(call: Call) -> Response:
    """Stop an account, or all without a name, from the next message on; or let it go on."""
    form = read_form(call.request)
    names = [form.get("nama")] if form.get("nama") else []
    try:
        if form.get("tindakan") == "lanjut":
            resume_senders(call.store, names, by=call.actor)
        else:
            reason = form.get("alasan").strip()[:_LONGEST_REASON]
            pause_senders(call.store, names, reason, by=call.actor)
    except NotFoundError:  # removed meanwhile
        pass
    return go_to("/whatsapp?sampai=0#pengirim")


def _remedy(one: SenderState) -> str:
    if one.word == "paused":
        reason = one.sender.pause_reason
        return f"Oleh {one.sender.paused_by}" + (f": {reason}" if reason else "")
    return pause_words(one.word) if one.word not in _WORDS else ""
