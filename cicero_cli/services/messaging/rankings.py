"""`peringkat send`: every client's ranking of a period goes into the outbox, once per recipient, kind and period."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from cicero_cli.domain.attendance.ranking import Choice, ranking_document
from cicero_cli.domain.attendance.ranking_rows import RankingKind
from cicero_cli.domain.attendance.report_periods import ReportPeriod
from cicero_cli.domain.attendance.scopes import FileKind, Scope
from cicero_cli.domain.messaging.messages import Kind, NewMessage, split_text
from cicero_cli.domain.messaging.recipients import What
from cicero_cli.domain.messaging.slots import report_slot
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.period_recap import choose_period
from cicero_cli.services.attendance.rankings import RankingReport, write_ranking_report
from cicero_cli.services.attendance.report_files import check_can_write
from cicero_cli.services.messaging.laphars import Announced, QueuedReport
from cicero_cli.services.messaging.recipients import (
    check_recipients,
    list_recipients,
    queue_parts,
    recipients_of,
)
from cicero_cli.services.messaging.report_files import add_file, make_ranking_file

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True)
class RankingSending:
    """How `peringkat send` was asked: what is ranked, of which days, to whom, and how messages are cut."""

    kind: RankingKind
    scope: Scope
    period: str
    choice: Choice
    to: Sequence[str]
    admins: Sequence[str]
    text_limit: int
    template: Template
    again: bool = False
    dry_run: bool = False
    attach: FileKind | None = None  # the ranking as a file too, after its text


def send_rankings(
    store: Store, clients: Sequence[Client], sending: RankingSending, *, now: datetime
) -> Announced:
    """Queue each client's ranking for its group, operator, super admin, the installation's admins and its other recipients.

    A recipient that is none is named and the others get it; so is a client without any. InputError for a wrong `--to` or `--period`,
    before anything is queued.
    """
    check_can_write(sending.attach)
    chosen = check_recipients(sending.to)
    periods = [(client, choose_period(client, sending.period, now=now)) for client in clients]
    announced = Announced()
    for client, period in periods:
        try:
            report = write_ranking_report(
                store,
                client,
                sending.kind,
                sending.scope,
                period,
                choice=sending.choice,
                template=sending.template,
                now=now,
            )
            recipients = chosen or _recipients_of(store, client, sending, announced.failures)
            announced.reports.append(_queue(store, report, period, recipients, sending, now=now))
        except CiceroError as error:
            announced.failures[client.client_id] = error.message
    return announced


def _recipients_of(
    store: Store, client: Client, sending: RankingSending, failures: dict[str, str]
) -> list[str]:
    also = recipients_of(store, client, What.PERINGKAT)
    return list_recipients(client, sending.admins, failures, also=also)


def _queue(
    store: Store,
    report: RankingReport,
    period: ReportPeriod,
    recipients: Sequence[str],
    sending: RankingSending,
    *,
    now: datetime,
) -> QueuedReport:
    client, last_day = report.client, period.span.last_day
    ends_at = report_slot(now, client.zone, ()).ends_at
    slot = f"{sending.kind} {period.span.first_day}..{last_day}"
    parts = split_text(report.text.rstrip("\n"), sending.text_limit)
    again = f":again:{now.isoformat()}" if sending.again else ""
    queued: list[int] = []
    file = make_ranking_file(report, sending.attach) if sending.attach else None
    with store.transaction():
        for recipient in () if sending.dry_run else recipients:
            key = f"peringkat:{client.client_id}:{sending.scope}:{slot}:{recipient}{again}"
            messages = [
                NewMessage(
                    dedupe_key=f"{key}:{number}",
                    kind=Kind.PERINGKAT,
                    client_id=client.client_id,
                    day=last_day,
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
                ranking_document(report.ranking),
                last_day=last_day,
                scope=sending.scope,
                slot=slot,
                message_ids=queued,
                now=now,
                kind=Kind.PERINGKAT,
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
