"""`cicero client`: the organisations that post."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cicero_cli.console.client_clocks import on_clients_clocks
from cicero_cli.console.client_options import (
    COLUMN_OF,
    AudienceDivisiOption,
    AudienceOption,
    ClientArgument,
    GroupOption,
    InstaOption,
    OperatorOption,
    SuperOption,
    ThresholdOption,
    TiktokOption,
    TimezoneOption,
    TypeOption,
    UnderOption,
)
from cicero_cli.console.options import YesOption, command, group
from cicero_cli.console.outcome import Outcome, finish, record_outcome
from cicero_cli.console.records import (
    added_outcome,
    fields_of,
    removed_outcome,
)
from cicero_cli.console.remarks import cli_actor, confirm
from cicero_cli.words import Text

app = group()

_COLUMNS = {
    "client_id": "client",
    "nama": "nama",
    "client_status": "active",
    "client_insta": "insta",
    "client_tiktok": "tiktok",
    "timezone": "timezone",
}
_TREE_COLUMNS = {"under": "under", "audience": "audience"}


@command(
    app,
    "add",
    example="cicero client add POLRES_A --nama 'Polres A' --insta polres.a --tiktok polres_a",
)
def add(
    client_id: ClientArgument,
    *,
    nama: Annotated[
        str, typer.Option("--nama", metavar="NAME", help="Its name as reports show it.")
    ],
    client_type: TypeOption = None,
    insta: InstaOption = None,
    tiktok: TiktokOption = None,
    operator: OperatorOption = None,
    super_admin: SuperOption = None,
    whatsapp_group: GroupOption = None,
    timezone: TimezoneOption = None,
    threshold: ThresholdOption = None,
    under: UnderOption = None,
    audience: AudienceOption = None,
    audience_divisi: AudienceDivisiOption = None,
) -> None:
    """Add a client."""
    words = fields_of(locals(), COLUMN_OF)
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.clients import add_client

    with open_app() as cicero:
        client = add_client(cicero.store, words, by=cli_actor())
    finish(
        added_outcome(
            client,
            Text(
                "Client {client_id} added ({nama}, {timezone}).",
                client_id=client.client_id,
                nama=client.nama,
                timezone=client.timezone,
            ),
            notes=[
                Text(
                    "next: cicero user import people.xlsx --client {client_id}",
                    client_id=client.client_id,
                )
            ],
        )
    )


@command(app, "list", example="cicero client list --json", is_list=True)
def list_clients() -> None:
    """List the clients."""
    from cicero_cli.bootstrap import open_app

    with open_app() as cicero:
        clients = cicero.store.clients.list()
    notes = [] if clients else ["there are no clients yet; add one with: cicero client add"]
    is_tree = any(client.under or client.audience != "own" for client in clients)
    columns = {**_COLUMNS, **_TREE_COLUMNS} if is_tree else _COLUMNS
    finish(Outcome(rows=[asdict(client) for client in clients], columns=columns, notes=notes))


@command(app, "show", example="cicero client show polres_a")
def show(client_id: ClientArgument) -> None:
    """Show all that is kept about one client, how many units and people its audience has today, and how many more recipients it has."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.periods import local_day
    from cicero_cli.services.roster.clients import get_client
    from cicero_cli.services.roster.followed_sheets import describe_sheet

    with open_app() as cicero:
        client = get_client(cicero.store, client_id)
        counts = cicero.store.audiences.counts(
            client.client_id, local_day(clock.now(), client.zone)
        )
        shown = asdict(client) | asdict(counts) | describe_sheet(cicero.store, client.client_id)
        shown["recipients"] = len(cicero.store.recipients.list([client.client_id]))
    finish(record_outcome(on_clients_clocks([shown], [client])[0]))


@command(app, "remove", example="cicero client remove polres_a")
def remove(
    client_id: ClientArgument,
    *,
    erase: Annotated[
        bool, typer.Option("--erase", help="With all that is kept of its past, for ever.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """Remove a client and its users from today on; past days can still be shown (to pause one: set --inactive)."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.clients import get_client, remove_client

    with open_app() as cicero:
        client = get_client(cicero.store, client_id, may_have_ended=erase)
        names = {"client_id": client.client_id, "nama": client.nama}
        question = Text("Remove {client_id} ({nama}) and its users from today on?", **names)
        if erase:
            loss = cicero.store.clients.loss(client.client_id)
            question = Text(
                "Erase {client_id} ({nama}) with {users:,} users, {posts:,} posts, their likes and comments?"
                " {reports:,} reports that were sent can then no longer be proved.",
                **names,
                users=loss.users,
                posts=loss.posts,
                reports=loss.reports,
            )
        confirm(question, yes=yes)
        remove_client(cicero.store, client.client_id, by=cli_actor(), erase=erase)
    finish(
        removed_outcome(
            Text("Client {client_id} removed.", client_id=client.client_id), client.client_id
        )
    )
