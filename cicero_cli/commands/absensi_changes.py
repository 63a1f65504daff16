"""The rest of `cicero absensi`: figures that changed, and what a person decides about them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

import typer

from cicero_cli.console.options import ClientsOption, DateOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import cli_actor
from cicero_cli.console.scope_options import ScopeOption
from cicero_cli.console.user_options import FoundUserArgument
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.words import Text, join_texts

app = group()

_IDLE_COLUMNS = {
    "client_id": "client",
    "unit_id": "unit",
    "user_id": "user",
    "nama": "nama",
    "title": "title",
    "divisi": "divisi",
    "posts": "posts",
    "last_day": "last did one",
}


@command(
    app,
    "accept",
    example="cicero absensi accept 75020201 --post DExampleKey1 --reason 'showed the like on the phone'",
)
def accept(
    user_id: FoundUserArgument,
    *,
    post: Annotated[
        list[str] | None,
        typer.Option(
            "--post", metavar="POST", help="Shortcode, video id or address; may be repeated."
        ),
    ] = None,
    date: DateOption = None,
    scope: ScopeOption = Scope.SEMUA,
    client: Annotated[
        str | None,
        typer.Option(
            "--client", metavar="CLIENT_ID", help="Whose posts. Default: the user's own client."
        ),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", help="Why; it stands in the report's data."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Take it back, from now on.")] = False,
) -> None:
    """Count a post for one user on a person's word, or with --date all posts of that day that are left."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.attendance.corrections import accept_posts
    from cicero_cli.services.roster.user_search import find_user

    with open_app() as cicero:
        user, posts = accept_posts(
            cicero.store,
            find_user(cicero.store, user_id).user_id,
            posts=post or (),
            day=date,
            platforms=scope.platforms,
            client_id=client,
            reason=reason,
            undo=undo,
            by=cli_actor(),
        )
    keys = [one.post_key for one in posts]
    words = {"nama": user.nama, "posts": ", ".join(keys)}
    finish(
        Outcome(
            text=Text("no longer accepted for {nama}: {posts}", **words)
            if undo
            else Text("accepted for {nama}: {posts}", **words),
            document={"user_id": user.user_id, "posts": keys, "accepted": not undo},
        )
    )


@command(app, "changes", example="cicero absensi changes --client POLRES_A --date 2026-11-21")
def changes(
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    scope: ScopeOption = Scope.SEMUA,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="laphar:ID",
            help="Against this report. Default: the last that was sent of the day.",
        ),
    ] = None,
) -> None:
    """Say why a day's figures are no longer those of the report that was sent: who changed, and by what."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.attendance.changes import changes_document, list_changes
    from cicero_cli.services.roster.clients import choose_clients

    with open_app() as cicero:
        clients = choose_clients(cicero.store, client, may_have_ended=True)
        found = list_changes(
            cicero.store, clients, day=date, as_of=as_of, scope=scope, now=clock.now()
        )
        documents = [changes_document(one) for one in found]
    finish(
        Outcome(
            rows=[row for document in documents for row in _rows(document)],
            columns={
                "client_id": "client",
                "platform": "platform",
                "user_id": "user",
                "nama": "nama",
                "was": "was",
                "now": "now",
                "why": "why",
            },
            document=documents,
            notes=[
                *(_sum_up(document) for document in documents),
                *_reminder_notes(documents),
            ],
        )
    )


def _rows(document: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "client_id": document["client_id"],
            "date": document["date"],
            "platform": document["platform"],
            "report": document["report"]["id"],
            "user_id": user["user_id"],
            "nama": user["nama"],
            "was": _figures(user["was"]),
            "now": _figures(user["now"]),
            "why": join_texts([reason["text"] for reason in user["reasons"]], "; "),
        }
        for user in document["users"]
    ]


def _figures(figures: dict[str, Any] | None) -> str:
    return f"{figures['done']}/{figures['total']} {figures['status']}" if figures else "-"


def _sum_up(document: dict[str, Any]) -> str:
    was, now = document["summary"]["was"], document["summary"]["now"]
    return Text(
        "{client_id} {platform} {date}: {report} of {slot} said {was} of {was_users} sudah, now it is {now} of {now_users}",
        client_id=document["client_id"],
        platform=document["platform"],
        date=document["date"],
        report=document["report"]["id"],
        slot=document["report"]["slot"],
        was=was["sudah"],
        was_users=was["users"],
        now=now["sudah"],
        now_users=now["users"],
    )


def _reminder_notes(documents: list[dict[str, Any]]) -> list[Text]:
    """Whose reminders were turned off or on that day, once a client."""
    notes = {}
    for document in documents:
        for wants, words in (
            (False, Text("{client_id}: reminders turned off that day: {names}")),
            (True, Text("{client_id}: reminders turned on that day: {names}")),
        ):
            names = [
                f"{one['nama']} ({one['user_id']})"
                for one in document["reminders"]
                if one["wants_reminders"] is wants
            ]
            if names:
                params = {"client_id": document["client_id"], "names": ", ".join(names)}
                notes[document["client_id"], wants] = Text(words.template, **params)
    return [*notes.values()]


@command(app, "idle", example="cicero absensi idle --client polres_a --days 30")
def idle(
    *,
    client: ClientsOption = None,
    days: Annotated[
        int,
        typer.Option("--days", min=1, max=366, metavar="N", help="The last N days, with today."),
    ] = 30,
    scope: ScopeOption = Scope.SEMUA,
) -> None:
    """List who has done none of the posts that were expected of them for days, and when they last did one."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.attendance.idle import find_idle
    from cicero_cli.services.roster.clients import choose_clients

    now = clock.now()
    with open_app() as cicero:
        found = [
            find_idle(cicero.store, one, scope.platforms, days=days, now=now)
            for one in choose_clients(cicero.store, client)
        ]
    finish(
        Outcome(
            rows=[asdict(user) for one in found for user in one.users],
            columns=_IDLE_COLUMNS,
            notes=[
                Text(
                    "{client_id}: {idle:,} of {expected:,} people have done nothing from {first_day} to {last_day}",
                    client_id=one.client_id,
                    idle=len(one.users),
                    expected=one.expected,
                    first_day=one.span.first_day,
                    last_day=one.span.last_day,
                )
                for one in found
            ],
        )
    )
