"""`cicero holiday`: the days that are off for clients whose days off include holidays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import cli_actor
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.domain.roster.days_off import Holiday

app = group()

_COLUMNS = {"date": "date", "name": "name", "client_id": "client"}

DaysArgument = Annotated[list[str], typer.Argument(metavar="DAY...", help="Written YYYY-MM-DD.")]
OneClientOption = Annotated[
    str | None,
    typer.Option("--client", metavar="CLIENT_ID", help="Of this client alone. Default: of all."),
]


@command(app, "add", example="cicero holiday add 2026-12-25 --name 'Hari Raya Natal'")
def add(
    days: DaysArgument,
    *,
    name: Annotated[
        str, typer.Option("--name", metavar="NAME", help="What reports call it, in Indonesian.")
    ],
    client: OneClientOption = None,
) -> None:
    """Add holidays; they are days off of the clients that have them: client set X --days-off holidays."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.holidays import add_holidays, any_client_observes

    with open_app() as cicero:
        added = add_holidays(cicero.store, days, name=name, client_id=client, by=cli_actor())
        is_observed = any_client_observes(cicero.store)
    finish(
        Outcome(
            text=Text(
                "Added: {days} ({name}).",
                days=", ".join(one.day.isoformat() for one in added),
                name=added[0].name,
            ),
            document=[_row(one) for one in added],
            notes=[]
            if is_observed
            else [
                "no client has holidays off yet: cicero client set CLIENT_ID --days-off holidays"
            ],
        )
    )


@command(app, "list", example="cicero holiday list --client POLRES_A", is_list=True)
def list_(
    *,
    client: Annotated[
        str | None,
        typer.Option("--client", metavar="CLIENT_ID", help="Those of all, and this client's own."),
    ] = None,
) -> None:
    """List the holidays, past ones too."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.holidays import list_holidays

    with open_app() as cicero:
        rows = [_row(one) for one in list_holidays(cicero.store, client)]
    notes = [] if rows else ["there are no holidays yet; add one with: cicero holiday add"]
    finish(Outcome(rows=rows, columns=_COLUMNS, notes=notes))


@command(app, "remove", example="cicero holiday remove 2026-12-25")
def remove(days: DaysArgument, *, client: OneClientOption = None) -> None:
    """Take holidays back; reports that were sent keep what they said."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.holidays import remove_holidays

    with open_app() as cicero:
        removed = remove_holidays(cicero.store, days, client_id=client, by=cli_actor())
    names = [day.isoformat() for day in removed]
    finish(
        Outcome(
            text=Text("No holidays any more: {days}.", days=", ".join(names)),
            document={"removed": names},
        )
    )


def _row(holiday: Holiday) -> dict[str, Any]:
    return {
        "date": holiday.day.isoformat(),
        "name": holiday.name,
        "client_id": holiday.client_id,
    }
