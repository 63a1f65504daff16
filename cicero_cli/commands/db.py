"""`cicero init` and `cicero db`: the database's tables."""

from __future__ import annotations

import os

import typer

from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.words import Text

app = group()


def register(root: typer.Typer) -> None:
    """`cicero init` stands beside the nouns, not under `db`: it is the first thing that anybody types."""
    command(root, "init", example="cicero init")(init)


def init() -> None:
    """Make this machine ready: the database, its tables; safe to repeat."""
    applied, where = _migrate()
    finish(
        Outcome(
            text=Text(
                "Ready: {where} ({count} migrations applied).", where=where, count=len(applied)
            ),
            document={"database": where, "applied": applied},
            notes=["next: cicero client add POLRES_A --nama 'Polres A' --insta polres.a"],
        )
    )


@command(app, "migrate", example="cicero db migrate")
def migrate() -> None:
    """Apply the migrations that the database lacks; safe to start twice at once."""
    applied, where = _migrate()
    text = (
        Text("Applied {applied} to {where}.", applied=", ".join(applied), where=where)
        if applied
        else Text("Nothing to do: {where} is current.", where=where)
    )
    finish(Outcome(text=text, document={"database": where, "applied": applied}))


@command(app, "status", example="cicero db status --json")
def status() -> None:
    """Show which migrations the database has and which it lacks."""
    from cicero_cli.bootstrap import open_connection
    from cicero_cli.core.settings import load_settings
    from cicero_cli.repositories.database.migrations import read_status

    with open_connection(load_settings(os.environ)) as connection:
        schema = read_status(connection)
    rows = [
        {"migration": version, "state": _state(version, schema.known, schema.applied)}
        for version in sorted({*schema.known, *schema.applied})
    ]
    notes = ["run: cicero db migrate"] if schema.pending else []
    finish(Outcome(rows=rows, notes=notes))


def _state(version: str, known: tuple[str, ...], applied: tuple[str, ...]) -> str:
    if version not in known:
        return Text("unknown to this cicero, which is too old")
    return "applied" if version in applied else "pending"


def _migrate() -> tuple[list[str], str]:
    from cicero_cli.bootstrap import open_connection
    from cicero_cli.core.settings import load_settings
    from cicero_cli.repositories.database.migrations import migrate as apply_pending

    settings = load_settings(os.environ)
    with open_connection(settings, may_create=True) as connection:
        applied = apply_pending(connection)
    where = (
        Text("the database of DATABASE_URL")
        if settings.server_url
        else Text("the embedded database in {data_dir}", data_dir=settings.data_dir)
    )
    return list(applied), where
