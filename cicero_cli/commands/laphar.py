"""`cicero laphar`: the daily report."""

from __future__ import annotations

from typing import Annotated

import typer

from cicero_cli.console import AsOfOption, ClientsOption, DateOption, command, finish_stream, group
from cicero_cli.domain.scopes import LapharMode, Scope

app = group("The daily report (laporan harian).")

ScopeArgument = Annotated[Scope, typer.Argument(metavar="insta|tiktok|semua", help="The platform, or both.")]
ModeOption = Annotated[LapharMode, typer.Option("--mode", help="Whose names the report lists.")]
PerKontenOption = Annotated[bool, typer.Option("--per-konten", help="List the people post by post.")]


@command(app, "show", example="cicero laphar show insta --client POLRES_A --mode semua")
def show(
    scope: ScopeArgument,
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    as_of: AsOfOption = None,
    mode: ModeOption = LapharMode.BELUM,
    per_konten: PerKontenOption = False,
) -> None:
    """Show the report of one client, or of all, as it would be sent."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.registering import choose_clients
    from cicero_cli.services.reporting import laphar_document, load_template, write_laphars

    with open_app() as cicero:
        clients = choose_clients(cicero.store, client)
        laphars = write_laphars(
            cicero.store,
            clients,
            scope.platforms,
            day=date,
            as_of=as_of,
            template=load_template(cicero.settings.templates),
            mode=mode,
            per_konten=per_konten,
            now=clock.now(),
        )
        finish_stream(
            laphars,
            text=lambda laphar: laphar.text,
            document=laphar_document,
            is_single=bool(client) and len(clients) == 1,
        )
