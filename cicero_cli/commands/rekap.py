"""`cicero rekap`: what was done over a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.options import ClientsOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.domain.attendance.scopes import Scope

if TYPE_CHECKING:
    from cicero_cli.services.attendance.period_recap import PeriodReport

app = group()

ScopeArgument = Annotated[
    Scope, typer.Argument(metavar="insta|tiktok|semua", help="The platform, or both.")
]
PeriodOption = Annotated[
    str,
    typer.Option(
        "--period",
        metavar="PERIOD",
        help="hari, minggu, bulan (up to today), hari-lalu, minggu-lalu, bulan-lalu (the last whole one), YYYY-MM or FROM..TO.",
    ),
]


@command(app, "show", example="cicero rekap show insta --client POLRES_A --period minggu-lalu")
def show(
    scope: ScopeArgument, *, client: ClientsOption = None, period: PeriodOption = "minggu"
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


def _rows(report: PeriodReport) -> list[dict[str, Any]]:
    return [
        {"platform": recap.platform.value, **user._asdict()}
        for recap in report.recaps
        for user in recap.users
    ]
