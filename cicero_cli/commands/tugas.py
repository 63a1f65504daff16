"""`cicero tugas`: the day's posts as a list of tasks."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console.announced import announced_outcome
from cicero_cli.console.due import refuse_beside_due
from cicero_cli.console.options import (
    ClientsOption,
    DateOption,
    DryRunOption,
    DueOption,
    command,
    group,
)
from cicero_cli.console.outcome import finish, finish_stream
from cicero_cli.console.scope_options import ScopeArgument
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.services.messaging.laphars import Announced

app = group()


@command(app, "show", example="cicero tugas show --client POLRES_A")
def show(
    scope: ScopeArgument = Scope.SEMUA,
    *,
    client: ClientsOption = None,
    date: DateOption = None,
) -> None:
    """Show the day's posts as the list that its group gets; new is what the group was not told of yet."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.attendance.tugas_text import TUGAS_TEMPLATE
    from cicero_cli.services.attendance.absensi import choose_moment
    from cicero_cli.services.attendance.laphar import load_template
    from cicero_cli.services.attendance.tugas import message_document, write_tasks
    from cicero_cli.services.roster.clients import choose_clients

    now = clock.now()
    with open_app() as cicero:
        clients = choose_clients(cicero.store, client, may_have_ended=True)
        moments = [(one, choose_moment(one, date, None, now=now)) for one in clients]
        template = load_template(cicero.settings.templates, TUGAS_TEMPLATE)
        finish_stream(
            (
                write_tasks(
                    cicero.store,
                    one,
                    scope,
                    moment,
                    recipient=one.client_group,
                    template=template,
                    now=now,
                )
                for one, moment in moments
            ),
            text=lambda message: message.text,
            document=message_document,
            is_single=bool(client) and len(clients) == 1,
        )


@command(app, "send", example="cicero tugas send --client POLRES_A --dry-run")
def send(
    scope: ScopeArgument = Scope.SEMUA,
    *,
    client: ClientsOption = None,
    to: Annotated[
        list[str] | None,
        typer.Option(
            "--to", metavar="RECIPIENT", help="Only this number or group id; may be repeated."
        ),
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also to those who have the list as it is.")
    ] = False,
    dry_run: DryRunOption = False,
    due: DueOption = False,
) -> None:
    """Queue today's posts for each client's group when they are not those that it was told last; `outbox deliver` sends it.

    New posts come first, posts that are gone are named. Never in quiet hours; with --due until CICERO_TUGAS_UNTIL.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.roster.clients import choose_clients

    if due:
        refuse_beside_due({"--to": to, "--again": again})
    now = clock.now()
    with open_app() as cicero, nullcontext() if dry_run else cicero.store.job_lock("tugas send"):
        settings = cicero.settings
        clients = choose_clients(cicero.store, client, may_be_none=due)
        if due:
            from cicero_cli.services.operations.due_tasks import find_news

            news = find_news(
                cicero.store,
                clients,
                scope,
                until=settings.tugas_until,
                quiet=settings.quiet_hours,
                now=now,
            )
            clients = [one for one in clients if one.client_id in news]
            if not clients:
                return
        # here, because a wake-up with nothing due does not pay for them
        from cicero_cli.domain.attendance.tugas_text import TUGAS_TEMPLATE
        from cicero_cli.services.attendance.laphar import load_template
        from cicero_cli.services.messaging.tugas import TaskSending, send_tasks

        sending = TaskSending(
            scope=scope,
            to=to or (),
            text_limit=cicero.text_limit(),
            template=load_template(settings.templates, TUGAS_TEMPLATE),
            quiet=settings.quiet_hours,
            again=again,
            dry_run=dry_run,
        )
        announced = send_tasks(cicero.store, clients, sending, now=now)
    shown = announced
    if dry_run:
        news_only = [one for one in announced.reports if one.parts and not one.known]
        shown = replace(announced, reports=news_only)
    outcome = announced_outcome(shown, _notes(announced), dry_run=dry_run)
    finish(outcome if not announced.reports else replace(outcome, exit_code=None))


def _notes(announced: Announced) -> list[str]:
    """Why nothing was queued for whom."""
    from cicero_cli.domain.operations.findings import name_some

    empty = [one.client_id for one in announced.reports if not one.parts]
    unchanged = [one.client_id for one in announced.reports if one.parts and one.known]
    notes: list[str] = []
    if empty:
        notes.append(Text("no posts today: {clients}", clients=name_some(empty)))
    if unchanged:
        notes.append(
            Text("nothing has changed since its last list: {clients}", clients=name_some(unchanged))
        )
    return notes
