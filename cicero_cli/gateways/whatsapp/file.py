"""No WhatsApp at all: messages go into a file, one JSON line each, for trials."""

from __future__ import annotations

import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from errno import ENOSPC
from pathlib import Path
from typing import Any

import msgspec

from cicero_cli.core import clock
from cicero_cli.domain.messaging.gateway_answers import (
    Attachment,
    Group,
    LookedUp,
    Presence,
    Sent,
    Session,
    Verdict,
)
from cicero_cli.gateways.whatsapp.bodies import decode, words
from cicero_cli.words import Text


class FileGateway:
    """Appends to `path`, which only its owner may read: it holds numbers and texts.

    A line is written whole or not at all, also when several processes write: {id, time, recipient, text} and, for a
    file, {filename, mimetype, size} with its caption as the text.
    """

    name = "file"
    text_limit = 1_000_000
    takes_message_id = False

    def __init__(self, path: Path, *, now: Callable[[], datetime] = clock.now) -> None:
        self._path = path
        self._now = now

    def mint_message_id(self) -> str | None:
        return None

    def send_text(self, recipient: str, text: str, *, message_id: str | None) -> Sent:
        return self._append({"recipient": recipient, "text": text})

    def send_file(self, recipient: str, attachment: Attachment, caption: str) -> Sent:
        return self._append(
            {
                "recipient": recipient,
                "text": caption,
                "filename": attachment.filename,
                "mimetype": attachment.mimetype,
                "size": len(attachment.content),
            }
        )

    def check_session(self) -> Session:
        try:
            with _locked(self._path):
                pass
        except OSError as error:
            return Session(
                is_ready=False, state="not_writable", hint=_hint(error), needs_operator=True
            )
        return Session(is_ready=True, state="working")

    def number_exists(self, phone: str) -> bool | None:
        return None

    def look_up(
        self, recipient: str, *, message_id: str | None, text: str, since: datetime
    ) -> LookedUp:
        try:
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            lines = []
        except OSError:
            return LookedUp(presence=Presence.UNKNOWN)
        for item in reversed([decode(line) for line in lines]):
            is_same_text = (
                words(item, "recipient") == recipient
                and words(item, "text") == text
                and _time(item) >= since.replace(microsecond=0)
            )
            if is_same_text or (message_id and words(item, "id") == message_id):
                return LookedUp(presence=Presence.FOUND, message_id=words(item, "id"))
        return LookedUp(presence=Presence.ABSENT)

    def list_groups(self) -> list[Group]:
        return []

    def _append(self, message: dict[str, Any]) -> Sent:
        message_id = f"3EB0{secrets.token_hex(9).upper()}"
        item = {"id": message_id, "time": self._now().isoformat(timespec="seconds"), **message}
        try:
            with _locked(self._path) as descriptor:
                _write_line(descriptor, msgspec.json.encode(item) + b"\n")
        except OSError as error:
            return Sent(verdict=Verdict.PAUSE, code="not_writable", hint=_hint(error))
        except UnicodeError:
            return Sent(verdict=Verdict.PERMANENT, code="not_unicode")
        return Sent(verdict=Verdict.ACCEPTED, code="accepted", message_id=message_id)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):  # a device is everybody's
            os.fchmod(descriptor, 0o600)  # a file that was there before may be open to all
        yield descriptor
    finally:
        os.close(descriptor)


def _write_line(descriptor: int, line: bytes) -> None:
    """Half a line, as on a full disk, is taken back."""
    length = os.fstat(descriptor).st_size
    written = 0
    try:
        written = os.write(descriptor, line)
    finally:
        if written < len(line):
            os.ftruncate(descriptor, length)
    if written < len(line):
        raise OSError(ENOSPC, os.strerror(ENOSPC))


def _time(item: Any) -> datetime:
    try:
        return datetime.fromisoformat(words(item, "time"))
    except ValueError:  # not a line of ours
        return datetime.min.replace(tzinfo=UTC)


def _hint(error: OSError) -> str:
    return Text("CICERO_WA_FILE cannot be written ({reason})", reason=error.strerror or str(error))
