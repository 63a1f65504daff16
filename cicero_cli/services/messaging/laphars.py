"""`laphar send`: every client's report goes into the outbox, once per recipient and slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

from cicero_cli.domain.attendance.scopes import LapharMode, Scope
from cicero_cli.domain.messaging.messages import Kind, NewMessage, split_text
from cicero_cli.domain.messaging.slots import report_slot
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.phones import normalise_group, normalise_recipient
from cicero_cli.domain.schedule import own_times
from cicero_cli.errors import CiceroError, InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import choose_moment
from cicero_cli.services.attendance.laphar import Laphar, write_laphar
from cicero_cli.words import Text, reason_of

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass
class Announced:
    """What was queued: per client its recipients and the report; and what could not be, by name."""

    reports: list[QueuedReport] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class QueuedReport:
    """One client's report: `queued` messages are new, `known` ones were queued or sent already in this slot."""

    client_id: str
    recipients: tuple[str, ...]
    parts: int
    queued: int
    known: int
    text: str


@dataclass(frozen=True)
class Sending:
    """How `laphar send` was asked: what to report, to whom, and how messages are cut.

    `due` are clients' slots of `times`, by when they began, where they are not the last ones as of now.
    """

    scope: Scope
    mode: LapharMode
    day: str | None
    to: Sequence[str]
    admins: Sequence[str]
    text_limit: int
    template: Template
    times: Sequence[time]
    due: Mapping[str, datetime] = field(default_factory=dict)
    again: bool = False
    dry_run: bool = False


def send_laphar(
    store: Store, clients: Sequence[Client], sending: Sending, *, now: datetime
) -> Announced:
    """Queue each client's report for its group, operator, super admin and the installation's admins.

    A recipient that is none is named and the others get it; so is a client without any. InputError for a wrong `--to` or
    `--date`, before anything is queued.
    """
    chosen = _check_recipients(sending.to)
    moments = [
        (client, choose_moment(client, _day(sending, client), None, now=now)) for client in clients
    ]
    announced = Announced()
    for client, moment in moments:
        try:
            recipients = chosen or _list_recipients(client, sending.admins, announced.failures)
            laphar = write_laphar(
                store,
                client,
                sending.scope.platforms,
                moment,
                template=sending.template,
                mode=sending.mode,
                per_konten=False,
                now=now,
            )
            announced.reports.append(_queue(store, laphar, recipients, sending, now=now))
        except CiceroError as error:
            announced.failures[client.client_id] = error.message
    return announced


def _day(sending: Sending, client: Client) -> str | None:
    """A slot that is caught up after midnight is still of its own day."""
    slot = sending.due.get(client.client_id)
    return slot.date().isoformat() if slot is not None else sending.day


def _check_recipients(typed: Sequence[str]) -> list[str]:
    checked = []
    for text in typed:
        try:
            recipient = normalise_recipient(text)
        except ValueError as error:
            raise InputError(
                "--to {typed}: {reason}; nothing was queued", typed=text, reason=reason_of(error)
            ) from error
        if recipient is None:
            raise InputError("--to is empty; nothing was queued")
        checked.append(recipient)
    return list(dict.fromkeys(checked))


_GROUP = Text("group")


def _list_recipients(client: Client, admins: Sequence[str], failures: dict[str, str]) -> list[str]:
    """The client's own and the installation's, each once, whatever is wrong with one of them."""
    named: list[tuple[Text, str | None]] = [
        (_GROUP, client.client_group),
        (Text("operator"), client.client_operator),
        (Text("super admin"), client.client_super),
        *(
            (Text("ADMIN_WHATSAPP, no. {place}", place=place), admin)
            for place, admin in enumerate(admins, start=1)
        ),
    ]
    recipients = []
    for role, text in named:
        if not text:
            continue
        try:
            normalise = normalise_group if role is _GROUP else normalise_recipient
            recipient = normalise(text)
        except ValueError as error:
            place = Text("{client_id} {role}", client_id=client.client_id, role=role)
            failures[place] = (
                reason_of(error)
                if "place" in role.params
                else Text(
                    "{reason} (cicero client set {client_id})",
                    reason=reason_of(error),
                    client_id=client.client_id,
                )
            )
        else:
            recipients.append(recipient)
    found = [recipient for recipient in dict.fromkeys(recipients) if recipient]
    if not found:
        raise CiceroError(
            "nobody gets the report: cicero client set {client_id} --group, --operator or --super",
            client_id=client.client_id,
        )
    return found


def _queue(
    store: Store, laphar: Laphar, recipients: Sequence[str], sending: Sending, *, now: datetime
) -> QueuedReport:
    client, day = laphar.client, laphar.attendances[0].day
    times = own_times(client.laphar_at, sending.times)
    slot = report_slot(sending.due.get(client.client_id, now), client.zone, times)
    parts = split_text(laphar.text.rstrip("\n"), sending.text_limit)
    again = f":again:{now.isoformat()}" if sending.again else ""
    queued = 0
    for recipient in () if sending.dry_run else recipients:
        key = f"laphar:{client.client_id}:{day}:{sending.scope}:{sending.mode}:{slot.name}:{recipient}{again}"
        messages = [
            NewMessage(
                dedupe_key=f"{key}:{number}",
                kind=Kind.LAPHAR,
                client_id=client.client_id,
                day=day,
                recipient=recipient,
                body=part,
                expires_at=slot.ends_at,
            )
            for number, part in enumerate(parts, start=1)
        ]
        queued += _queue_parts(store, messages, now=now)
    return QueuedReport(
        client_id=client.client_id,
        recipients=tuple(recipients),
        parts=len(parts),
        queued=queued,
        known=0 if sending.dry_run else len(recipients) * len(parts) - queued,
        text=laphar.text,
    )


def _queue_parts(store: Store, parts: Sequence[NewMessage], *, now: datetime) -> int:
    """All or none: a report that has grown since is not followed by its last part alone."""
    with store.transaction():
        if not store.outbox.add(parts[:1], now=now):
            return 0
        return 1 + len(store.outbox.add(parts[1:], now=now))
