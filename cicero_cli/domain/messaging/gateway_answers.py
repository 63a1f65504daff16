"""What a WhatsApp gateway can answer, in the words that decide what happens next (contract WHATSAPP), and the day of its cap."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum

from cicero_cli.domain.periods import HOME_ZONE, day_bounds, local_day


class Verdict(StrEnum):
    """What an answer to a send means for the message and for the sender."""

    ACCEPTED = "accepted"  # the gateway took it; no proof of delivery
    PERMANENT = "permanent"  # never try this message again
    RETRY = "retry"  # certainly not sent: try later
    AMBIGUOUS = "ambiguous"  # may have been sent: a blind retry can double it
    PAUSE = "pause"  # the sender must stop, and the operator must act
    PAUSE_FIRST_CONTACTS = (
        "pause_first_contacts"  # error 463: new chats only; groups and known chats go on
    )


class Ack(IntEnum):
    """How far a message got; the numbers are WhatsApp's own."""

    ERROR = -1
    PENDING = 0
    SERVER = 1
    DELIVERED = 2
    READ = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The answer to one send. `code` is a short stable word for logs: never a number, a name or a text."""

    verdict: Verdict
    code: str
    message_id: str | None = None  # the gateway's, when it gave one
    hint: str = ""  # for the operator, on a pause
    until: datetime | None = None  # the end of a lock, where the gateway tells


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Whether the account may send now; `hint` says what the operator must do when not."""

    is_ready: bool
    state: str
    hint: str = ""
    needs_operator: bool = False  # False: it comes back by itself (starting)
    is_known: bool = True  # False: the gateway could not be asked, and `state` says why
    number: str | None = None  # of the account, in E.164 digits, where the gateway tells


class Presence(StrEnum):
    """What a look-up says of a message that may have been sent."""

    FOUND = "found"
    ABSENT = "absent"
    UNKNOWN = "unknown"  # the gateway cannot tell


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp:
    """A look-up's answer; `ack` and `message_id` when the message was found and they are known."""

    presence: Presence
    message_id: str | None = None
    ack: Ack | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AckEvent:
    """One ack from a webhook. `message_id` is the bare one (its last hex part): chats may carry another name."""

    message_id: str
    ack: Ack


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What one person wrote to the account; `sender` in E.164 digits."""

    message_id: str
    sender: str
    text: str = field(repr=False)
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group that the account is in."""

    group_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file to send with a caption of at most 1,024 characters."""

    filename: str
    mimetype: str
    content: bytes


def sending_day_start(now: datetime) -> datetime:
    """When the day began that the account's cap counts (Asia/Jakarta)."""
    return day_bounds(local_day(now, HOME_ZONE), HOME_ZONE)[0]
