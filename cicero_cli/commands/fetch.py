"""`cicero fetch`: posts, likes and comments from the upstream APIs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from cicero_cli.console import (
    ClientsOption,
    DateOption,
    DaysOption,
    DryRunOption,
    Outcome,
    command,
    finish,
    group,
    progress,
)
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import ExitCode

if TYPE_CHECKING:
    from cicero_cli.services.collecting import Collected, Plan

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
    "error": "error",
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
    from cicero_cli.services.collecting import collect, parse_last_day, plan_collection
    from cicero_cli.services.registering import choose_clients

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
        with progress(f"fetching {platform.label}") as on_step:
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
    finish(_collected(collected))


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


def _collected(collected: Collected) -> Outcome:
    runs = [asdict(run) for run in collected.runs]
    shown = [
        {**run, "coverage": _coverage(run), "megabytes": run["bytes"] / 1_000_000} for run in runs
    ]
    failures = {run.client_id: run.error for run in collected.runs if run.error is not None}
    if collected.stopped_by is not None:
        code = collected.stopped_by.exit_code
    elif failures and all(run.status == "failed" for run in collected.runs):
        code = ExitCode.FAILED
    else:
        code = ExitCode.PARTIAL if failures else ExitCode.OK
    stopped = collected.stopped_by
    if stopped is not None:
        failures["stopped"] = stopped.message + (f" ({stopped.hint})" if stopped.hint else "")
    return Outcome(
        rows=shown,
        columns={key: heading for key, heading in _COLUMNS.items() if key != "error"},
        document={"runs": runs},
        failures=failures,
        exit_code=code,
    )


def _coverage(run: dict[str, object]) -> str:
    listed, total = run["listed"], run["total"]
    if not isinstance(listed, int) or not isinstance(total, int) or total == 0:
        return ""
    return f"{min(1.0, listed / total):.1%}"
