"""Messages of the outbox: what they are, and how a long one is cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from cicero_cli.domain.messaging.gateway_answers import Attachment
from cicero_cli.errors import BadValueError


class Kind(StrEnum):
    """Why a message is sent; reports go before reminders."""

    LAPHAR = "laphar"
    REMINDER = "reminder"
    REKAP = "rekap"
    TUGAS = "tugas"  # the day's posts, to the client's group
    SYNC = "sync"  # what changed in a client's sheet, to its operator
    CHECK = "check"  # what is missing in a client's people, to its operator and group
    EXPLANATION = "explanation"  # to who says "I did like it"
    RESET = "reset"  # the code of who has forgotten a password
    TEST = "test"
    NOTICE = "notice"  # what a client's operator should decide or look into
    ANSWER = "answer"  # to what somebody wrote to the account


class MessageStatus(StrEnum):
    """What has become of a message."""

    QUEUED = "queued"
    SENDING = "sending"  # claimed; found so after a crash, it may have been sent
    ACCEPTED = "accepted"  # the gateway took it
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"  # will never be sent
    UNKNOWN = "unknown"  # may have been sent, and nobody can tell: a person decides
    CANCELLED = "cancelled"
    EXPIRED = "expired"


LONGEST_MESSAGE = 4000
"""Characters that every gateway takes as one message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A message to queue; `dedupe_key` makes it the only one of its kind. The body of a file is its caption."""

    dedupe_key: str
    kind: Kind
    recipient: str
    body: str
    expires_at: datetime
    client_id: str | None = None
    user_id: str | None = None
    day: date | None = None
    sender: str | None = None  # None: whoever is chosen when it is queued
    attachment: Attachment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A claimed message, as sending needs it."""

    message_id: int
    kind: Kind
    client_id: str | None
    user_id: str | None
    day: date | None
    recipient: str
    body: str
    attachment_name: str | None  # of a file, whose caption is the body
    attachment_type: str | None
    attachment_sha256: str | None  # None beside a name: pruned
    attempts: int
    gateway_message_id: str | None
    in_doubt: bool  # an earlier try may have reached its recipient
    was_called: bool  # the gateway, in the newest try
    claimed_at: datetime
    expires_at: datetime

    @property
    def is_file(self) -> bool:
        return self.attachment_name is not None


_SMALLEST_ROOM = 3  # a letter between two marks


def is_group(recipient: str) -> bool:
    """Whether the recipient is a WhatsApp group, which is never a first contact."""
    return recipient.endswith("@g.us")


def split_text(text: str, limit: int) -> list[str]:
    """The text in parts of at most `limit` characters, each headed `(1/3)` when there is more than one.

    Cut before a paragraph where one begins in a part's second half, else between lines, so that `*bold*` pairs, which WhatsApp ends with the line, stay whole; a line that is longer
    than a part is cut between words, and its open mark-up is closed and opened again.
    """
    if len(text) <= limit:
        return [text]
    room = limit - len("(999/999)\n")
    if room < _SMALLEST_ROOM:
        raise BadValueError("a part of {limit} characters has no room for its number", limit=limit)
    parts: list[str] = []
    current = ""
    for line in _short_lines(text, room):
        if current and len(current) + 1 + len(line) > room:
            head, _, tail = current.rpartition("\n\n")
            if line and len(head) > room // 2 and len(tail) + 1 + len(line) <= room:
                parts.append(head)
                current = f"{tail}\n{line}"
            else:
                parts.append(current)
                current = line
        else:
            current = f"{current}\n{line}" if current else line
    parts.append(current)
    parts = [stripped for part in parts if (stripped := part.strip("\n"))]
    return [f"({number}/{len(parts)})\n{part}" for number, part in enumerate(parts, start=1)]


def _short_lines(text: str, room: int) -> list[str]:
    lines: list[str] = []
    for line in text.split("\n"):
        rest = line
        while len(rest) > room:
            cut = rest.rfind(" ", 1, room - 1)
            cut = cut if cut > 0 else room - 1
            head, rest = rest[:cut], rest[cut:].lstrip(" ")
            mark = "*" if head.count("*") % 2 else ""
            lines.append(head + mark)
            rest = mark + rest
        lines.append(rest)
    return lines
