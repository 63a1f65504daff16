"""`cicero laphar`: the daily report."""

from __future__ import annotations

from contextlib import nullcontext
from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console.announced import announced_outcome
from cicero_cli.console.binary_files import FileOption
from cicero_cli.console.due import refuse_beside_due, say_late
from cicero_cli.console.options import (
    AsOfOption,
    ClientOption,
    ClientsOption,
    DateOption,
    DryRunOption,
    DueOption,
    command,
    group,
)
from cicero_cli.console.outcome import Outcome, finish, finish_stream
from cicero_cli.console.report_exports import check_named, export_laphar
from cicero_cli.console.scope_options import AttachOption, ScopeArgument
from cicero_cli.domain.attendance.scopes import LapharMode, Scope
from cicero_cli.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cicero_cli.domain.roster.clients import Client
    from cicero_cli.domain.schedule import DueSlot

app = group()

ModeOption = Annotated[LapharMode, typer.Option("--mode", help="Whose names the report lists.")]
PerKontenOption = Annotated[
    bool, typer.Option("--per-konten", help="List the people post by post.")
]

UnitOption = Annotated[
    str | None,
    typer.Option(
        "--unit", metavar="CLIENT_ID", help="Only this unit's people, of a directorate's posts."
    ),
]


@command(app, "show", example="cicero laphar show insta --client POLRES_A --mode semua")
def show(
    scope: ScopeArgument,
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    as_of: AsOfOption = None,
    mode: ModeOption = LapharMode.BELUM,
    per_konten: PerKontenOption = False,
    unit: UnitOption = None,
    file: FileOption = None,
) -> None:
    """Show the report of one client, or of all, as it would be sent; a directorate's ranks its units."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.attendance.changes import find_report
    from cicero_cli.services.attendance.laphar import (
        laphar_document,
        load_template,
        word_report,
        write_laphars,
    )
    from cicero_cli.services.roster.clients import choose_clients

    if file is not None:
        if per_konten or mode is not LapharMode.BELUM:
            raise InputError("a file lists everybody: --file goes without --mode and --per-konten")
        export_laphar(scope, client or [], date=date, as_of=as_of, unit=unit, file=file)
        return
    with open_app() as cicero:
        if report := find_report(cicero.store, None, as_of, date):
            check_named(report, client)
            if per_konten:
                raise InputError("--per-konten goes with a moment, not with a sent report")
            template = load_template(cicero.settings.templates)
            laphar = word_report(
                cicero.store, report, scope.platforms, template=template, mode=mode, unit=unit
            )
            finish(Outcome(document=laphar_document(laphar), text=laphar.text))
            return
        clients = choose_clients(cicero.store, client, may_have_ended=True)
        _check_unit(unit, clients)
        laphars = write_laphars(
            cicero.store,
            clients,
            scope.platforms,
            day=date,
            as_of=as_of,
            load=lambda: load_template(cicero.settings.templates),
            mode=mode,
            per_konten=per_konten,
            now=clock.now(),
            unit=unit,
        )
        finish_stream(
            laphars,
            text=lambda laphar: laphar.text,
            document=laphar_document,
            is_single=bool(client) and len(clients) == 1,
        )


@command(
    app,
    "export",
    example="cicero laphar export semua --client POLRES_A --date 2026-11-21 --file laphar.xlsx",
)
def export(
    scope: ScopeArgument = Scope.SEMUA,
    *,
    client: ClientOption,
    date: DateOption = None,
    as_of: AsOfOption = None,
    unit: UnitOption = None,
    file: FileOption = None,
) -> None:
    """Write a client's report as a workbook (XLSX): a summary with a chart, the posts, and everybody on a sheet for each platform and unit;
    or as a picture (PNG): divisions or units as bars.
    """
    export_laphar(scope, [client], date=date, as_of=as_of, unit=unit, file=file)


@command(app, "send", example="cicero laphar send semua --fetch")
def send(
    scope: ScopeArgument,
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    mode: ModeOption = LapharMode.BELUM,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="RECIPIENT", help="Only this number or group id; may be repeated."
        ),
    ] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Fetch the platform first.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="Also to those who have this slot's report.")
    ] = False,
    unit: UnitOption = None,
    attach: AttachOption = None,
    dry_run: DryRunOption = False,
    due: DueOption = False,
) -> None:
    """Queue the report of every client, once per recipient and slot; `outbox deliver` sends it.

    A directorate's units get their own parts too where `client set --report-units` says so.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.operations.due import Job, find_due, mark_done
    from cicero_cli.services.roster.clients import choose_clients

    if due:
        refuse_beside_due({"--date": date, "--to": to, "--again": again, "--unit": unit})
    now = clock.now()
    with open_app() as cicero, nullcontext() if dry_run else cicero.store.job_lock("laphar send"):
        job = Job(f"laphar {scope} {mode}", cicero.settings.laphar_at, own=attrgetter("laphar_at"))
        slots: dict[str, DueSlot] = {}
        clients = choose_clients(cicero.store, client, may_be_none=due)
        _check_unit(unit, clients)
        if due:
            slots = find_due(cicero.store, clients, job, now=now)
            clients = [each for each in clients if each.client_id in slots]
            if not clients:
                return
            say_late(slots, now=now)
        # here, because a wake-up with nothing due does not pay for them
        from cicero_cli.services.attendance.laphar import load_template
        from cicero_cli.services.messaging.laphars import Sending, send_laphar

        text_limit = cicero.text_limit()
        remarks = cicero.refresh(clients, scope.platforms) if fetch and not dry_run else []
        sending = Sending(
            scope=scope,
            mode=mode,
            day=date,
            to=to or (),
            admins=cicero.settings.admin_whatsapp,
            text_limit=text_limit,
            template=load_template(cicero.settings.templates),
            times=cicero.settings.laphar_at,
            due={client_id: slot.starts_at for client_id, slot in slots.items()},
            again=again,
            dry_run=dry_run,
            unit=unit,
            attach=attach,
        )
        announced = send_laphar(cicero.store, clients, sending, clock=clock.now)
        told = {report.client_id for report in announced.reports}
        if not dry_run:
            mark_done(cicero.store, job, {name: slots[name] for name in slots if name in told})
    finish(announced_outcome(announced, remarks, dry_run=dry_run))


def _check_unit(unit: str | None, clients: Sequence[Client]) -> None:
    if unit is not None and len(clients) != 1:
        raise InputError("--unit goes with one --client, the directorate")
