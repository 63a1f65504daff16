"""`user check --send`: what is to be mended with a client's people goes to its operator and group, once a day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.messaging.messages import LONGEST_MESSAGE, Kind, NewMessage, split_text
from cicero_cli.domain.periods import format_day_indonesian, local_day
from cicero_cli.domain.roster.phones import normalise_group, normalise_recipient
from cicero_cli.domain.roster.user_problems import Finding, Problem
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.user_check import UserCheck
from cicero_cli.services.messaging.recipients import queue_parts
from cicero_cli.words import Language, Text, reason_of, translate

_WANTED = timedelta(hours=24)
_EDGED_HANDLE = re.compile(r"@(?:_[a-z0-9._]*|[a-z0-9.][a-z0-9._]*_)(?![a-z0-9._])")
_MOST = 100  # people in one message; all are in `cicero user check`
_COUNTED = {
    Problem.NO_HANDLE: "Tanpa username",
    Problem.NO_NUMBER: "Tanpa nomor WhatsApp",
    Problem.SHARED_HANDLE: "Username dipakai juga orang lain",
    Problem.UNLIKELY_HANDLE: "Username meragukan",
    Problem.ACCOUNT: "Akun privat, hilang, atau berganti nama",
    Problem.DIVISION: "Satfung kosong atau salah ketik",
}


@dataclass(frozen=True)
class QueuedCheck:
    """One client's message: `queued` parts are new, `known` ones were queued already today."""

    client_id: str
    recipients: tuple[str, ...]
    parts: int
    queued: int
    known: int
    text: str


@dataclass
class SentChecks:
    """What was queued; whose people need no mending; what could not be queued, by name."""

    messages: list[QueuedCheck] = field(default_factory=list)
    nothing_for: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def send_checks(
    store: Store, checks: Sequence[UserCheck], *, now: datetime, dry_run: bool = False
) -> SentChecks:
    """Queue each client's summary for its operator and its group, once per recipient and day; a client without either is named."""
    sent = SentChecks()
    for check in checks:
        if not check.found:
            sent.nothing_for.append(check.client.client_id)
            continue
        try:
            recipients = _recipients(check, sent.failures)
        except CiceroError as error:
            sent.failures[check.client.client_id] = error.line
            continue
        sent.messages.append(_queue(store, check, recipients, now=now, dry_run=dry_run))
    return sent


def write_check(check: UserCheck, *, now: datetime) -> str:
    """The summary as WhatsApp shows it: counts, then who, by division."""
    client = check.client
    day = format_day_indonesian(local_day(now, client.zone))
    counts = [f"- {words}: {count}" for problem, words in _COUNTED.items() if (count := check.counts.get(problem))]  # fmt: skip
    blocks = [
        f"*Data personel yang perlu dibetulkan*\n{clean_text(client.nama)}, {day}",
        f"{len(check.found)} dari {check.people} personel:\n" + "\n".join(counts),
    ]
    by_division: dict[str, list[str]] = {}
    for user, findings in check.found[:_MOST]:
        head = clean_text(user.divisi or "").upper() or "TANPA SATFUNG"
        by_division.setdefault(head, []).append(_line(user, findings))
    to_mend = {
        clean_text(one.divisi or "").upper() or "TANPA SATFUNG": one for one in check.divisions
    }
    for head, lines in by_division.items():
        people = to_mend.get(head)
        of = f" ({people.to_mend} dari {people.people})" if people else ""
        numbered = [f"{number}. {line}" for number, line in enumerate(lines, start=1)]
        blocks.append("\n".join([f"*{head}{of}*", *numbered]))
    left = len(check.found) - _MOST
    if left > 0:
        blocks.append(f"… dan {left} lainnya.")
    return "\n\n".join(blocks)


def _line(user: User, findings: Sequence[Finding]) -> str:
    words = "; ".join(_harmless(one.text) for one in findings)
    return f"{clean_text(f'{user.title or str()} {user.nama}')}: {words}"


def _harmless(text: Text) -> str:
    """In Indonesian, without what names hold that WhatsApp would take for mark-up; a handle stays whole."""
    words = translate(_cleaned(text), Language.INDONESIAN)
    return _EDGED_HANDLE.sub(r"`\g<0>`", words)  # its underscores would be taken for italics


def _cleaned(text: Text) -> Text:
    params = {
        name: _cleaned(value)
        if isinstance(value, Text)
        else clean_text(value)
        if isinstance(value, str) and name not in {"handle", "called"}
        else value
        for name, value in text.params.items()
    }
    return Text(text.template, plural=text.plural, **params)


def _recipients(check: UserCheck, failures: dict[str, str]) -> list[str]:
    client = check.client
    found: list[str] = []
    for role, text, normalise in (
        (Text("operator"), client.client_operator, normalise_recipient),
        (Text("group"), client.client_group, normalise_group),
    ):
        try:
            recipient = normalise(text) if text else None
        except ValueError as error:
            place = Text("{client_id} {role}", client_id=client.client_id, role=role)
            failures[place] = reason_of(error)
        else:
            found += [recipient] if recipient else []
    if not found:
        raise CiceroError(
            "nobody gets it: cicero client set {client_id} --operator or --group",
            client_id=client.client_id,
        )
    return list(dict.fromkeys(found))


def _queue(
    store: Store, check: UserCheck, recipients: Sequence[str], *, now: datetime, dry_run: bool
) -> QueuedCheck:
    client, text = check.client, write_check(check, now=now)
    day = local_day(now, client.zone)
    parts = split_text(text, LONGEST_MESSAGE)
    queued = 0
    with store.transaction():
        for recipient in () if dry_run else recipients:
            messages = [
                NewMessage(
                    dedupe_key=f"check:{client.client_id}:{day}:{recipient}:{number}",
                    kind=Kind.CHECK,
                    client_id=client.client_id,
                    day=day,
                    recipient=recipient,
                    body=part,
                    expires_at=now + _WANTED,
                )
                for number, part in enumerate(parts, start=1)
            ]
            queued += len(queue_parts(store, messages, now=now))
    known = 0 if dry_run else len(recipients) * len(parts) - queued
    return QueuedCheck(client.client_id, tuple(recipients), len(parts), queued, known, text)
