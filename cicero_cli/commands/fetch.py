"""`cicero fetch`: posts, likes and comments from the upstream APIs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console.due import refuse_beside_due, say_late
from cicero_cli.console.fetch_options import IgnoreQuotaOption
from cicero_cli.console.fetched import (
    collected_outcome,
    planned_outcome,
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
from cicero_cli.console.outcome import finish
from cicero_cli.console.remarks import progress
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import BusyError, InputError, TryLaterError
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.services.collection.plan import Plan

app = group()

FullOption = Annotated[
    bool,
    typer.Option(
        "--full", help="Read who engaged with every post from the beginning, whatever is known."
    ),
]


@dataclass(frozen=True)
class Asked:
    """What was typed, whichever the platform."""

    client_ids: list[str] | None
    date: str | None
    days: int
    dry_run: bool
    full: bool
    ignore_quota: bool


@command(app, "insta", example="cicero fetch insta --client POLRES_A --days 2")
def insta(
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    days: DaysOption = 1,
    dry_run: DryRunOption = False,
    full: FullOption = False,
    ignore_quota: IgnoreQuotaOption = False,
    due: DueOption = False,
) -> None:
    """Fetch the day's Instagram posts of every active client, and who liked them."""
    _fetch(Scope.INSTA, Asked(client, date, days, dry_run, full, ignore_quota), due=due)


@command(app, "tiktok", example="cicero fetch tiktok --date 2026-11-21 --json")
def tiktok(
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    days: DaysOption = 1,
    dry_run: DryRunOption = False,
    full: FullOption = False,
    ignore_quota: IgnoreQuotaOption = False,
    due: DueOption = False,
) -> None:
    """Fetch the day's TikTok posts of every active client, and who commented on them."""
    _fetch(Scope.TIKTOK, Asked(client, date, days, dry_run, full, ignore_quota), due=due)


@command(app, "semua", example="cicero fetch semua --client POLRES_A")
def semua(
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    days: DaysOption = 1,
    dry_run: DryRunOption = False,
    full: FullOption = False,
    ignore_quota: IgnoreQuotaOption = False,
    due: DueOption = False,
) -> None:
    """Fetch Instagram's posts and likes, then TikTok's posts and comments."""
    _fetch(Scope.SEMUA, Asked(client, date, days, dry_run, full, ignore_quota), due=due)


def _fetch(scope: Scope, asked: Asked, *, due: bool) -> None:
    """One platform after the other: what stops the first does not stop the second."""
    if due:
        refuse_beside_due({"--date": asked.date, "--days": asked.days > 1})
        if scope is Scope.SEMUA:
            raise InputError("--due is of one platform: cicero fetch insta --due")
        [platform] = scope.platforms
        _fetch_due(platform, asked)
        return
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.collection.plan import parse_last_day, plan_collection
    from cicero_cli.services.collection.posts import Collected, collect
    from cicero_cli.services.operations.fetch_needs import needs_by_hand
    from cicero_cli.services.roster.clients import choose_clients

    parts: list[Collected] = []
    plans: list[Plan] = []
    with open_app() as cicero:
        clients = choose_clients(cicero.store, asked.client_ids)
        day = parse_last_day(asked.date, clients, now=clock.now())
        needs_of = needs_by_hand(cicero.settings.laphar_at, is_forced=asked.full)
        platforms = [
            platform
            for platform in scope.platforms
            if any(client.followed_username(platform) for client in clients)
        ]
        for platform in platforms or scope.platforms:
            source = cicero.source(platform)
            if asked.dry_run:
                plans += plan_collection(
                    cicero.store,
                    source,
                    clients,
                    day=day,
                    days=asked.days,
                    now=clock.now(),
                    needs_of=needs_of,
                )
                continue
            with progress(Text("{platform} posts", platform=platform.label)) as on_step:
                try:
                    collected = collect(
                        cicero.store,
                        source,
                        clients,
                        day=day,
                        days=asked.days,
                        parallel=cicero.settings.parallel,
                        clock=clock.now,
                        on_step=on_step,
                        ignore_quota=asked.ignore_quota,
                        needs_of=needs_of,
                        allowance=None
                        if asked.ignore_quota
                        else cicero.allow(platform, source.host),
                    )
                except TryLaterError as error:
                    if len(platforms) < len(Platform):
                        raise
                    collected = Collected((), stopped_by=error)
            parts.append(collected)
        notes = prove_by(cicero.store, parts, now=clock.now())
    if asked.dry_run:
        finish(planned_outcome(plans))
        return
    named = clients if asked.client_ids else []
    lacking = without_account(named, platforms or scope.platforms)
    finish(collected_outcome(parts, lacking, notes))


def _fetch_due(platform: Platform, asked: Asked) -> None:
    """Each client whose slot is due; those whose day begins with it get two days, for what was posted after the last."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.operations.due import find_due_fetches
    from cicero_cli.services.roster.clients import choose_clients

    now = clock.now()
    with open_app() as cicero:
        clients = choose_clients(cicero.store, asked.client_ids, may_be_none=True)
        settings = cicero.settings
        slots = find_due_fetches(cicero.store, clients, platform, settings.fetch_at, now=now)
        if not slots:
            return
        from cicero_cli.services.collection.plan import plan_collection
        from cicero_cli.services.operations.due_fetches import (
            collect_due,
            group_by_days,
            outlives_slot,
        )
        from cicero_cli.services.operations.fetch_needs import (
            DayTimes,
            needs_by_schedule,
            share_by_schedule,
        )

        source = cicero.source(platform)
        times = DayTimes(settings.fetch_at, settings.laphar_at, settings.remind_at)
        needs_of = needs_by_schedule(cicero.store, source, times, now=now, is_forced=asked.full)
        share = share_by_schedule(times, now=now)
        if asked.dry_run:
            plans = [
                plan
                for days, group in group_by_days(clients, slots).items()
                for plan in plan_collection(
                    cicero.store, source, group, day=None, days=days, now=now, needs_of=needs_of
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
                needs_of=needs_of,
                allow=partial(cicero.allow, platform, source.host, share=share),
                parallel=settings.parallel,
                clock=clock.now,
                ignore_quota=asked.ignore_quota,
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
