"""The other end: the phones that messages arrive at, and what WhatsApp allows the sending account."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto

from cicero_cli.core import clock

ACCOUNT = "62811000000"  # the number that sends


class Refusal(Enum):
    """Why WhatsApp does not take a message."""

    TIMELOCK = auto()  # error 463: a new chat while the account is locked for them
    UNKNOWN_NUMBER = auto()
    NOT_IN_GROUP = auto()


class RefusedError(Exception):
    """WhatsApp does not take this message; it never arrives."""

    def __init__(self, refusal: Refusal, recipient: str) -> None:
        super().__init__(refusal.name)
        self.refusal = refusal
        self.recipient = recipient


@dataclass(slots=True, kw_only=True)
class Outgoing:
    """What a gateway was asked to send; the recipient is digits or a group id."""

    recipient: str
    text: str
    message_id: str | None = None
    filename: str = ""
    mimetype: str = ""
    content: bytes = field(default=b"", repr=False)


@dataclass(slots=True, kw_only=True)
class Message(Outgoing):
    """A message that the gateway took; `ack` as WAHA counts: -1 error, 0 pending, 1 server, 2 device, 3 read."""

    message_id: str
    time: datetime
    ack: int = 1
    has_arrived: bool = True  # False: the gateway has it, nobody else ever will


@dataclass(kw_only=True)
class Phones:
    """Everybody's phones. All of it may be changed while the stand-in serves."""

    known: set[str] = field(default_factory=set)  # who has a chat with the account
    groups: dict[str, str] = field(
        default_factory=dict
    )  # those the account is in, with their names
    invalid: set[str] = field(default_factory=set)  # numbers without WhatsApp
    session: str = "WORKING"  # in WAHA's words; ABSENT is none at all
    is_linked: bool = True  # else a started session wants its QR code scanned
    scanned_after: int | None = None  # so many looks at the QR code; None: nobody scans
    timelock_ends: datetime | None = None
    now: Callable[[], datetime] = clock.now
    messages: list[Message] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def inbox(self) -> list[Message]:
        """What arrived, in order."""
        return [message for message in self.messages if message.has_arrived]

    @property
    def is_locked(self) -> bool:
        return self.timelock_ends is not None and self.now() < self.timelock_ends

    def lock_new_chats(self, duration: timedelta = timedelta(hours=24)) -> None:
        """Begin a reach-out time lock."""
        self.timelock_ends = self.now() + duration

    def start_session(self) -> None:
        """As the gateway does it: at work at once when linked, else waiting for somebody who scans."""
        self.session = "WORKING" if self.is_linked else "SCAN_QR_CODE"

    def look_at_qr(self) -> None:
        """Somebody sees the code; the last look of those that were agreed on is through a phone."""
        if self.scanned_after is not None:
            self.scanned_after -= 1
            if self.scanned_after <= 0:
                self.is_linked, self.scanned_after = True, None
                self.start_session()

    def take(self, outgoing: Outgoing, *, arrives: bool = True) -> Message:
        """Deliver once: a second message with the same id in the same chat is dropped."""
        with self._lock:
            before = self.find(outgoing.recipient, outgoing.message_id)
            if before is not None:
                before.has_arrived = before.has_arrived or arrives
                return before
            self._check(outgoing.recipient)
            message = Message(
                recipient=outgoing.recipient,
                text=outgoing.text,
                message_id=outgoing.message_id or mint_id(),
                filename=outgoing.filename,
                mimetype=outgoing.mimetype,
                content=outgoing.content,
                time=self.now(),
                ack=1 if arrives else 0,
                has_arrived=arrives,
            )
            self.messages.append(message)
            self.known.add(outgoing.recipient)
            return message

    def find(self, recipient: str, message_id: str | None) -> Message | None:
        """The message with this id in this chat, arrived or not."""
        return next(
            (
                message
                for message in self.messages
                if message_id and (message.recipient, message.message_id) == (recipient, message_id)
            ),
            None,
        )

    def chat(self, recipient: str, since: datetime) -> list[Message]:
        """What the account sent into one chat since then, newest first."""
        return [m for m in reversed(self.messages) if m.recipient == recipient and m.time >= since]

    def _check(self, recipient: str) -> None:
        if recipient.endswith("@g.us"):
            if recipient not in self.groups:
                raise RefusedError(Refusal.NOT_IN_GROUP, recipient)
        elif recipient in self.invalid:
            raise RefusedError(Refusal.UNKNOWN_NUMBER, recipient)
        elif self.is_locked and recipient not in self.known:
            raise RefusedError(Refusal.TIMELOCK, recipient)


def plan_phones(
    *,
    known: Iterable[str] = (),
    groups: Mapping[str, str] | None = None,
    invalid: Iterable[str] = (),
) -> Phones:
    """Phones from what a command line can say."""
    return Phones(known=set(known), groups=dict(groups or {}), invalid=set(invalid))


def mint_id() -> str:
    """A message id as the engines make them."""
    return f"3EB0{secrets.token_hex(9).upper()}"
