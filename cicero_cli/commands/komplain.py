"""`cicero komplain`: what people say about the lists."""

from __future__ import annotations

from typing import Annotated

import typer

from cicero_cli.console.options import ClientsOption, command, group
from cicero_cli.console.outcome import Outcome, finish

app = group()

_COLUMNS = {
    "complaint_id": "complaint",
    "filed_at": "at",
    "client_id": "client",
    "user_id": "user",
    "nama": "nama",
    "platform": "platform",
    "username": "username",
    "issue": "issue",
}


@command(app, "list", example="cicero komplain list --client polres_a", is_list=True)
def list_complaints(
    *,
    clients: ClientsOption = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="At most so many, newest first.")
    ] = 50,
) -> None:
    """List what people said through the dashboards: that they have done what a list does not show."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.attendance.complaints import list_complaints as list_filed

    with open_app() as cicero:
        rows = list_filed(cicero.store, clients, limit=limit)
    notes = [] if rows else ["nobody has complained"]
    finish(Outcome(rows=rows, columns=_COLUMNS, notes=notes))
