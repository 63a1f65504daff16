"""`cicero user merge`: a person who is on file twice."""

from __future__ import annotations

from typing import Annotated

import typer

from cicero_cli.console.options import YesOption, command, group
from cicero_cli.console.outcome import finish
from cicero_cli.console.records import added_outcome
from cicero_cli.console.remarks import cli_actor, confirm
from cicero_cli.console.user_options import FoundUserArgument
from cicero_cli.words import Text

app = group()


@command(app, "merge", example="cicero user merge 85010001 9985010001")
def merge(
    user_id: FoundUserArgument,
    twin_id: Annotated[str, typer.Argument(metavar="TWIN_ID", help="The one that goes; likewise.")],
    *,
    yes: YesOption = False,
) -> None:
    """Make one user of two that are the same person: the first stays, with all that was the second's.

    Handles, leave, assignments, accepted posts and messages move, and count on past days too; --as-of stands.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.merging import merge_users
    from cicero_cli.services.roster.user_search import find_user

    with open_app() as cicero:
        user, twin = find_user(cicero.store, user_id), find_user(cicero.store, twin_id)
        confirm(
            Text(
                "Merge {twin_id} ({twin}) into {user_id} ({nama}, {client_id})?",
                twin_id=twin.user_id,
                twin=twin.nama,
                user_id=user.user_id,
                nama=user.nama,
                client_id=user.client_id,
            ),
            yes=yes,
        )
        merged = merge_users(cicero.store, user.user_id, twin.user_id, by=cli_actor())
        extra = cicero.store.users.extra_handles(merged.user_id)
    finish(
        added_outcome(
            merged,
            Text(
                "{twin_id} is gone; all that was theirs is {user_id}'s now ({nama}, {client_id}).",
                twin_id=twin.user_id,
                user_id=merged.user_id,
                nama=merged.nama,
                client_id=merged.client_id,
            ),
            more={f"extra_{platform}": [*handles] for platform, handles in extra.items()},
        )
    )
