"""`cicero peringkat`: who leads in a period, and who is behind."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated

import typer

from cicero_cli.console.announced import announced_outcome
from cicero_cli.console.binary_files import FileOption
from cicero_cli.console.options import ClientOption, ClientsOption, DryRunOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.period_options import PeriodOption
from cicero_cli.console.report_exports import export_ranking
from cicero_cli.console.scope_options import AttachOption, ScopeOption
from cicero_cli.domain.attendance.ranking_rows import RankingKind
from cicero_cli.domain.attendance.scopes import Scope

app = group()

KindArgument = Annotated[
    RankingKind,
    typer.Argument(metavar="divisi|personel|unit", help="What is ranked."),
]
TopOption = Annotated[
    int | None,
    typer.Option(
        "--top",
        min=0,
        max=100_000,
        metavar="N",
        help="The first N alone. Default: every unit; of people and divisions the first 10 and the last 5.",
    ),
]
BottomOption = Annotated[
    int | None,
    typer.Option(
        "--bottom",
        min=0,
        max=100_000,
        metavar="N",
        help="The last N alone; with --top both.",
    ),
]


@command(app, "show", example="cicero peringkat show personel --client POLRES_A")
def show(
    kind: KindArgument,
    *,
    client: ClientsOption = None,
    period: PeriodOption = "minggu",
    platform: ScopeOption = Scope.SEMUA,
    top: TopOption = None,
    bottom: BottomOption = None,
    file: FileOption = None,
) -> None:
    """Show who leads over a period and who is behind, by the share of what was expected; as it would be sent.

    Equal shares: who had more posts leads, then the higher rank (pangkat); with as many posts they have the same place. Who was exempt
    is left out. With people: who has done everything for days in a row, and who has improved most.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.attendance.ranking import choose, ranking_document
    from cicero_cli.domain.attendance.ranking_text import RANKING_TEMPLATE
    from cicero_cli.services.attendance.laphar import load_template
    from cicero_cli.services.attendance.period_recap import choose_period
    from cicero_cli.services.attendance.rankings import write_ranking_report
    from cicero_cli.services.roster.clients import choose_clients

    if file is not None:
        export_ranking(
            kind, client or [], period=period, scope=platform, top=top, bottom=bottom, file=file
        )
        return
    now = clock.now()
    with open_app() as cicero:
        clients = choose_clients(cicero.store, client, may_have_ended=True)
        periods = [choose_period(one, period, now=now) for one in clients]
        template = load_template(cicero.settings.templates, RANKING_TEMPLATE)
        reports = [
            write_ranking_report(
                cicero.store,
                one,
                kind,
                platform,
                span,
                choice=choose(kind, top, bottom),
                template=template,
                now=now,
            )
            for one, span in zip(clients, periods, strict=True)
        ]
    documents = [ranking_document(report.ranking) for report in reports]
    is_single = bool(client) and len(clients) == 1
    finish(
        Outcome(
            rows=[row for document in documents for row in document["rows"]],
            document=documents[0] if is_single else documents,
            text=f"\n{'-' * 40}\n\n".join(report.text for report in reports).rstrip("\n"),
        )
    )


@command(
    app,
    "export",
    example="cicero peringkat export divisi --client POLRES_A --file peringkat.xlsx",
)
def export(
    kind: KindArgument,
    *,
    client: ClientOption,
    period: PeriodOption = "minggu",
    platform: ScopeOption = Scope.SEMUA,
    top: TopOption = None,
    bottom: BottomOption = None,
    file: FileOption = None,
) -> None:
    """Write a client's ranking as a workbook (XLSX): every place with a chart, and of people the full days and who has improved;
    or as a picture (PNG): the first and the last as bars.
    """
    export_ranking(kind, [client], period=period, scope=platform, top=top, bottom=bottom, file=file)


@command(app, "send", example="cicero peringkat send divisi --period minggu-lalu --dry-run")
def send(
    kind: KindArgument,
    *,
    client: ClientsOption = None,
    period: Annotated[
        str,
        typer.Option(
            "--period", metavar="PERIOD", help="As peringkat show takes it. Default: minggu-lalu."
        ),
    ] = "minggu-lalu",
    platform: ScopeOption = Scope.SEMUA,
    top: TopOption = None,
    bottom: BottomOption = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="RECIPIENT", help="Only this number or group id; may be repeated."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also to those who have this period's ranking.")
    ] = False,
    attach: AttachOption = None,
    dry_run: DryRunOption = False,
) -> None:
    """Queue the ranking of every client, once per recipient, kind and period; `outbox deliver` sends it."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.attendance.ranking import choose
    from cicero_cli.domain.attendance.ranking_text import RANKING_TEMPLATE
    from cicero_cli.services.attendance.laphar import load_template
    from cicero_cli.services.messaging.rankings import RankingSending, send_rankings
    from cicero_cli.services.roster.clients import choose_clients

    now = clock.now()
    with (
        open_app() as cicero,
        nullcontext() if dry_run else cicero.store.job_lock("peringkat send"),
    ):
        clients = choose_clients(cicero.store, client)
        sending = RankingSending(
            kind=kind,
            scope=platform,
            period=period,
            choice=choose(kind, top, bottom),
            to=to or (),
            admins=cicero.settings.admin_whatsapp,
            text_limit=cicero.gateway().text_limit,
            template=load_template(cicero.settings.templates, RANKING_TEMPLATE),
            again=again,
            dry_run=dry_run,
            attach=attach,
        )
        announced = send_rankings(cicero.store, clients, sending, now=now)
    finish(announced_outcome(announced, [], dry_run=dry_run))
