"""`cicero fetch`: posts, likes and comments from the upstream APIs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console.options import (
    ClientsOption,
    DateOption,
    DaysOption,
    DryRunOption,
    command,
    group,
)
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import progress
from cicero_cli.domain.attendance.percentages import percent_english
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import ExitCode, InputError
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.domain.roster.clients import Client
    from cicero_cli.services.collection.plan import Plan
    from cicero_cli.services.collection.posts import Collected
    from cicero_cli.services.collection.profiles import ProfilesRead

app = group()

IgnoreQuotaOption = Annotated[
    bool,
    typer.Option(
        "--ignore-quota", help="Ask although the quota was used up, as after raising the plan."
    ),
]

_COLUMNS = {
    "client_id": "client",
    "status": "status",
    "posts": "posts",
    "new": "new",
    "coverage": "coverage",
    "requests": "requests",
    "megabytes": "MB",
    "seconds": "seconds",
}
_PLAN_COLUMNS = {
    "client_id": "client",
    "username": "account",
    "first_day": "from",
    "last_day": "to",
    "known_posts": "posts",
    "worth_fetching": "changed",
    "requests": "requests",
}

_PROFILE_COLUMNS = {
    "client_id": "client",
    "platform": "platform",
    "username": "account",
    "followers": "followers",
    "following": "following",
    "posts": "posts",
    "requests": "requests",
}


@command(app, "insta", example="cicero fetch insta --client POLRES_A --days 2")
def insta(
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    days: DaysOption = 1,
    dry_run: DryRunOption = False,
    ignore_quota: IgnoreQuotaOption = False,
) -> None:
    """Fetch the day's Instagram posts of every active client, and who liked them."""
    _fetch(Platform.INSTA, client, date, days, dry_run=dry_run, ignore_quota=ignore_quota)


@command(app, "tiktok", example="cicero fetch tiktok --date 2026-11-21 --json")
def tiktok(
    *,
    client: ClientsOption = None,
    date: DateOption = None,
    days: DaysOption = 1,
    dry_run: DryRunOption = False,
    ignore_quota: IgnoreQuotaOption = False,
) -> None:
    """Fetch the day's TikTok posts of every active client, and who commented on them."""
    _fetch(Platform.TIKTOK, client, date, days, dry_run=dry_run, ignore_quota=ignore_quota)


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
) -> None:
    """Fetch the profiles of every active client's accounts, or of one account."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.collection.profiles import choose_accounts, collect_profiles
    from cicero_cli.services.roster.clients import choose_clients

    if username is not None and client:
        raise InputError("--username is of no client: leave --client out")
    if username is not None and scope is Scope.SEMUA:
        raise InputError(
            "say where {username} is: cicero fetch profile insta --username …", username=username
        )
    read: list[ProfilesRead] = []
    planned: list[dict[str, object]] = []
    with open_app() as cicero:
        clients = [] if username is not None else choose_clients(cicero.store, client)
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
            with progress(
                Text("fetching {platform} profiles", platform=platform.label), len(accounts)
            ) as on_step:
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
    if dry_run:
        notes = ["nothing was asked; each account is one request"]
        finish(Outcome(rows=planned, document={"plan": planned}, notes=notes))
        return
    finish(_profiles_read(read))


def _profiles_read(read: list[ProfilesRead]) -> Outcome:
    rows = [asdict(each) for part in read for each in part.profiles]
    failures = {
        f"{row['platform']} {row['username']}": row["error"] for row in rows if row["error"]
    }
    stopped = next((part.stopped_by for part in read if part.stopped_by is not None), None)
    if stopped is not None:
        code = stopped.exit_code
        failures["stopped"] = stopped.line
    elif failures and len(failures) == len(rows):
        code = ExitCode.FAILED
    else:
        code = ExitCode.PARTIAL if failures else ExitCode.OK
    return Outcome(
        rows=rows,
        columns=_PROFILE_COLUMNS,
        document={"profiles": rows},
        failures=failures,
        exit_code=code,
    )


def _fetch(
    platform: Platform,
    client_ids: list[str] | None,
    date: str | None,
    days: int,
    *,
    dry_run: bool,
    ignore_quota: bool,
) -> None:
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.collection.plan import parse_last_day, plan_collection
    from cicero_cli.services.collection.posts import collect
    from cicero_cli.services.roster.clients import choose_clients

    with open_app() as cicero:
        clients = choose_clients(cicero.store, client_ids)
        day = parse_last_day(date, clients, now=clock.now())
        source = cicero.source(platform)
        if dry_run:
            plans = plan_collection(
                cicero.store, source, clients, day=day, days=days, now=clock.now()
            )
            finish(_planned(plans))
            return
        with progress(Text("fetching {platform}", platform=platform.label)) as on_step:
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
    finish(_collected(collected, _without_account(clients if client_ids else [], platform)))


def _planned(plans: list[Plan]) -> Outcome:
    rows = [{**asdict(plan), "requests": 1 + plan.worth_fetching} for plan in plans]
    return Outcome(
        rows=rows,
        columns=_PLAN_COLUMNS,
        document={"plan": rows},
        notes=[
            "nothing was asked; each post that is not known yet adds one request, each further page one"
        ],
    )


def _without_account(clients: list[Client], platform: Platform) -> dict[str, str]:
    """Clients that were named although there is nothing to fetch of them."""
    return {
        client.client_id: Text(
            "no {platform} account is followed (cicero client set {client_id})",
            platform=platform.label,
            client_id=client.client_id,
        )
        for client in clients
        if client.followed_username(platform) is None
    }


def _collected(collected: Collected, failures: dict[str, str]) -> Outcome:
    runs = [asdict(run) for run in collected.runs]
    shown = [
        {**run, "coverage": _coverage(run), "megabytes": round(run["bytes"] / 1e6, 1)}
        for run in runs
    ]
    failures |= {run.client_id: run.error for run in collected.runs if run.error is not None}
    if collected.stopped_by is not None:
        code = collected.stopped_by.exit_code
    elif failures and all(run.status == "failed" for run in collected.runs):
        code = ExitCode.FAILED
    else:
        code = ExitCode.PARTIAL if failures else ExitCode.OK
    stopped = collected.stopped_by
    if stopped is not None:
        failures["stopped"] = stopped.line
    return Outcome(
        rows=shown,
        columns=_COLUMNS,
        document={"runs": runs},
        failures=failures,
        exit_code=code,
    )


def _coverage(run: dict[str, object]) -> str:
    listed, total = run["listed"], run["total"]
    if not isinstance(listed, int) or not isinstance(total, int) or total == 0:
        return ""
    return percent_english(listed, total)
