"""Refusals of whatsmeow, the library inside WAHA's GOWS and gowa, made before anything is sent.

Both gateways pass them on as a 500 that could mean anything; these words are certain.
"""

from __future__ import annotations

import re

from cicero_cli.domain.messaging.gateway_answers import Sent, Verdict
from cicero_cli.words import template

_NO_LID = re.compile(r"\bno LID found\b", re.IGNORECASE)
_NOT_IN_GROUP = re.compile(
    r"not participating in that group|that group does not exist", re.IGNORECASE
)


def read_refusal(message: str) -> Sent | None:
    """What a gateway's words prove about the message; None when they prove nothing."""
    if _NO_LID.search(
        message
    ):  # unknown to WhatsApp, or its directory is behind: seen for known chats too
        return Sent(verdict=Verdict.RETRY, code="invalid_jid")
    if _NOT_IN_GROUP.search(message):
        hint = template(
            "add the WhatsApp account to the group, or set another group for the client"
        )
        return Sent(verdict=Verdict.PERMANENT, code="not_in_group", hint=hint)
    return None
