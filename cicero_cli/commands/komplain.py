"""`cicero komplain`: what people say about the lists, with the figures at that time."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.complaints import complaint_document, complaint_text
from cicero_cli.console.options import ClientsOption, DateOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import cli_actor
from cicero_cli.console.scope_options import ScopeOption
from cicero_cli.console.user_options import FoundUserArgument
from cicero_cli.domain.attendance.complaints import ComplaintStatus
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.errors import InputError
from cicero_cli.words import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

app = group()

_COLUMNS = {
    "complaint_id": "complaint",
    "status": "status",
    "filed_at": "at",
    "client_id": "client",
    "user_id": "user",
    "nama": "nama",
    "day": "day",
    "done_then": "done then",
    "issue": "issue",
}
NumberArgument = Annotated[
    int, typer.Argument(metavar="NUMBER", min=1, max=2**63 - 1, help="The complaint's number.")
]


@command(
    app,
    "add",
    example="cicero komplain add 75020201 --issue 'liked it in the morning' --platform insta",
)
def add(
    user_id: FoundUserArgument,
    *,
    issue: Annotated[str, typer.Option("--issue", metavar="TEXT", help="What the person says.")],
    client: Annotated[
        str | None,
        typer.Option(
            "--client",
            metavar="CLIENT_ID",
            help="About this client's posts, such as a directorate's. Default: the user's own that day.",
        ),
    ] = None,
    scope: ScopeOption = Scope.SEMUA,
    date: DateOption = None,
    username: Annotated[
        str, typer.Option("--username", metavar="HANDLE", help="The handle that the person tells.")
    ] = "",
) -> None:
    """Keep what somebody says about a day's list, with what was seen by now; a fetch that proves it right says so."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.domain.attendance.complaints import Via, count_done
    from cicero_cli.services.attendance.complaints import open_complaint
    from cicero_cli.services.roster.user_search import find_user

    if not issue.strip():
        raise InputError("say what the person says (--issue)")
    by = cli_actor()
    with open_app() as cicero:
        user = find_user(cicero.store, user_id)
        kept = open_complaint(
            cicero.store,
            user,
            issue=issue,
            via=Via.COMMAND,
            by=by,
            now=by.at,
            client_id=client,
            platform=None if scope is Scope.SEMUA else scope.platforms[0],
            day=date,
            username=username,
        )
    done = count_done(kept.figures)
    finish(
        Outcome(
            text=Text(
                "complaint {number} of {nama} about {client_id} {day} is kept: {done}",
                number=kept.complaint_id,
                nama=user.nama,
                client_id=kept.client_id,
                day=kept.day.isoformat(),
                done=_counts(done),
            ),
            document={
                "complaint_id": kept.complaint_id,
                "client_id": kept.client_id,
                "user_id": kept.user_id,
                "day": kept.day,
                "status": kept.status,
                "was": done,
            },
        )
    )


@command(app, "list", example="cicero komplain list --client polres_a --status open", is_list=True)
def list_complaints(
    *,
    clients: ClientsOption = None,
    status: Annotated[
        list[ComplaintStatus] | None,
        typer.Option("--status", help="Only those in this state; may be repeated."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="At most so many, newest first.")
    ] = 50,
) -> None:
    """List what people said: that they have done what a list does not show."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.attendance.complaints import list_complaints as list_kept

    with open_app() as cicero:
        rows = list_kept(cicero.store, clients, statuses=status, limit=limit)
    notes = [] if rows or status else ["nobody has complained"]
    rows = [{**row, "done_then": _counts(row["was"])} for row in rows]
    finish(Outcome(rows=rows, columns=_COLUMNS, notes=notes))


@command(app, "show", example="cicero komplain show 1")
def show(number: NumberArgument) -> None:
    """Show a complaint with the figures then and now, post by post."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.attendance.complaints import compare_complaint

    with open_app() as cicero:
        found = compare_complaint(cicero.store, number, now=clock.now())
    finish(Outcome(document=complaint_document(found), text=complaint_text(found)))


@command(
    app, "close", example="cicero komplain close 1 --reason 'liked with another account, mended'"
)
def close(
    number: NumberArgument,
    *,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="What became of it: the answer.")
    ],
) -> None:
    """Close a complaint with an answer; it stays on file."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.attendance.complaints import close_complaint

    with open_app() as cicero:
        closed = close_complaint(cicero.store, number, answer=reason, by=cli_actor())
    document = asdict(closed)
    del document["figures"], document["proof"]
    finish(
        Outcome(
            text=Text("complaint {number} is closed", number=closed.complaint_id),
            document=document,
        )
    )


def _counts(done: Mapping[str, Any]) -> str:
    """`insta 1/3, tiktok 0/2`; nothing of a complaint that is older than figures are kept."""
    return ", ".join(
        f"{platform} {count['done']}/{count['posts']}" for platform, count in done.items()
    )
