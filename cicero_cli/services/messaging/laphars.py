"""`laphar send`: every client's report goes into the outbox, once per recipient and slot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from typing import TYPE_CHECKING

from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.scopes import FileKind, LapharMode, Scope
from cicero_cli.domain.messaging.messages import Kind, NewMessage, split_text
from cicero_cli.domain.messaging.recipients import Copy, Recipient, What
from cicero_cli.domain.messaging.slots import report_slot
from cicero_cli.domain.periods import format_day_indonesian
from cicero_cli.domain.roster.clients import Client, ended_client
from cicero_cli.domain.schedule import own_times
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, find_moment
from cicero_cli.services.attendance.laphar import (
    Draft,
    Laphar,
    draft_laphar,
    draft_report,
    list_present_units,
)
from cicero_cli.services.attendance.report_files import check_can_write
from cicero_cli.services.messaging.recipients import check_recipients, find_copies, queue_parts
from cicero_cli.services.messaging.report_files import add_file, make_laphar_file
from cicero_cli.words import Text

if TYPE_CHECKING:
    from jinja2 import Template

    from cicero_cli.domain.attendance.changes import Report


@dataclass
class Announced:
    """What was queued: per client its recipients and the report; what could not be, by name; and of which clients nobody wants it now."""

    reports: list[QueuedReport] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)
    unwanted: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class QueuedReport:
    """One client's report: `queued` messages are new, `known` ones were queued or sent already in this slot.

    `unit_id`: the part of one unit, to that unit's recipients; `divisi`: the part of these divisions, to those who get no more;
    `mode`: the lists that these recipients want in place of those that were asked for.
    """

    client_id: str
    recipients: tuple[str, ...]
    parts: int
    queued: int
    known: int
    text: str
    unit_id: str | None = None
    divisi: tuple[str, ...] = ()
    mode: LapharMode | None = None
    file: str | None = None  # the name of what goes with it


@dataclass(frozen=True)
class Sending:
    """How `laphar send` was asked: what to report, to whom, and how messages are cut.

    `due` are clients' slots of `times`, by when they began, where they are not the last ones as of now; `at`: they are those of
    recipients with these times of their own. `unit`: only this unit's part of the report. `as_of`: by what was known then;
    `report`: it names one that was sent. `attach`: the report as a file too, after its text.
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
    at: str | None = None
    again: bool = False
    dry_run: bool = False
    unit: str | None = None
    per_konten: bool = False
    as_of: str | None = None
    report: Report | None = None
    attach: FileKind | None = None


def send_laphar(
    store: Store, clients: Sequence[Client], sending: Sending, *, clock: Callable[[], datetime]
) -> Announced:
    """Queue each client's report for its group, operator, super admin, the installation's admins, and as they want it for its other
    recipients; and of one that has its units report (`report_units`) each unit's part for that unit's.

    A recipient that is none is named and the others get it; so is a client without any. InputError for a wrong `--to`,
    `--date`, `--as-of` or `--unit`, before anything is queued. Each report is kept with the moment at which its client was read.
    """
    check_can_write(sending.attach)
    now = clock()
    chosen = [Copy(tuple(recipients))] if (recipients := check_recipients(sending.to)) else []
    moments = [(client, _moment(store, client, sending, now=now)) for client in clients]
    announced = Announced()
    for client, moment in moments:
        read_at = clock()
        try:
            drafts = _draft(store, client, moment, sending, now=now)
        except CiceroError as error:
            if sending.unit is not None:
                raise
            announced.failures[client.client_id] = error.message
            continue
        for draft in drafts:
            made_at = moment.as_of or read_at
            _send(store, draft, chosen, sending, announced, made_at=made_at, now=now)
    return announced


def _moment(store: Store, client: Client, sending: Sending, *, now: datetime) -> Moment:
    """A slot that is caught up after midnight is still of its own day."""
    if sending.report is not None:
        return Moment(sending.report.day, None)
    slot = sending.due.get(client.client_id)
    day = slot.date().isoformat() if slot is not None else sending.day
    return find_moment(store, client, day, sending.as_of, now=now)


def _draft(
    store: Store, client: Client, moment: Moment, sending: Sending, *, now: datetime
) -> list[Draft]:
    """The whole report, or one unit's part; with each unit's part after it where the client has its units report."""
    platforms, template = sending.scope.platforms, sending.template
    if sending.report is not None:
        report = sending.report
        return [draft_report(store, report, platforms, template=template, unit=sending.unit)]
    draft = draft_laphar(
        store, client, platforms, moment, template=template, per_konten=sending.per_konten, now=now
    )
    if sending.unit is not None:
        return [draft.of_unit(sending.unit)]
    if sending.to or sending.at is not None or not client.report_units:
        return [draft]
    return [draft, *map(draft.of_unit, list_present_units(store, draft, moment))]


