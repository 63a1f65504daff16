"""`cicero template`: the wordings of reports and reminders, and the unit's own in their place."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.domain.roster.clients import normalise_client_id
from cicero_cli.errors import ExitCode, InputError
from cicero_cli.words import Text, reason_of

app = group()

TemplateClientOption = Annotated[
    str | None,
    typer.Option("--client", metavar="CLIENT_ID", help="The wording of this client alone."),
]

_COLUMNS = {"name": "template", "makes": "what it makes", "source": "from"}
_VARIABLE_COLUMNS = {"name": "variable", "meaning": "what it holds"}


@command(app, "list", example="cicero template list", is_list=True)
def list_templates() -> None:
    """List the templates: what each makes, and whether cicero's or your own is used."""
    from cicero_cli.services.messaging.wordings import list_files

    rows = [
        {"name": name, "makes": Text(wording.makes), "source": str(path or "cicero")}
        for wording, name, path in list_files(_own_folder())
    ]
    finish(Outcome(rows=rows, columns=_COLUMNS))


@command(app, "show", example="cicero template show laphar --example")
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="laphar, rekap, tugas, peringkat or reminder.")
    ],
    *,
    example: Annotated[
        bool, typer.Option("--example", help="The message that it makes of a made-up day.")
    ] = False,
    variables: Annotated[
        bool, typer.Option("--variables", help="What it may use, and what each holds.")
    ] = False,
    client: TemplateClientOption = None,
) -> None:
    """Show a template as it is used: its text, a message that it makes, or its variables."""
    from cicero_cli.services.messaging.wordings import (
        choose_wording,
        name_for,
        read_source,
        render_example,
    )

    wording, folder = choose_wording(name), _own_folder()
    if example and variables:
        raise InputError("--example and --variables are two questions", hint="ask one")
    if variables:
        rows = [
            {"name": variable, "meaning": Text(meaning)}
            for variable, meaning in wording.variables.items()
        ]
        finish(Outcome(rows=rows, columns=_VARIABLE_COLUMNS))
        return
    name = name_for(wording, _read_client(client), folder)
    text = (render_example if example else read_source)(wording, folder, name)
    finish(Outcome(text=text, document={"name": name, "text": text}))


@command(app, "export", example="cicero template export laphar --to /etc/cicero/templates")
def export(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="[NAME]",
            help="laphar, rekap, tugas, peringkat or reminder. Default: all.",
            show_default=False,
        ),
    ] = None,
    *,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="DIR", help="Default: the folder of CICERO_TEMPLATES."),
    ] = None,
    client: TemplateClientOption = None,
) -> None:
    """Write cicero's own templates into a folder, to be changed there; what is there already is kept."""
    from cicero_cli.domain.messaging.wordings import WORDINGS
    from cicero_cli.services.messaging.wordings import choose_wording, export_wordings

    own_folder = _own_folder()
    folder = Path(to) if to else own_folder
    if folder is None:
        raise InputError("there is no folder to write to", hint="--to DIR, or set CICERO_TEMPLATES")
    client_id = _read_client(client)
    paths = export_wordings(
        [choose_wording(name)] if name else WORDINGS, folder / client_id if client_id else folder
    )
    notes = ["next: change them, then cicero template check"]
    if own_folder is None or own_folder.resolve() != folder.resolve():
        notes.append(Text("they are used with CICERO_TEMPLATES={folder}", folder=folder.resolve()))
    rows = [{"file": str(path)} for path in paths]
    finish(Outcome(rows=rows, text="\n".join(row["file"] for row in rows), notes=notes))


def _read_client(typed: str | None) -> str | None:
    """The client's id, which is a folder's name here."""
    try:
        return None if typed is None else normalise_client_id(typed)
    except ValueError as error:
        raise InputError(
            "--client {typed}: {reason}", typed=typed, reason=reason_of(error)
        ) from error


@command(app, "check", example="cicero template check")
def check() -> None:
    """Render each template for every kind of day, and say what is wrong; ends with 78 when one cannot be used."""
    from cicero_cli.services.messaging.wordings import check_wordings

    checked = check_wordings(_own_folder())
    failures = {name: error.message for name, error in checked.items() if error}
    rows = [{"name": name, "ok": error is None} for name, error in checked.items()]
    finish(
        Outcome(
            rows=rows,
            text="" if failures else Text("The templates are in order."),
            failures=failures,
            exit_code=ExitCode.SETTING if failures else ExitCode.OK,
        )
    )


def _own_folder() -> Path | None:
    from cicero_cli.core.settings import load_settings

    return load_settings(os.environ).templates
