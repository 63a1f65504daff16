"""The rest of `cicero absensi`: figures that changed, and what a person decides about them."""

from __future__ import annotations

from typing import Annotated

import typer

from cicero_cli.console.options import DateOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import cli_actor
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.words import Text

app = group()


@command(
    app,
    "accept",
    example="cicero absensi accept 75020201 --post DExampleKey1 --reason 'showed the like on the phone'",
)
def accept(
    user_id: Annotated[str, typer.Argument(metavar="USER_ID", help="NRP or NIP of the user.")],
    *,
    post: Annotated[
        list[str] | None,
        typer.Option(
            "--post", metavar="POST", help="Shortcode, video id or address; may be repeated."
        ),
    ] = None,
    date: DateOption = None,
    scope: Annotated[
        Scope, typer.Option("--platform", help="The platform, or both.")
    ] = Scope.SEMUA,
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

    with open_app() as cicero:
        user, posts = accept_posts(
            cicero.store,
            user_id,
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
