"""`cicero post`: the posts of clients, and those that are left out of reports."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.options import ClientOption, DateOption, DaysOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import cli_actor
from cicero_cli.domain.periods import zone_abbreviation
from cicero_cli.words import Text

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cicero_cli.domain.attendance.corrections import CorrectablePost

app = group()

_COLUMNS = {
    "platform": "platform",
    "date": "date",
    "time": "time",
    "post": "post",
    "coverage": "listed",
    "state": "state",
    "reason": "reason",
}


@command(app, "list", example="cicero post list --client POLRES_A --date 2026-11-21", is_list=True)
def list_(*, client: ClientOption, date: DateOption = None, days: DaysOption = 1) -> None:
    """List a client's posts of a day, with those that are deleted or left out of reports."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.attendance.corrections import list_posts
    from cicero_cli.services.roster.clients import get_client

    with open_app() as cicero:
        chosen = get_client(cicero.store, client, may_have_ended=True)
        posts = list_posts(cicero.store, chosen.client_id, date, now=clock.now(), days=days)
    rows = [_row(post, chosen.zone) for post in posts]
    finish(
        Outcome(
            rows=[
                {**row, "coverage": f"{row['listed']}/{_or_unknown(row['total'])}"} for row in rows
            ],
            columns={
                **_COLUMNS,
                "time": Text("time ({zone})", zone=zone_abbreviation(chosen.zone)),
            },
            document=rows,
        )
    )


@command(
    app,
    "exclude",
    example="cicero post exclude DExampleKey1 --reason 'posted by mistake, taken down'",
)
def exclude(
    post: Annotated[
        str, typer.Argument(metavar="POST", help="Its shortcode, video id or address.")
    ],
    *,
    client: Annotated[
        str | None,
        typer.Option("--client", metavar="CLIENT_ID", help="Whose, if several have posted it."),
    ] = None,
    reason: Annotated[
        str | None,
        typer.Option("--reason", metavar="TEXT", help="Why; it stands in the report's data."),
    ] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Count it again, from now on.")] = False,
) -> None:
    """Leave a post out of all reports of its day; what was reported before stands with --as-of."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.attendance.corrections import exclude_post

    with open_app() as cicero:
        found = exclude_post(
            cicero.store, post, client_id=client, reason=reason, undo=undo, by=cli_actor()
        )
    where = {"post": found.post_key, "client_id": found.client_id, "day": found.day.isoformat()}
    finish(
        Outcome(
            text=Text("{post} of {client_id}, {day}, counts again", **where)
            if undo
            else Text("{post} of {client_id}, {day}, is left out of reports", **where),
            document={**where, "platform": found.platform, "excluded": not undo},
        )
    )


def _row(post: CorrectablePost, zone: ZoneInfo) -> dict[str, Any]:
    published_at = post.published_at.astimezone(zone)
    return {
        "platform": post.platform,
        "client_id": post.client_id,
        "date": post.day.isoformat(),
        # that of an evening before has its own date
        "time": f"{published_at:%H:%M}"
        if published_at.date() == post.day
        else f"{published_at:%d %b %H:%M}",
        "post": post.post_key,
        "published_at": published_at.isoformat(timespec="seconds"),
        "listed": post.listed,
        "total": post.total,
        "state": post.state,
        "reason": post.exclusion,
        "excluded_by": post.excluded_by,
    }


def _or_unknown(total: int | None) -> str:
    return "?" if total is None else str(total)
