"""`cicero fetch`: posts, likes and comments from the upstream APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console.due import refuse_beside_due, say_late
from cicero_cli.console.fetched import (
    collected_outcome,
    planned_outcome,
    profiles_read_outcome,
    prove_by,
    without_account,
)
from cicero_cli.console.options import (
    ClientsOption,
    DateOption,
    DaysOption,
    DryRunOption,
    DueOption,
    command,
    group,
)
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import progress
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import BusyError, InputError, TryLaterError
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.domain.schedule import DueSlot
    from cicero_cli.services.collection.plan import Plan
    from cicero_cli.services.collection.profiles import ProfilesRead

app = group()

IgnoreQuotaOption = Annotated[
    bool,
    typer.Option(
        "--ignore-quota", help="Ask although the quota was used up, as after raising the plan."
    ),
]


@command(app, "insta", example="cicero fetch insta --client POLRES_A --days 2")
def insta(
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    days: DaysOption = 1,
    dry_run: DryRunOption = False,
    ignore_quota: IgnoreQuotaOption = False,
    due: DueOption = False,
) -> None:
    """Fetch the day's Instagram posts of every active client, and who liked them."""
    _fetch(Scope.INSTA, client, date, days, dry_run=dry_run, ignore_quota=ignore_quota, due=due)


@command(app, "tiktok", example="cicero fetch tiktok --date 2026-11-21 --json")
def tiktok(
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    days: DaysOption = 1,
    dry_run: DryRunOption = False,
    ignore_quota: IgnoreQuotaOption = False,
    due: DueOption = False,
) -> None:
    """Fetch the day's TikTok posts of every active client, and who commented on them."""
    _fetch(Scope.TIKTOK, client, date, days, dry_run=dry_run, ignore_quota=ignore_quota, due=due)


@command(app, "semua", example="cicero fetch semua --client POLRES_A")
def semua(
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    days: DaysOption = 1,
    dry_run: DryRunOption = False,
    ignore_quota: IgnoreQuotaOption = False,
    due: DueOption = False,
) -> None:
    """Fetch Instagram's posts and likes, then TikTok's posts and comments."""
    _fetch(Scope.SEMUA, client, date, days, dry_run=dry_run, ignore_quota=ignore_quota, due=due)


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


def _fetch(
    scope: Scope,
    client_ids: list[str] | None,
    date: str | None,
    days: int,
    *,
    dry_run: bool,
    ignore_quota: bool,
    due: bool,
) -> None:
    """One platform after the other: what stops the first does not stop the second."""
    if due:
        refuse_beside_due({"--date": date, "--days": days > 1})
        if scope is Scope.SEMUA:
            raise InputError("--due is of one platform: cicero fetch insta --due")
        [platform] = scope.platforms
        _fetch_due(platform, client_ids, dry_run=dry_run, ignore_quota=ignore_quota)
        return
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.collection.plan import parse_last_day, plan_collection
    from cicero_cli.services.collection.posts import Collected, collect
    from cicero_cli.services.roster.clients import choose_clients

    parts: list[Collected] = []
    plans: list[Plan] = []
    with open_app() as cicero:
        clients = choose_clients(cicero.store, client_ids)
        day = parse_last_day(date, clients, now=clock.now())
        platforms = [
            platform
            for platform in scope.platforms
            if any(client.followed_username(platform) for client in clients)
        ]
        for platform in platforms or scope.platforms:
            source = cicero.source(platform)
            if dry_run:
                plans += plan_collection(
                    cicero.store, source, clients, day=day, days=days, now=clock.now()
                )
                continue
            with progress(Text("{platform} posts", platform=platform.label)) as on_step:
                try:
                    collected = collect(
                        cicero.store,
                        source,
                        clients,
                        day=day,
                        days=days,
                        parallel=cicero.settings.parallel,
                        clock=clock.now,
                        on_step=on_step,
                        ignore_quota=ignore_quota,
                    )
                except TryLaterError as error:
                    if len(platforms) < len(Platform):
                        raise
                    collected = Collected((), stopped_by=error)
            parts.append(collected)
        notes = prove_by(cicero.store, parts, now=clock.now())
    if dry_run:
        finish(planned_outcome(plans))
        return
    named = clients if client_ids else []
    lacking = without_account(named, platforms or scope.platforms)
    finish(collected_outcome(parts, lacking, notes))


def _fetch_due(
    platform: Platform, client_ids: list[str] | None, *, dry_run: bool, ignore_quota: bool
) -> None:
    """Each client whose slot is due; those whose day begins with it get two days, for what was posted after the last."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.operations.due import find_due_fetches
    from cicero_cli.services.roster.clients import choose_clients

    now = clock.now()
    with open_app() as cicero:
        clients = choose_clients(cicero.store, client_ids, may_be_none=True)
        slots = find_due_fetches(cicero.store, clients, platform, cicero.settings.fetch_at, now=now)
        if not slots:
            return
        from cicero_cli.services.collection.plan import plan_collection
        from cicero_cli.services.operations.due_fetches import (
            collect_due,
            group_by_days,
            outlives_slot,
        )

        source = cicero.source(platform)
        if dry_run:
            plans = [
                plan
                for days, group in group_by_days(clients, slots).items()
                for plan in plan_collection(
                    cicero.store, source, group, day=None, days=days, now=now
                )
            ]
            finish(planned_outcome(plans))
            return
        try:
            collected = collect_due(
                cicero.store,
                source,
                clients,
                slots,
                parallel=cicero.settings.parallel,
                clock=clock.now,
                ignore_quota=ignore_quota,
            )
        except BusyError as error:
            if outlives_slot(cicero.store, platform, slots, now=now):
                raise TryLaterError(
                    "another `cicero fetch {platform}` still runs that began before this slot",
                    hint="see: cicero status",
                    platform=platform,
                ) from error
            raise
        say_late(slots, now=now)
        notes = prove_by(cicero.store, [collected], now=clock.now())
    finish(collected_outcome([collected], {}, notes))
