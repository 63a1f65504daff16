"""`cicero rekap`: what was done over a period."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.announced import announced_outcome
from cicero_cli.console.binary_files import FileOption
from cicero_cli.console.due import refuse_beside_due, say_late
from cicero_cli.console.options import (
    ClientOption,
    ClientsOption,
    DryRunOption,
    DueOption,
    command,
    group,
)
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.report_exports import export_recap
from cicero_cli.console.scope_options import AttachOption, ScopeArgument
from cicero_cli.domain.attendance.scopes import Scope

if TYPE_CHECKING:
    from cicero_cli.domain.schedule import DueSlot
    from cicero_cli.services.attendance.period_recap import PeriodReport
    from cicero_cli.services.operations.due import Job

app = group()

PeriodOption = Annotated[
    str,
    typer.Option(
        "--period",
        metavar="PERIOD",
        help="hari, minggu, bulan (up to today), hari-lalu, minggu-lalu, bulan-lalu (the last whole one), YYYY-MM or FROM..TO.",
    ),
]


ByPersonOption = Annotated[
    bool,
    typer.Option("--by-person", help="Of a picture: people by day, those who have done least."),
]


@command(app, "show", example="cicero rekap show insta --client POLRES_A --period minggu-lalu")
def show(
    scope: ScopeArgument = Scope.SEMUA,
    *,
    client: ClientsOption = None,
    period: PeriodOption = "minggu",
    file: FileOption = None,
    by_person: ByPersonOption = False,
) -> None:
    """Show what everybody, each division and each unit has done over a period, against the one before; as it would be sent.

    Each day counts by its own roster; leave and exempt days count as nothing. --output csv: a row for each person.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.attendance.period_text import PERIOD_TEMPLATE
    from cicero_cli.services.attendance.laphar import load_template
    from cicero_cli.services.attendance.period_recap import (
        choose_period,
        report_document,
        write_period_report,
    )
    from cicero_cli.services.roster.clients import choose_clients

    if file is not None or by_person:
        export_recap(scope, client or [], period=period, file=file, by_person=by_person)
        return
    now = clock.now()
    with open_app() as cicero:
        clients = choose_clients(cicero.store, client, may_have_ended=True)
        periods = [choose_period(one, period, now=now) for one in clients]
        template = load_template(cicero.settings.templates, PERIOD_TEMPLATE)
        reports = [
            write_period_report(
                cicero.store, one, scope.platforms, span, template=template, now=now
            )
            for one, span in zip(clients, periods, strict=True)
        ]
    documents = [report_document(report) for report in reports]
    is_single = bool(client) and len(clients) == 1
    finish(
        Outcome(
            rows=[row for report in reports for row in _rows(report)],
            document=documents[0] if is_single else documents,
            text=f"\n{'-' * 40}\n\n".join(report.text for report in reports).rstrip("\n"),
        )
    )


@command(
    app,
    "export",
    example="cicero rekap export semua --client POLRES_A --period bulan-lalu --file rekap.xlsx",
)
def export(
    scope: ScopeArgument = Scope.SEMUA,
    *,
    client: ClientOption,
    period: PeriodOption = "minggu",
    file: FileOption = None,
    by_person: ByPersonOption = False,
) -> None:
    """Write a client's recap as a workbook (XLSX): a summary with charts, the days, and everybody on a sheet for each platform and unit;
    or as a picture (PNG): the days as a line, divisions or units as bars.
    """
    export_recap(scope, [client], period=period, file=file, by_person=by_person)


@command(app, "send", example="cicero rekap send semua --period minggu-lalu --dry-run")
def send(
    scope: ScopeArgument = Scope.SEMUA,
    *,
    client: ClientsOption = None,
    period: Annotated[
        str | None,
        typer.Option(
            "--period", metavar="PERIOD", help="As rekap show takes it. Default: minggu-lalu."
        ),
    ] = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="RECIPIENT", help="Only this number or group id; may be repeated."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also to those who have this period's recap.")
    ] = False,
    attach: AttachOption = None,
    dry_run: DryRunOption = False,
    due: DueOption = False,
) -> None:
    """Queue the recap of every client, once per recipient and period; `outbox deliver` sends it.

    With --due that of the last whole week or month, when CICERO_REKAP_AT says so.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.operations.due import mark_done
    from cicero_cli.services.operations.due_recaps import find_due_recaps
    from cicero_cli.services.roster.clients import choose_clients

    if due:
        refuse_beside_due({"--period": period, "--to": to, "--again": again})
    now = clock.now()
    with open_app() as cicero, nullcontext() if dry_run else cicero.store.job_lock("rekap send"):
        clients = choose_clients(cicero.store, client, may_be_none=due)
        wanted: list[tuple[str, Job | None, dict[str, DueSlot]]] = [
            (period or "minggu-lalu", None, {})
        ]
        if due:
            times = cicero.settings.rekap_at
            wanted = [*find_due_recaps(cicero.store, clients, scope, times, now=now)]
            if not wanted:
                return
        # here, because a wake-up with nothing due does not pay for them
        from cicero_cli.domain.attendance.period_text import PERIOD_TEMPLATE
        from cicero_cli.services.attendance.laphar import load_template
        from cicero_cli.services.messaging.laphars import Announced
        from cicero_cli.services.messaging.rekaps import RecapSending, send_recaps

        announced = Announced()
        template = load_template(cicero.settings.templates, PERIOD_TEMPLATE)
        for name, job, slots in wanted:
            say_late(slots, now=now)
            sending = RecapSending(
                scope=scope,
                period=name,
                to=to or (),
                admins=cicero.settings.admin_whatsapp,
                text_limit=cicero.text_limit(),
                template=template,
                due={client_id: slot.starts_at for client_id, slot in slots.items()},
                again=again,
                dry_run=dry_run,
                attach=attach,
            )
            chosen = [one for one in clients if job is None or one.client_id in slots]
            found = send_recaps(cicero.store, chosen, sending, now=now)
            announced.reports += found.reports
            announced.failures |= found.failures
            told = {report.client_id for report in found.reports}
            if job is not None and not dry_run:
                mark_done(cicero.store, job, {one: slots[one] for one in slots if one in told})
    finish(announced_outcome(announced, [], dry_run=dry_run))


def _rows(report: PeriodReport) -> list[dict[str, Any]]:
    return [
        {"platform": recap.platform.value, **user._asdict()}
        for recap in report.recaps
        for user in recap.users
    ]