def _send(
    store: Store,
    draft: Draft,
    chosen: Sequence[Copy],
    sending: Sending,
    announced: Announced,
    *,
    made_at: datetime,
    now: datetime,
) -> None:
    """To the client's recipients, or the unit's; what goes wrong with one copy is named, and the others go out."""
    client, failures = draft.client, announced.failures
    name = draft.unit[0] if draft.unit else client.client_id
    try:
        copies = chosen or (
            _copies_of(store, client, sending, failures)
            if name == client.client_id
            else _copies_of_unit(store, name, failures)
        )
    except CiceroError as error:
        failures[name] = error.message
        return
    if not copies and name == client.client_id:
        announced.unwanted.add(name)
    for copy in copies:
        try:
            laphar = draft.word(copy.mode or sending.mode, copy.divisi)
            queued = _queue(store, draft, laphar, copy, sending, made_at=made_at, now=now)
            announced.reports.append(queued)
        except CiceroError as error:
            whose = Text("{client_id} {role}", client_id=name, role=", ".join(copy.divisi))
            failures[whose if copy.divisi else name] = error.message


def _copies_of(
    store: Store, client: Client, sending: Sending, failures: dict[str, str]
) -> list[Copy]:
    """By hand for everybody; in a slot for those whose times it is of."""
    slot = sending.due.get(client.client_id)

    def is_wanted(one: Recipient) -> bool:
        return slot is None or (one.at == sending.at and (one.at is None or one.since <= slot))

    named = failures if sending.at is None else {}
    copies = find_copies(store, client, What.LAPHAR, sending.admins, named, is_wanted=is_wanted)
    return [copy for copy in copies if slot is None or copy.at == sending.at]


def _copies_of_unit(store: Store, unit_id: str, failures: dict[str, str]) -> list[Copy]:
    """A part of another client's report comes when that does, whatever times a recipient has for the unit's own."""
    unit = store.clients.get(unit_id)
    if unit is None:
        raise ended_client(unit_id)
    copies = find_copies(store, unit, What.LAPHAR, (), failures)
    return [replace(copy, at=None) for copy in copies]


def _queue(
    store: Store,
    draft: Draft,
    laphar: Laphar,
    copy: Copy,
    sending: Sending,
    *,
    made_at: datetime,
    now: datetime,
) -> QueuedReport:
    client, day = laphar.client, laphar.attendances[0].day
    times = own_times(copy.at, own_times(client.laphar_at, sending.times))
    slot = report_slot(sending.due.get(client.client_id, now), client.zone, times)
    name = ", ".join(filter(None, (laphar.of_day.nama, laphar.whose)))
    about = f"Laphar {clean_text(name)}, {format_day_indonesian(day)}"
    parts = split_text(laphar.text.rstrip("\n"), sending.text_limit, about=about)
    queued: list[int] = []
    whose = f"{client.client_id}/{laphar.unit_id}" if laphar.unit_id else client.client_id
    what = f"{whose}:{day}:{sending.scope}:{_lists(copy, sending)}:{slot.name}"
    how = _how(sending, made_at, now)
    file = make_laphar_file(laphar, sending.attach) if sending.attach else None
    with store.transaction():
        for recipient in () if sending.dry_run else copy.recipients:
            messages = [
                NewMessage(
                    dedupe_key=f"laphar:{what}:{recipient}{how}:{number}",
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
        if queued and sending.report is not None:
            store.reports.name(sending.report.report_id, queued)
        elif queued:
            store.reports.keep(
                client.client_id,
                draft.attendances,
                unit_id=laphar.unit_id,
                scope=sending.scope,
                slot=slot.name,
                message_ids=queued,
                now=made_at,
            )
    return QueuedReport(
        client_id=client.client_id,
        recipients=copy.recipients,
        parts=len(parts),
        queued=len(queued),
        known=0
        if sending.dry_run
        else len(copy.recipients) * (len(parts) + bool(file)) - len(queued),
        text=laphar.text,
        unit_id=laphar.unit_id,
        divisi=copy.divisi,
        mode=copy.mode,
        file=file.attachment.filename if file else None,
    )


def _lists(copy: Copy, sending: Sending) -> str:
    mode = copy.mode or sending.mode
    return f"{mode}-per-konten" if sending.per_konten else str(mode)


def _how(sending: Sending, made_at: datetime, now: datetime) -> str:
    """What makes it another message than the slot's own."""
    as_of = ""
    if sending.report is not None:
        as_of = f":{sending.report.name}"
    elif sending.as_of is not None:
        as_of = f":as-of:{made_at.isoformat()}"
    return f"{as_of}:again:{now.isoformat()}" if sending.again else as_of
