"""Refusals of whatsmeow, the library inside WAHA's GOWS and gowa, made before anything is sent.

Both gateways pass them on as a 500 that could mean anything; these words are certain.
"""

from __future__ import annotations

import re

from cicero_cli.domain.messaging.gateway_answers import Sent, Verdict
from cicero_cli.words import template

_NOT_ON_WHATSAPP = re.compile(
    r"\bno LID\b|\bLID (?:is )?missing\b|not (?:registered )?on WhatsApp|not a WhatsApp user|"
    r"(?:phone|number|wid|jid|recipient)[^.]{0,40}(?:does not exist|not registered)",
    re.IGNORECASE,
)
_NOT_IN_GROUP = re.compile(
    r"not participating in that group|that group does not exist", re.IGNORECASE
)


def read_refusal(message: str) -> Sent | None:
    """What a gateway's words prove about the message; None when they prove nothing."""
    if _NOT_IN_GROUP.search(message):
        hint = template(
            "add the WhatsApp account to the group, or set another group for the client"
        )
        return Sent(verdict=Verdict.PERMANENT, code="not_in_group", hint=hint)
    if _NOT_ON_WHATSAPP.search(message):
        return Sent(verdict=Verdict.PERMANENT, code="no_such_number")
    return None
