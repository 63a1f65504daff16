"""`cicero recipient`: who gets a client's reports beside its group, operator and super admin."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.language import shown
from cicero_cli.console.options import ClientOption, ClientsOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.records import (
    NOTHING_CHANGED,
    added_outcome,
    change_lines,
    fields_of,
    find_changes,
    removed_outcome,
)
from cicero_cli.console.remarks import cli_actor
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.domain.messaging.recipients import Recipient

app = group()

RecipientArgument = Annotated[
    str, typer.Argument(metavar="NAME|NUMBER", help="Its name, number or group id.")
]
NameOption = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="Who that is, as 'Kasat Lantas'.")
]
DivisiOption = Annotated[
    list[str] | None,
    typer.Option(
        "--divisi",
        metavar="NAME",
        help="Only this division's part; may be repeated, '' is the whole.",
    ),
]
WhatOption = Annotated[
    str | None,
    typer.Option(
        "--what",
        metavar="WORDS",
        help="laphar, rekap, tugas, peringkat, with commas between. Default: laphar,rekap.",
    ),
]
OwnModeOption = Annotated[
    str | None,
    typer.Option(
        "--mode",
        metavar="MODE",
        help="Lists of the laphar: belum, sudah, semua or akumulasi; '' as the others get it.",
    ),
]
AtOption = Annotated[
    str | None,
    typer.Option(
        "--at",
        metavar="TIMES",
        help="When its laphar is due, as 07:00,21:00; '' at the client's times.",
    ),
]

_KEY = ("client", "recipient")
_COLUMNS = {
    "client_id": "client",
    "name": "name",
    "recipient": "recipient",
    "what": "what",
    "divisi": "divisi",
    "mode": "mode",
    "at": "at",
}


@command(
    app,
    "add",
    example="cicero recipient add 081234567890 --client polres_a --divisi 'Sat Lantas' --name 'Kasat Lantas'",
)
def add(
    recipient: Annotated[
        str, typer.Argument(metavar="NUMBER", help="A WhatsApp number, or a group's id.")
    ],
    *,
    client: ClientOption,
    divisi: DivisiOption = None,
    what: WhatOption = None,
    mode: OwnModeOption = None,
    at: AtOption = None,
    name: NameOption = None,
) -> None:
    """Add a number or group that gets a client's reports too, whole or a division's part alone."""
    words = _words(locals())
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.messaging.recipient_book import add_recipient

    with open_app() as cicero:
        added = add_recipient(
            cicero.store, client, recipient, words, by=cli_actor(), now=clock.now()
        )
    whose = ", ".join(added.divisi) or shown(Text("all divisions"))
    finish(
        added_outcome(
            added,
            Text(
                "{recipient} gets {what} of {client_id}: {divisi}.",
                recipient=added.name or added.recipient,
                what=", ".join(added.what),
                client_id=added.client_id,
                divisi=whose,
            ),
        )
    )


@command(app, "list", example="cicero recipient list --client polres_a", is_list=True)
def list_recipients(*, client: ClientsOption = None) -> None:
    """List who gets reports beside each client's group, operator and super admin, which `client show` has."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.recipient_book import list_recipients_of

    with open_app() as cicero:
        found = list_recipients_of(cicero.store, client)
    notes = [] if found else ["there are none yet; add one with: cicero recipient add"]
    finish(Outcome(rows=[asdict(one) for one in found], columns=_COLUMNS, notes=notes))


@command(
    app, "set", example="cicero recipient set 'Kasat Lantas' --client polres_a --at 07:00,21:00"
)
def set_fields(
    recipient: RecipientArgument,
    *,
    client: ClientOption,
    divisi: DivisiOption = None,
    what: WhatOption = None,
    mode: OwnModeOption = None,
    at: AtOption = None,
    name: NameOption = None,
) -> None:
    """Change what a recipient gets from now on; an empty text ('') clears a field."""
    words = _words(locals())
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.messaging.recipient_book import set_recipient

    with open_app() as cicero:
        was, now = set_recipient(
            cicero.store, client, recipient, words, by=cli_actor(), now=clock.now()
        )
    changed = find_changes(_told(was), _told(now))
    line = Text(
        "{recipient} of {client_id} changed:", recipient=_named(now), client_id=now.client_id
    )
    text = "\n".join([shown(line), *change_lines(changed)]) if changed else NOTHING_CHANGED
    finish(Outcome(rows=[asdict(now)], document={**asdict(now), "changed": changed}, text=text))


@command(app, "remove", example="cicero recipient remove 'Kasat Lantas' --client polres_a")
def remove(recipient: RecipientArgument, *, client: ClientOption) -> None:
    """Remove a recipient, with the reports that wait for it in the outbox."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.recipient_book import remove_recipient

    with open_app() as cicero:
        gone = remove_recipient(cicero.store, client, recipient, by=cli_actor())
    finish(
        removed_outcome(
            Text(
                "{recipient} gets nothing of {client_id} any more.",
                recipient=_named(gone),
                client_id=gone.client_id,
            ),
            gone.recipient,
        )
    )


def _words(options: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields_of(options, {}).items() if name not in _KEY}


def _told(recipient: Recipient) -> dict[str, Any]:
    return {name: value for name, value in asdict(recipient).items() if name != "since"}


def _named(recipient: Recipient) -> str:
    return recipient.name or recipient.recipient
