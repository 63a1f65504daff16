"""The address at which one person sees the own posts of one day without log-in: signed, and good for nothing else.

The signature is over the number that it was sent to as well, so that a link dies with a number that turns out to be another's.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date

_PURPOSE = "self-check"
_SIGNATURE_BYTES = 15  # 24 letters; nobody guesses 120 bits
_TOKEN = re.compile(r"(\d{6})\.([a-z2-7]{2,160})\.([a-z2-7]{24})")
_CENTURY = "20"


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose day a link says that it is; only `is_signed` tells whether we said so."""

    user_id: str
    day: date
    signature: str


def make_token(key: str, user_id: str, number: str, day: date) -> str:
    """The last part of the address."""
    whose = _letters(user_id.encode())
    return f"{day:%y%m%d}.{whose}.{_sign(key, user_id, number, day)}"


def read_token(token: str) -> Claim | None:
    """What it claims; None for what is no token."""
    found = _TOKEN.fullmatch(token)
    if found is None:
        return None
    try:
        day = date.fromisoformat(_CENTURY + found[1])
        user_id = base64.b32decode(found[2].upper() + "=" * (-len(found[2]) % 8)).decode()
    except (ValueError, binascii.Error):
        return None
    return Claim(user_id, day, found[3]) if user_id.isprintable() else None


def is_signed(key: str, claim: Claim, number: str) -> bool:
    """Whether this key signed it for this number."""
    expected = _sign(key, claim.user_id, number, claim.day)
    return hmac.compare_digest(expected.encode(), claim.signature.encode())


def _sign(key: str, user_id: str, number: str, day: date) -> str:
    said = f"{_PURPOSE} {day} {number} {user_id}"
    digest = hmac.new(key.encode(), said.encode(), hashlib.sha256).digest()
    return _letters(digest[:_SIGNATURE_BYTES])


def _letters(words: bytes) -> str:
    """Letters and digits alone: what WhatsApp takes for markup is not among them."""
    return base64.b32encode(words).decode().rstrip("=").lower()
