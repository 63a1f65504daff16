"""A sender: one WhatsApp account, with its own pace. What the settings say is the sender `default`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from cicero_cli.errors import BadValueError

DEFAULT = "default"
POOL = "pool"  # in place of a sender: whoever of the pool
_WORDS = frozenset({DEFAULT, POOL, "all", "none", "semua"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """One row of `sender`; of `default`, whose account is that of the settings, `gateway` is None."""

    name: str = DEFAULT
    gateway: str | None = None
    url: str | None = None
    session: str | None = None  # WAHA's session, gowa's device, the Cloud API's phone number id
    login: str | None = None
    key_file: str | None = None
    webhook_secret_file: str | None = None
    gap: str | None = None
    gap_user: str | None = None
    daily_cap: int | None = None
    in_pool: bool = False
    paused_at: datetime | None = None
    paused_by: str | None = None
    pause_reason: str | None = None


def normalise_sender_name(text: str) -> str:
    """Lower-case and trimmed; ValueError for what cannot be the name of a new one."""
    name = text.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{0,30}", name):
        raise BadValueError("expected up to 31 letters, digits and dashes, such as humas-2")
    if name in _WORDS:
        raise BadValueError("{name} has a meaning of its own; choose another name", name=name)
    return name
