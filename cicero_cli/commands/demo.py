"""`cicero demo`: a day of cicero without any account or key."""

from __future__ import annotations

import typer

from cicero_cli.console.options import command


def register(root: typer.Typer) -> None:
    """`cicero demo` stands beside the nouns."""
    command(root, "demo", example="cicero demo")(demo)


def demo() -> None:
    """Play a day with made-up accounts on a database that is gone afterwards."""
    from cicero_cli.core import clock
    from cicero_cli.standins.demo import play_day

    play_day(typer.echo, now=clock.now())
