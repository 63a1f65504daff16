"""`cicero fetch profile`: the profiles of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console.due import refuse_beside_due
from cicero_cli.console.fetch_options import IgnoreQuotaOption
from cicero_cli.console.fetched import profiles_read_outcome
from cicero_cli.console.options import ClientsOption, DryRunOption, DueOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import progress
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.errors import InputError
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.domain.schedule import DueSlot
    from cicero_cli.services.collection.profiles import ProfilesRead

app = group()


@command(app, "profile", example="cicero fetch profile insta --client POLRES_A")
def profile(
    scope: Annotated[
        Scope, typer.Argument(metavar="[insta|tiktok|semua]", help="The platform, or both.")
    ] = Scope.SEMUA,
    *,
    client: ClientsOption = None,
    username: Annotated[
        str | None,
        typer.Option("--username", metavar="HANDLE", help="Any account, instead of clients'."),
    ] = None,
    dry_run: DryRunOption = False,
    ignore_quota: IgnoreQuotaOption = False,
    due: DueOption = False,
) -> None:
    """Fetch the profiles of every active client's accounts, or of one account."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.periods import HOME_ZONE
    from cicero_cli.domain.schedule import NIGHTLY_CATCH_UP
    from cicero_cli.services.collection.profiles import choose_accounts, collect_profiles
    from cicero_cli.services.operations.due import Job, find_due, mark_done
    from cicero_cli.services.roster.clients import choose_clients

    if username is not None and client:
        raise InputError("--username is of no client: leave --client out")
    if username is not None and scope is Scope.SEMUA:
        raise InputError(
            "say where {username} is: cicero fetch profile insta --username …", username=username
        )
    if due:
        refuse_beside_due({"--username": username})
    read: list[ProfilesRead] = []
    planned: list[dict[str, object]] = []
    slots: dict[str, DueSlot] = {}
    with open_app() as cicero:
        clients = (
            [] if username is not None else choose_clients(cicero.store, client, may_be_none=due)
        )
        job = Job(f"fetch profile {scope}", cicero.settings.night_at, NIGHTLY_CATCH_UP, HOME_ZONE)
        if due:
            slots = find_due(cicero.store, clients, job, now=clock.now())
            clients = [each for each in clients if each.client_id in slots]
            if not clients:
                return
        for platform in scope.platforms:
            followed = [each for each in clients if each.followed_username(platform) is not None]
            if scope is Scope.SEMUA and not followed:
                continue
            accounts = choose_accounts(platform, followed or clients, username)
            if dry_run:
                planned += [
                    {"client_id": each.client_id, "platform": platform, "username": each.username}
                    for each in accounts
                ]
                continue
            label = Text("{platform} profiles", platform=platform.label)
            with progress(label) as on_step:
                read.append(
                    collect_profiles(
                        cicero.store,
                        cicero.source(platform),
                        accounts,
                        parallel=cicero.settings.parallel,
                        clock=clock.now,
                        on_step=on_step,
                        ignore_quota=ignore_quota,
                    )
                )
        if not dry_run and all(part.stopped_by is None for part in read):
            mark_done(cicero.store, job, slots)
    if dry_run:
        notes = ["nothing was asked; each account is one request"]
        finish(Outcome(rows=planned, document={"plan": planned}, notes=notes))
        return
    finish(profiles_read_outcome(read))
