"""`cicero status`: what ran, what is overdue, what is left."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from cicero_cli.console.language import shown
from cicero_cli.console.options import command
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.states import Painted, paint
from cicero_cli.console.tables import table_text
from cicero_cli.domain.periods import HOME_ZONE, in_zone
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.services.operations.status import Status

_RUN_COLUMNS = {
    "client_id": "client",
    "platform": "platform",
    "status": "last run",
    "started_at": "at",
    "posts": "posts",
    "new": "new",
    "overdue": "overdue",
}
_ORDERS: dict[str, Text] = {
    "newest_first": Text("by time, so only new ones are read"),
    "oldest_first": Text("by time, so only new ones are read"),
    "ranked": Text(
        "by likes, so all are read before each report, and reminders go by what is known"
    ),
    "none": Text(
        "in no order, so all are read before each report, and reminders go by what is known"
    ),
}
_HOST_COLUMNS = {
    "host": "host",
    "requests_today": "today",
    "requests_month": "month",
    "megabytes_month": "MB month",
    "quota_remaining": "left",
    "quota_limit": "of",
}


def register(root: typer.Typer) -> None:
    """`cicero status` stands beside the nouns."""
    command(root, "status", example="cicero status --json")(status)


_COST_COLUMNS = {
    "client_id": "client",
    "requests_today": "today",
    "megabytes_today": "MB",
    "money_today": "cost",
    "requests_month": "month",
    "megabytes_month": "MB",
    "money_month": "cost",
}


def status(
    *,
    cost: Annotated[
        bool,
        typer.Option("--cost", help="Show what each client has cost upstream, and a forecast."),
    ] = False,
) -> None:
    """Show the last run per client and platform, what is overdue, and the quota that is left."""
    if cost:
        _show_costs()
        return
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.operations.due_tasks import find_untold
    from cicero_cli.services.operations.status import read_stalls, read_status

    now = clock.now()
    with open_app() as cicero:
        found = read_status(cicero.store, now=now, fetch_at=cicero.settings.fetch_at)
        stalls = read_stalls(cicero.store, cicero.settings, now=now)
        untold = find_untold(cicero.store, cicero.settings, now=now)
    finish(
        Outcome(
            rows=found.document()["runs"],
            document=found.document(),
            text=_text(found),
            notes=[*_remarks(found, now=now), *stalls, *_untold(untold)],
        )
    )


def _untold(client_ids: list[str]) -> list[str]:
    if not client_ids:
        return []
    from cicero_cli.domain.operations.findings import name_some

    return [
        Text(
            "posts that the group should have been told of: {clients} (cicero doctor)",
            clients=name_some(client_ids),
        )
    ]


def _show_costs() -> None:
    from urllib.parse import urlsplit

    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.platforms import Platform
    from cicero_cli.services.operations.costs import Prices, read_costs

    with open_app() as cicero:
        settings = cicero.settings
        hosts = {
            Platform.INSTA: urlsplit(settings.instagram_url).netloc,
            Platform.TIKTOK: urlsplit(settings.tiktok_url).netloc,
        }
        prices = Prices(settings.price_request, settings.price_mb)
        costs = read_costs(cicero.store, hosts, prices, now=clock.now())
    document = costs.document()
    forecast = document["forecast"]
    rows = [
        *document["clients"],
        {"client_id": shown("others"), **document["other"]},
        {"client_id": shown("all"), **document["total"]},
    ]
    for row in rows:
        for span in ("today", "month"):
            row[f"megabytes_{span}"] = round(row[f"bytes_{span}"] / 1e6, 1)
            money = row[f"money_{span}"]
            row[f"money_{span}"] = None if money is None else round(money, 2)
    notes: list[str] = [
        Text(
            "at this rate {month} comes to {requests:,} requests and {megabytes:,} MB",
            month=costs.month,
            requests=forecast["requests"],
            megabytes=round(forecast["bytes"] / 1e6),
        )
        if forecast["money"] is None
        else Text(
            "at this rate {month} comes to {requests:,} requests and {megabytes:,} MB, which cost {money:,.2f}",
            month=costs.month,
            requests=forecast["requests"],
            megabytes=round(forecast["bytes"] / 1e6),
            money=forecast["money"],
        ),
        Text("days are UTC, as the upstream bills; others: profiles and the dashboards' calls"),
    ]
    if forecast["money"] is None:
        notes.append("prices: CICERO_PRICE_REQUEST and CICERO_PRICE_MB (docs/settings.md)")
    finish(Outcome(rows=rows, columns=_COST_COLUMNS, document=costs.document(), notes=notes))


def _text(found: Status) -> str:
    document = found.document()
    if not document["runs"]:
        return Text("No active client is followed anywhere yet.")
    runs = [
        {
            **run,
            "status": run["status"] or Text("never ran"),
            "started_at": in_zone(run["started_at"], ZoneInfo(state.run.timezone)),
        }
        for run, state in zip(document["runs"], found.runs, strict=True)
    ]
    text: str = table_text(runs, _RUN_COLUMNS)
    hosts = [
        {**host, "megabytes_month": round(host["bytes_month"] / 1e6, 1)}
        for host in document["hosts"]
    ]
    if hosts:
        text += f"\n{shown('Upstream requests')}\n{table_text(hosts, _HOST_COLUMNS)}"
    for host in found.hosts:
        if host.comment_order is not None:
            order = Text(
                "{host} gives comments {order}.",
                host=host.host,
                order=_ORDERS[host.comment_order],
            )
            text += f"{shown(order)}\n"
    if found.outbox:
        counts = ", ".join(
            paint(status, f"{number:,} {status}") for status, number in found.outbox.items()
        )
        text += f"\n{shown('Outbox:')} {counts}\n"
    return Painted(text)


def _remarks(found: Status, *, now: datetime) -> list[str]:
    remarks: list[str] = [
        Text(
            "{client_id} {platform}: {reason}",
            client_id=state.run.client_id,
            platform=state.run.platform,
            reason=state.run.error,
        )
        for state in found.runs
        if state.run.error
    ]
    remarks += [
        Text(
            "{host}: quota used up, nothing is asked before {exhausted_until:%Y-%m-%d %H:%M} WIB",
            host=host.host,
            exhausted_until=host.exhausted_until.astimezone(HOME_ZONE),
        )
        for host in found.hosts
        if host.exhausted_until is not None and host.exhausted_until > now
    ]
    for state in found.held_up:
        if state.pause_code and state.paused_since:
            remarks.append(
                Text(
                    "{gateway}: no message goes out since {paused_since:%Y-%m-%d %H:%M} WIB ({pause_code}): "
                    "{pause_hint}",
                    gateway=state.name,
                    paused_since=state.paused_since.astimezone(HOME_ZONE),
                    pause_code=state.pause_code,
                    pause_hint=state.pause_hint,
                )
            )
        locked_until = state.first_contacts_paused_until
        if locked_until and locked_until > now:
            remarks.append(
                Text(
                    "{gateway}: WhatsApp refuses new chats until {locked_until:%Y-%m-%d %H:%M} WIB",
                    gateway=state.name,
                    locked_until=locked_until.astimezone(HOME_ZONE),
                )
            )
    if found.outbox.get("unknown"):
        remarks.append(
            Text(
                "{count:,} message may or may not have been sent; decide: cicero outbox list --status unknown",
                plural="{count:,} messages may or may not have been sent; decide: cicero outbox list --status unknown",
                count=found.outbox["unknown"],
            )
        )
    if any(state.overdue for state in found.runs):
        remarks.append(
            Text(
                "overdue: no fetch went well in the last hour of the schedule; is cron running? (cicero doctor)"
            )
        )
    if not found.runs:
        remarks.append(Text("next: cicero client add POLRES_A --nama 'Polres A' --insta polres.a"))
    return remarks
