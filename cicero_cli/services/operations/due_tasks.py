"""`tugas send --due`: which clients' groups have not been told of the day's posts as they are, and may be told now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from cicero_cli.core.setting_values import Hours
from cicero_cli.core.settings import Settings
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.messaging.recipients import What
from cicero_cli.domain.operations.findings import Finding, Verdict, name_some
from cicero_cli.domain.periods import local_day
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import WAKE_MINUTES, own_times
from cicero_cli.repositories.attendance.tugas import TaskRepository, ToldDay
from cicero_cli.repositories.database.store import Store
from cicero_cli.words import Text

_LATE = timedelta(minutes=2 * WAKE_MINUTES)


def is_open(client: Client, until: Sequence[time], quiet: Hours, *, now: datetime) -> bool:
    """Whether its group is told of posts at this time: up to the minute of `until`, and never in quiet hours."""
    local = now.astimezone(client.zone)
    minute = local.time().replace(second=0, microsecond=0)
    ends = own_times(client.tugas_until, until)
    return any(minute <= at for at in ends) and quiet.until(local) is None


def find_news(
    store: Store,
    clients: Sequence[Client],
    scope: Scope,
    *,
    until: Sequence[time],
    quiet: Hours,
    now: datetime,
) -> dict[str, datetime | None]:
    """The clients whose group, or who else wants their task lists, is to be told now; since when the oldest post is known that
    somebody was not told of.

    A client without anybody is none of them: `doctor` names it.
    """
    also: dict[str, list[str]] = defaultdict(list)
    for one in store.recipients.list(what=What.TUGAS):
        also[one.client_id].append(one.recipient)
    days = [
        ToldDay(client.client_id, local_day(now, client.zone), recipient)
        for client in clients
        if is_open(client, until, quiet, now=now)
        for recipient in dict.fromkeys([client.client_group or "", *also[client.client_id]])
        if recipient
    ]
    if not days:
        return {}
    news: dict[str, datetime | None] = {}
    for day, since in TaskRepository(store.connection, scope).with_news(days).items():
        known = news.get(day.client_id)
        news[day.client_id] = min(filter(None, (known, since)), default=None)
    return news


def find_untold(store: Store, settings: Settings, *, now: datetime) -> list[str]:
    """The clients whose groups cron should have told of a post by now."""
    before = now - _LATE
    until, quiet = settings.tugas_until, settings.quiet_hours
    clients = [
        client
        for client in store.clients.list(active_only=True)
        if is_open(client, until, quiet, now=before)
    ]
    news = find_news(store, clients, Scope.SEMUA, until=until, quiet=quiet, now=now)
    return [name for name, since in news.items() if since is not None and since < before]


def examine_tasks(store: Store, settings: Settings, *, now: datetime) -> Iterator[Finding]:
    """Whether the groups were told of new posts."""
    untold = find_untold(store, settings, now=now)
    if untold:
        yield Finding(
            code="tasks_untold",
            area="cron",
            verdict=Verdict.WARN,
            found=Text(
                "tugas send should have told these groups of new posts: {clients}",
                clients=name_some(untold),
            ),
            remedy="is cron running, and what do its logs say? cicero cron show names them",
        )


def examine_groups(store: Store, settings: Settings) -> Iterator[Finding]:
    """Whose posts nobody can be told of, for there is no group."""
    told = {one.client_id for one in store.recipients.list(what=What.TUGAS)}
    lacking = [
        client.client_id
        for client in store.clients.list(active_only=True)
        if not client.client_group
        and client.client_id not in told
        and own_times(client.tugas_until, settings.tugas_until)
    ]
    if lacking:
        yield Finding(
            code="no_group",
            area="clients",
            verdict=Verdict.OFF,
            found=Text("no group that gets its task list: {clients}", clients=name_some(lacking)),
            remedy="cicero client set CLIENT_ID --group … (cicero wa groups)",
        )
