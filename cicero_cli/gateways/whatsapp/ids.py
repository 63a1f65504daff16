"""How a chat and a message are called: every gateway wraps the same two names in its own way."""

from __future__ import annotations

import re

_ACCOUNT = re.compile(
    r"(\d{8,15})(?::\d+)?@(?:c\.us|s\.whatsapp\.net)"
)  # a number, perhaps a device
_CHOSEN = re.compile(r"[0-9A-Za-z]{6,}")


def is_group(recipient: str) -> bool:
    return recipient.endswith("@g.us")


def chat_id(recipient: str, suffix: str) -> str:
    """A group keeps its id; a person's digits get the gateway's suffix."""
    return recipient if is_group(recipient) else f"{recipient}@{suffix}"


def number_of(account_id: str) -> str | None:
    """The digits of an account's own id; None for a `…@lid`, which hides them, and for anything else."""
    found = _ACCOUNT.fullmatch(account_id)
    return found[1] if found else None


def bare_id(message_id: str) -> str:
    """The part that WhatsApp chose: 3EB0… of `true_1203…@g.us_3EB0…_62812…@c.us`.

    The chat in such an id may be a number here and a `…@lid` there; only this part is the same everywhere.
    """
    parts = [part for part in message_id.split("_") if _CHOSEN.fullmatch(part)]
    return parts[-1] if parts else message_id
