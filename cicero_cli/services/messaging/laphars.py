"""`laphar send`: every client's report goes into the outbox, once per recipient and slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

from cicero_cli.domain.attendance.scopes import FileKind, LapharMode, Scope
from cicero_cli.domain.messaging.messages import Kind, NewMessage, split_text
from cicero_cli.domain.messaging.slots import report_slot
from cicero_cli.domain.roster.clients import Client, ended_client
from cicero_cli.domain.schedule import own_times
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, choose_moment
from cicero_cli.services.attendance.laphar import Laphar, write_laphar, write_laphar_by_unit
from cicero_cli.services.attendance.report_files import check_can_write
from cicero_cli.services.messaging.recipients import check_recipients, list_recipients, queue_parts
from cicero_cli.services.messaging.report_files import add_file, make_laphar_file

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
    file: str | None = None  # the name of what goes with it


@dataclass(frozen=True)
class Sending:
    """How `laphar send` was asked: what to report, to whom, and how messages are cut.

    `due` are clients' slots of `times`, by when they began, where they are not the last ones as of now. `unit`: only this
    unit's part of the report. `attach`: the report as a file too, after its text.
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
    attach: FileKind | None = None


def send_laphar(
    store: Store, clients: Sequence[Client], sending: Sending, *, clock: Callable[[], datetime]
) -> Announced:
    """Queue each client's report for its group, operator, super admin and the installation's admins; and of one that has its
    units report (`report_units`) each unit's part for that unit's group, operator and super admin.

    A recipient that is none is named and the others get it; so is a client without any. InputError for a wrong `--to`,
    `--date` or `--unit`, before anything is queued. Each report is kept with the moment at which its client was read.
    """
    check_can_write(sending.attach)
    now = clock()
    chosen = check_recipients(sending.to)
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
        return list_recipients(laphar.client, sending.admins, failures)
    unit = store.clients.get(laphar.unit_id)
    if unit is None:
        raise ended_client(laphar.unit_id)
    return list_recipients(unit, (), failures)


def _day(sending: Sending, client: Client) -> str | None:
    """A slot that is caught up after midnight is still of its own day."""
    slot = sending.due.get(client.client_id)
    return slot.date().isoformat() if slot is not None else sending.day


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
    file = make_laphar_file(laphar, sending.attach) if sending.attach else None
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
            queued += queue_parts(store, add_file(messages, file), now=now)
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
        known=0 if sending.dry_run else len(recipients) * (len(parts) + bool(file)) - len(queued),
        text=laphar.text,
        unit_id=laphar.unit_id,
        file=file.attachment.filename if file else None,
    )
