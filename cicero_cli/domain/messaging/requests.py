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
    INSTA = "ig"
    TIKTOK = "tt"
    COMPLAIN = "komplain"
    YES = "ya"
    NO = "tidak"
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
    "ig": Want.INSTA,
    "insta": Want.INSTA,
    "instagram": Want.INSTA,
    "tt": Want.TIKTOK,
    "tiktok": Want.TIKTOK,
    "komplain": Want.COMPLAIN,
    "komplen": Want.COMPLAIN,
    "complain": Want.COMPLAIN,
    "complaint": Want.COMPLAIN,
    "keluhan": Want.COMPLAIN,
    "ya": Want.YES,
    "iya": Want.YES,
    "tidak": Want.NO,
    "tdk": Want.NO,
}
_MOST_DIGITS = 18  # of a number as the database can count
_SHORT = frozenset({Want.STOP, Want.START})


def read_request(text: str) -> Request:
    """What the message asks for; OTHER for what is none of our words."""
    plain = without_unseen(text)
    first = _FIRST.search(plain)
    want = _WORDS.get(first[0].lower(), Want.OTHER) if first else Want.OTHER
    if first is None or want is Want.OTHER:
        return Request(Want.OTHER)
    rest = plain[first.end() :].strip(" \t\r\n.,:;!?=-*`\"'")
    if want in _SHORT and len(rest.split()) >= _MOST_WORDS:
        return Request(Want.OTHER)
    return Request(want, rest)


def number_in(rest: str) -> int | None:
    """The number that is meant by `17`, `#17` or `nomor 17`; None where there is none, or more than one."""
    found = re.findall(r"\d+", rest)
    return int(found[0]) if len(found) == 1 and len(found[0]) <= _MOST_DIGITS else None


def handle_words(rest: str) -> str | None:
    """What of the words is to be a handle: the only word, or the only one with an `@`; None where none is."""
    words = rest.split()
    marked = [word for word in words if word.startswith("@")] or words
    return marked[0].strip(".,;:!?") if len(marked) == 1 else None
