"""`cicero user`: the people who are expected to engage."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from cicero_cli.console.options import (
    ClientOption,
    ClientsOption,
    YesOption,
    command,
    group,
)
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.records import (
    added_outcome,
    changed_outcome,
    days_mended,
    fields_of,
    removed_outcome,
    user_outcome,
    with_history,
)
from cicero_cli.console.remarks import cli_actor, confirm
from cicero_cli.console.user_options import (
    DivisiOption,
    EmailOption,
    ExceptionOption,
    FoundUserArgument,
    FromOption,
    InstaOption,
    JabatanOption,
    TiktokOption,
    TitleOption,
    UntilOption,
    UserArgument,
    WhatsappOption,
)
from cicero_cli.words import Text

app = group()

_COLUMN_OF = {"new_id": "user_id", "client": "client_id", "active": "status", "opt_in": "wa_opt_in"}
_LINES_OF_HISTORY = 10
_COLUMNS = {
    "user_id": "user",
    "client_id": "client",
    "nama": "nama",
    "title": "title",
    "divisi": "divisi",
    "insta": "insta",
    "tiktok": "tiktok",
    "status": "active",
}


@command(
    app,
    "add",
    example="cicero user add 85010001 --client polres_a --nama 'Budi Santoso' --insta budi.s",
)
def add(
    user_id: UserArgument,
    *,
    client: ClientOption,
    nama: Annotated[
        str, typer.Option("--nama", metavar="NAME", help="The name as reports show it.")
    ],
    title: TitleOption = None,
    divisi: DivisiOption = None,
    jabatan: JabatanOption = None,
    insta: InstaOption = None,
    tiktok: TiktokOption = None,
    whatsapp: WhatsappOption = None,
    email: EmailOption = None,
    exception: ExceptionOption = None,
) -> None:
    """Add a user."""
    words = fields_of(locals(), _COLUMN_OF)
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.users import add_user

    with open_app() as cicero:
        user = add_user(cicero.store, words, by=cli_actor())
        extra = cicero.store.users.extra_handles(user.user_id)
    finish(
        added_outcome(
            user,
            Text(
                "User {user_id} added ({nama}, {client_id}).",
                user_id=user.user_id,
                nama=user.nama,
                client_id=user.client_id,
            ),
            more={f"extra_{platform}": [*handles] for platform, handles in extra.items()},
        )
    )


@command(app, "list", example="cicero user list --client polres_a --json", is_list=True)
def list_users(
    *,
    clients: ClientsOption = None,
    active: Annotated[
        bool | None,
        typer.Option("--active/--inactive", help="Only these users. Default: both."),
    ] = None,
) -> None:
    """List the users, of all clients or of some."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.clients import choose_clients

    with open_app() as cicero:
        chosen = choose_clients(cicero.store, clients) if clients else None
        ids = [client.client_id for client in chosen] if chosen else None
        users = cicero.store.users.list(ids, active=active)
    notes = (
        [] if users else ["no user fits; add some with: cicero user import people.xlsx --client …"]
    )
    finish(Outcome(rows=[asdict(user) for user in users], columns=_COLUMNS, notes=notes))


