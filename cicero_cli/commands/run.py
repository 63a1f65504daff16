"""`cicero run`: what cron's jobs did, cost and failed at."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import Outcome, finish, record_outcome
from cicero_cli.domain.collection.runs import RunStatus
from cicero_cli.errors import NotFoundError

app = group()

_COLUMNS = {
    "run_id": "run",
    "job": "job",
    "client_id": "client",
    "started_at": "at",
    "status": "status",
    "posts": "posts",
    "new": "new",
    "requests": "requests",
}


@command(app, "list", example="cicero run list --status failed --days 2", is_list=True)
def list_runs(
    *,
    client: Annotated[
        str | None, typer.Option("--client", metavar="CLIENT_ID", help="Only this client's.")
    ] = None,
    status: Annotated[RunStatus | None, typer.Option("--status", help="Only these.")] = None,
    days: Annotated[
        int, typer.Option("--days", min=1, max=366, metavar="N", help="Of the last N days.")
    ] = 1,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="At most so many, newest first.")
    ] = 50,
) -> None:
    """List what cron did in the last day, last night too: each fetch of a client, each other job that had something to do.

    Times are the client's own, in WIB those of no client.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.roster.clients import get_client
    from cicero_cli.words import Text

    with open_app() as cicero:
        client_id = None if client is None else get_client(cicero.store, client).client_id
        since = clock.now() - timedelta(days=days)
        rows = cicero.store.runs.list_newest(
            client_id=client_id, status=status, since=since, limit=limit
        )
    notes: list[str] = [
        Text("{run}: {reason}", run=row["run_id"], reason=row["error"])
        for row in rows
        if row["error"]
    ]
    if not rows:
        notes = ["no run fits; a wider view: --days 7"]
    finish(Outcome(rows=rows, columns=_COLUMNS, notes=notes))


@command(app, "show", example="cicero run show 17")
def show(
    run_id: Annotated[int, typer.Argument(metavar="RUN_ID", help="As `run list` shows it.")],
) -> None:
    """Show all that is kept about one run."""
    from cicero_cli.bootstrap import open_app

    with open_app() as cicero:
        row = cicero.store.runs.get(run_id)
    if row is None:
        raise NotFoundError("there is no run {run_id}", hint="see: cicero run list", run_id=run_id)
    finish(record_outcome(row))
