"""`rekap send`: every client's recap of a period goes into the outbox, once per recipient and slot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING

from cicero_cli.domain.attendance.report_periods import ReportPeriod
from cicero_cli.domain.attendance.scopes import FileKind, Scope
from cicero_cli.domain.messaging.messages import Kind, NewMessage, split_text
from cicero_cli.domain.messaging.slots import report_slot
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.period_recap import (
    PeriodReport,
    choose_period,
    report_document,
    write_period_report,
)
from cicero_cli.services.attendance.report_files import check_can_write
from cicero_cli.services.messaging.laphars import Announced, QueuedReport
from cicero_cli.services.messaging.recipients import (
    check_recipients,
    list_recipients,
    queue_parts,
)
from cicero_cli.services.messaging.report_files import add_file, make_recap_file

if TYPE_CHECKING:
    from jinja2 import Template

_NO_TIMES: Sequence[time] = ()


@dataclass(frozen=True)
class RecapSending:
    """How `rekap send` was asked: of which days, to whom, and how messages are cut.

    `due`: when each client's slot began, where it is not now; the period is then the one that was the last whole one.
    """

    scope: Scope
    period: str
    to: Sequence[str]
    admins: Sequence[str]
    text_limit: int
    template: Template
    due: Mapping[str, datetime] = field(default_factory=dict)
    again: bool = False
    dry_run: bool = False
    attach: FileKind | None = None  # the recap as a file too, after its text


def send_recaps(
    store: Store, clients: Sequence[Client], sending: RecapSending, *, now: datetime
) -> Announced:
    """Queue each client's recap for its group, operator, super admin and the installation's admins.

    A recipient that is none is named and the others get it; so is a client without any. InputError for a wrong `--to` or `--period`,
    before anything is queued.
    """
    check_can_write(sending.attach)
    chosen = check_recipients(sending.to)
    periods = [
        (client, choose_period(client, sending.period, now=sending.due.get(client.client_id, now)))
        for client in clients
    ]
    announced = Announced()
    for client, period in periods:
        try:
            report = write_period_report(
                store, client, sending.scope.platforms, period, template=sending.template, now=now
            )
            recipients = chosen or list_recipients(client, sending.admins, announced.failures)
            announced.reports.append(_queue(store, report, period, recipients, sending, now=now))
        except CiceroError as error:
            announced.failures[client.client_id] = error.message
    return announced


def _queue(
    store: Store,
    report: PeriodReport,
    period: ReportPeriod,
    recipients: Sequence[str],
    sending: RecapSending,
    *,
    now: datetime,
) -> QueuedReport:
    client, span = report.client, period.span
    ends_at = report_slot(sending.due.get(client.client_id, now), client.zone, _NO_TIMES).ends_at
    slot = f"{span.first_day}..{span.last_day}"
    parts = split_text(report.text.rstrip("\n"), sending.text_limit)
    again = f":again:{now.isoformat()}" if sending.again else ""
    queued: list[int] = []
    file = make_recap_file(store, report, sending.attach) if sending.attach else None
    with store.transaction():
        for recipient in () if sending.dry_run else recipients:
            key = f"rekap:{client.client_id}:{sending.scope}:{slot}:{recipient}{again}"
            messages = [
                NewMessage(
                    dedupe_key=f"{key}:{number}",
                    kind=Kind.REKAP,
                    client_id=client.client_id,
                    day=span.last_day,
                    recipient=recipient,
                    body=part,
                    expires_at=ends_at,
                )
                for number, part in enumerate(parts, start=1)
            ]
            queued += queue_parts(store, add_file(messages, file), now=now)
        if queued:
            store.reports.keep_recap(
                client.client_id,
                report_document(report),
                last_day=span.last_day,
                scope=sending.scope,
                slot=slot,
                message_ids=queued,
                now=now,
            )
    return QueuedReport(
        client_id=client.client_id,
        recipients=tuple(recipients),
        parts=len(parts),
        queued=len(queued),
        known=0 if sending.dry_run else len(recipients) * (len(parts) + bool(file)) - len(queued),
        text=report.text,
        file=file.attachment.filename if file else None,
    )