@command(app, "show", example="cicero user show budi.s")
def show(
    user_id: FoundUserArgument,
    *,
    whole: Annotated[
        bool, typer.Option("--all", help="The whole history, not its newest ten lines.")
    ] = False,
) -> None:
    """Show all that is kept about one user, and what the user was before, the newest first."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.user_search import find_user

    with open_app() as cicero:
        user = find_user(cicero.store, user_id)
        extra = cicero.store.users.extra_handles(user.user_id)
        history = cicero.store.history.of_user(user.user_id)
    limit = None if whole else _LINES_OF_HISTORY
    finish(with_history(user_outcome(user, extra), history, limit=limit))


@command(app, "set", example="cicero user set 85010001 --insta budi.baru --whatsapp ''")
def set_fields(
    user_id: FoundUserArgument,
    *,
    new_id: Annotated[
        str | None, typer.Option("--id", metavar="NEW", help="Another NRP, NIP or id.")
    ] = None,
    client: Annotated[
        str | None,
        typer.Option("--client", metavar="CLIENT_ID", help="Move the user to this client."),
    ] = None,
    nama: Annotated[
        str | None, typer.Option("--nama", metavar="NAME", help="The name as reports show it.")
    ] = None,
    title: TitleOption = None,
    divisi: DivisiOption = None,
    jabatan: JabatanOption = None,
    insta: InstaOption = None,
    tiktok: TiktokOption = None,
    whatsapp: WhatsappOption = None,
    email: EmailOption = None,
    exception: ExceptionOption = None,
    active: Annotated[
        bool | None,
        typer.Option("--active/--inactive", help="Whether reports and reminders include the user."),
    ] = None,
    opt_in: Annotated[
        bool | None,
        typer.Option("--opt-in/--opt-out", help="Whether the user agrees to get reminders."),
    ] = None,
    from_day: FromOption = None,
    until: UntilOption = None,
    was_wrong: Annotated[
        bool,
        typer.Option(
            "--was-wrong", help="The handles on file that are not named never were this user's."
        ),
    ] = False,
) -> None:
    """Change a user from today on; an empty text ('') clears a field. --insta a --insta b: uses both, a is the main one.

    Past days stay as they were, but with --from or --was-wrong. Every handle that was ever the user's counts.
    """
    words = fields_of(locals(), _COLUMN_OF, key="user_id")
    since = {name: words.pop(name) for name in ("from_day", "until", "was_wrong")}
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.roster.history import set_user_since
    from cicero_cli.services.roster.user_search import find_user

    with open_app() as cicero, cicero.store.transaction():
        found = find_user(cicero.store, user_id)
        before = user_outcome(found, cicero.store.users.extra_handles(found.user_id))
        user = set_user_since(
            cicero.store, found.user_id, words, **since, by=cli_actor(), now=clock.now()
        )
        after = user_outcome(user, cicero.store.users.extra_handles(user.user_id))
    finish(changed_outcome(before, after, "user_id", past=days_mended(from_day, until)))


@command(app, "remove", example="cicero user remove 85010001")
def remove(
    user_id: UserArgument,
    *,
    erase: Annotated[
        bool, typer.Option("--erase", help="From the reports of past days too.")
    ] = False,
    yes: YesOption = False,
) -> None:
    """Remove a user from today on; the reports of past days stay as they were."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.users import get_user, get_user_ever, remove_user

    with open_app() as cicero:
        user = (get_user_ever if erase else get_user)(cicero.store, user_id)
        names = {"user_id": user.user_id, "nama": user.nama, "client_id": user.client_id}
        question = Text("Remove {user_id} ({nama}, {client_id})?", **names)
        if erase:
            question = Text(
                "Erase {user_id} ({nama}, {client_id}) from the reports of past days too?"
                " {reports} reports that were sent can then no longer be proved.",
                **names,
                reports=cicero.store.reports.count_naming(user.user_id),
            )
        confirm(question, yes=yes)
        remove_user(cicero.store, user.user_id, by=cli_actor(), erase=erase)
    finish(removed_outcome(Text("User {user_id} removed.", user_id=user.user_id), user.user_id))


@command(
    app,
    "leave",
    example="cicero user leave 85010001 --from 2026-11-01 --until 2026-11-12 --reason cuti",
)
def leave(
    user_id: FoundUserArgument,
    *,
    from_day: FromOption = None,
    until: UntilOption = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="WORD", help="Why, such as cuti, dik, sakit, bko."),
    ] = None,
    note: Annotated[str | None, typer.Option("--note", metavar="TEXT", help="A remark.")] = None,
    end: Annotated[
        str | None,
        typer.Option("--end", metavar="DAY", help="The leave that covers this day ends with it."),
    ] = None,
) -> None:
    """List a user's leave, add some (--from, --until, --reason), or end one early (--end).

    On these days, past or to come, the user counts as an exception and gets no reminder.
    """
    words = fields_of(locals(), {}, key="user_id")
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.leave import change_leave
    from cicero_cli.services.roster.user_search import find_user

    with open_app() as cicero:
        user = find_user(cicero.store, user_id)
        found = change_leave(cicero.store, user.user_id, **words, by=cli_actor())
    notes = [] if found else ["no leave"]
    finish(Outcome(rows=[asdict(one) for one in found], notes=notes))


@command(app, "assign", example="cicero user assign 85010001 --to ditbinmas --from 2026-11-01")
def assign(
    user_id: FoundUserArgument,
    *,
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="CLIENT_ID", help="The client whose posts are expected too."),
    ] = None,
    from_day: FromOption = None,
    until: UntilOption = None,
    end: Annotated[
        str | None,
        typer.Option("--end", metavar="DAY", help="The assignment ends with this day."),
    ] = None,
) -> None:
    """List the clients that a user is assigned to besides the own one, add one (--to), or end it (--to, --end).

    From today on and until further notice, unless --from and --until say otherwise.
    """
    words = fields_of(locals(), {}, key="user_id")
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.assignments import change_assignment
    from cicero_cli.services.roster.user_search import find_user

    with open_app() as cicero:
        user = find_user(cicero.store, user_id)
        found = change_assignment(cicero.store, user.user_id, **words, by=cli_actor())
    notes = [] if found else ["not assigned to any other client"]
    finish(Outcome(rows=[asdict(one) for one in found], notes=notes))
