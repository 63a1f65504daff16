"""What somebody wants who writes to the account: the first word says it, whatever case, dots and smileys come with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from cicero_cli.domain.roster.unseen import without_unseen


class Want(StrEnum):
    """What a message asks for; the values are kept in `inbound`."""

    CHECK = "cek"
    STOP = "stop"
    START = "mulai"
    OTHER = "other"  # whatever else was written


@dataclass(frozen=True, slots=True)
class Request:
    """What was understood, and the words after the first one, as they were written."""

    want: Want
    rest: str = ""


_FIRST = re.compile(r"[^\W\d_]+")
_MOST_WORDS = (
    4  # "stop dulu ya pak" is an order; a longer sentence that begins so may be about anything
)
_WORDS = {
    "cek": Want.CHECK,
    "check": Want.CHECK,
    "chek": Want.CHECK,
    "stop": Want.STOP,
    "berhenti": Want.STOP,
    "unsubscribe": Want.STOP,
    "mulai": Want.START,
    "start": Want.START,
}
_SHORT = frozenset({Want.STOP, Want.START})


def read_request(text: str) -> Request:
    """What the message asks for; OTHER for what is none of our words."""
    plain = without_unseen(text)
    first = _FIRST.search(plain)
    want = _WORDS.get(first[0].lower(), Want.OTHER) if first else Want.OTHER
    if first is None or want is Want.OTHER:
        return Request(Want.OTHER)
    rest = plain[first.end() :].strip(" \t\r\n.,:;!?-*_~`\"'")
    if want in _SHORT and len(rest.split()) >= _MOST_WORDS:
        return Request(Want.OTHER)
    return Request(want, rest)
