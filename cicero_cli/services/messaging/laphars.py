"""`laphar send`: every client's report goes into the outbox, once per recipient and slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

from cicero_cli.domain.attendance.scopes import LapharMode, Scope
from cicero_cli.domain.messaging.messages import Kind, NewMessage, split_text
from cicero_cli.domain.messaging.slots import report_slot
from cicero_cli.domain.roster.clients import Client, ended_client
from cicero_cli.domain.roster.phones import normalise_group, normalise_recipient
from cicero_cli.domain.schedule import own_times
from cicero_cli.errors import CiceroError, InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, choose_moment
from cicero_cli.services.attendance.laphar import Laphar, write_laphar, write_laphar_by_unit
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
    """One client's report: `queued` messages are new, `known` ones were queued or sent already in this slot.

    `unit_id`: the part of one unit, to that unit's recipients.
    """

    client_id: str
    recipients: tuple[str, ...]
    parts: int
    queued: int
    known: int
    text: str
    unit_id: str | None = None


@dataclass(frozen=True)
class Sending:
    """How `laphar send` was asked: what to report, to whom, and how messages are cut.

    `due` are clients' slots of `times`, by when they began, where they are not the last ones as of now. `unit`: only this
    unit's part of the report.
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
    unit: str | None = None


def send_laphar(
    store: Store, clients: Sequence[Client], sending: Sending, *, clock: Callable[[], datetime]
) -> Announced:
    """Queue each client's report for its group, operator, super admin and the installation's admins; and of one that has its
    units report (`report_units`) each unit's part for that unit's group, operator and super admin.

    A recipient that is none is named and the others get it; so is a client without any. InputError for a wrong `--to`,
    `--date` or `--unit`, before anything is queued. Each report is kept with the moment at which its client was read.
    """
    now = clock()
    chosen = _check_recipients(sending.to)
    moments = [
        (client, choose_moment(client, _day(sending, client), None, now=now)) for client in clients
    ]
    announced = Announced()
    for client, moment in moments:
        read_at = clock()
        try:
            laphars = _write(store, client, moment, sending, now=now)
        except CiceroError as error:
            if sending.unit is not None:
                raise
            announced.failures[client.client_id] = error.message
            continue
        for laphar in laphars:
            try:
                recipients = chosen or _recipients_of(store, laphar, sending, announced.failures)
                queued = _queue(store, laphar, recipients, sending, read_at=read_at, now=now)
                announced.reports.append(queued)
            except CiceroError as error:
                announced.failures[laphar.unit_id or client.client_id] = error.message
    return announced


def _write(
    store: Store, client: Client, moment: Moment, sending: Sending, *, now: datetime
) -> list[Laphar]:
    platforms, template, mode = sending.scope.platforms, sending.template, sending.mode
    if client.report_units and not sending.to and sending.unit is None:
        return write_laphar_by_unit(
            store, client, platforms, moment, template=template, mode=mode, now=now
        )
    laphar = write_laphar(
        store,
        client,
        platforms,
        moment,
        template=template,
        mode=mode,
        per_konten=False,
        now=now,
        unit=sending.unit,
    )
    return [laphar]


def _recipients_of(
    store: Store, laphar: Laphar, sending: Sending, failures: dict[str, str]
) -> list[str]:
    if laphar.unit_id is None or laphar.unit_id == laphar.client.client_id:
        return _list_recipients(laphar.client, sending.admins, failures)
    unit = store.clients.get(laphar.unit_id)
    if unit is None:
        raise ended_client(laphar.unit_id)
    return _list_recipients(unit, (), failures)


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
    store: Store,
    laphar: Laphar,
    recipients: Sequence[str],
    sending: Sending,
    *,
    read_at: datetime,
    now: datetime,
) -> QueuedReport:
    client, day = laphar.client, laphar.attendances[0].day
    times = own_times(client.laphar_at, sending.times)
    slot = report_slot(sending.due.get(client.client_id, now), client.zone, times)
    parts = split_text(laphar.text.rstrip("\n"), sending.text_limit)
    again = f":again:{now.isoformat()}" if sending.again else ""
    queued: list[int] = []
    whose = f"{client.client_id}/{laphar.unit_id}" if laphar.unit_id else client.client_id
    with store.transaction():
        for recipient in () if sending.dry_run else recipients:
            key = f"laphar:{whose}:{day}:{sending.scope}:{sending.mode}:{slot.name}:{recipient}{again}"
            messages = [
                NewMessage(
                    dedupe_key=f"{key}:{number}",
                    kind=Kind.LAPHAR,
                    client_id=laphar.unit_id or client.client_id,
                    day=day,
                    recipient=recipient,
                    body=part,
                    expires_at=slot.ends_at,
                )
                for number, part in enumerate(parts, start=1)
            ]
            queued += _queue_parts(store, messages, now=now)
        if queued:
            store.reports.keep(
                client.client_id,
                laphar.attendances,
                unit_id=laphar.unit_id,
                scope=sending.scope,
                slot=slot.name,
                message_ids=queued,
                now=read_at,
            )
    return QueuedReport(
        client_id=client.client_id,
        recipients=tuple(recipients),
        parts=len(parts),
        queued=len(queued),
        known=0 if sending.dry_run else len(recipients) * len(parts) - len(queued),
        text=laphar.text,
        unit_id=laphar.unit_id,
    )


def _queue_parts(store: Store, parts: Sequence[NewMessage], *, now: datetime) -> list[int]:
    """All or none: a report that has grown since is not followed by its last part alone."""
    first = store.outbox.add(parts[:1], now=now)
    return first + store.outbox.add(parts[1:], now=now) if first else []
