"""`cicero client`: the organisations that post."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cicero_cli.console.client_clocks import on_clients_clocks
from cicero_cli.console.client_options import (
    AudienceDivisiOption,
    AudienceOption,
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
    changed_outcome,
    days_mended,
    fields_of,
    removed_outcome,
)
from cicero_cli.console.remarks import cli_actor, confirm
from cicero_cli.words import Text

app = group()

ClientArgument = Annotated[
    str, typer.Argument(metavar="CLIENT_ID", help="The client, in any case.")
]
_COLUMN_OF = {
    "insta": "client_insta",
    "tiktok": "client_tiktok",
    "operator": "client_operator",
    "super_admin": "client_super",
    "whatsapp_group": "client_group",
    "active": "client_status",
    "insta_active": "client_insta_status",
    "tiktok_active": "client_tiktok_status",
    "regional": "regional_id",
    "amplify": "client_amplify_status",
    "premium": "premium_status",
    "premium_until": "premium_expires_at",
}
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
    words = fields_of(locals(), _COLUMN_OF)
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
    """Show all that is kept about one client, and how many units and people its audience has today."""
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
    finish(record_outcome(on_clients_clocks([shown], [client])[0]))


@command(app, "set", example="cicero client set polres_a --timezone WITA --threshold 0.8")
def set_fields(
    client_id: ClientArgument,
    *,
    nama: Annotated[str | None, typer.Option("--nama", metavar="NAME", help="Its name.")] = None,
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
    fetch_at: Annotated[
        str | None,
        typer.Option(
            "--fetch-at", metavar="TIMES", help="When its posts are due, as 06:30-20:30/60."
        ),
    ] = None,
    laphar_at: Annotated[
        str | None,
        typer.Option(
            "--laphar-at",
            metavar="TIMES",
            help="When its report is due, as 14:00,20:00; '' is never, default the installation's times.",
        ),
    ] = None,
    remind_at: Annotated[
        str | None,
        typer.Option("--remind-at", metavar="TIMES", help="When its reminders are due, likewise."),
    ] = None,
    report_units: Annotated[
        bool | None,
        typer.Option(
            "--report-units/--no-report-units",
            help="Whether each unit below gets its own part of the report.",
        ),
    ] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether runs include it.")
    ] = None,
    insta_active: Annotated[
        bool | None,
        typer.Option("--insta-active/--insta-inactive", help="Whether Instagram is followed."),
    ] = None,
    tiktok_active: Annotated[
        bool | None,
        typer.Option("--tiktok-active/--tiktok-inactive", help="Whether TikTok is followed."),
    ] = None,
    regional: Annotated[
        str | None,
        typer.Option(
            "--regional", metavar="WORD", help="Region that a directorate's dashboard narrows by."
        ),
    ] = None,
    amplify: Annotated[
        bool | None, typer.Option("--amplify/--no-amplify", help="Dashboard: its amplify entries.")
    ] = None,
    premium: Annotated[
        bool | None, typer.Option("--premium/--no-premium", help="Dashboard: its premium entries.")
    ] = None,
    premium_tier: Annotated[
        str | None, typer.Option("--premium-tier", metavar="WORD", help="Dashboard: which premium.")
    ] = None,
    premium_until: Annotated[
        str | None,
        typer.Option(
            "--premium-until", metavar="TIME", help="Until when, as 2027-01-01T00:00:00+07:00."
        ),
    ] = None,
    from_day: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="DAY",
            help="--threshold, --nama, --under, --audience, --audience-divisi: from this past day on.",
        ),
    ] = None,
    sheet: Annotated[
        str | None,
        typer.Option(
            "--sheet",
            metavar="LINK",
            help="Its people's Google Sheet, read every night; '' forgets.",
        ),
    ] = None,
    tab: Annotated[
        str | None, typer.Option("--tab", metavar="NAME|GID", help="The tab of that sheet.")
    ] = None,
) -> None:
    """Change a client from today on; an empty text ('') clears a field."""
    words = fields_of(locals(), _COLUMN_OF, key="client_id")
    for name in ("from_day", "sheet", "tab"):
        words.pop(name)
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.roster.clients import get_client
    from cicero_cli.services.roster.followed_sheets import describe_sheet, follow_sheet
    from cicero_cli.services.roster.history import set_client_since

    by = cli_actor()
    is_sheet_alone = all(value is None for value in (*words.values(), from_day))
    with open_app() as cicero, cicero.store.transaction():
        was = get_client(cicero.store, client_id)
        before = record_outcome(asdict(was) | describe_sheet(cicero.store, was.client_id))
        if sheet is not None or tab is not None:
            follow_sheet(cicero.store, client_id, sheet, tab, by=by)
        if is_sheet_alone and (sheet is not None or tab is not None):
            client = get_client(cicero.store, client_id)
        else:
            client = set_client_since(
                cicero.store, client_id, words, from_day=from_day, by=by, now=clock.now()
            )
        after = record_outcome(asdict(client) | describe_sheet(cicero.store, client.client_id))
    finish(changed_outcome(before, after, "client_id", past=days_mended(from_day)))


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
