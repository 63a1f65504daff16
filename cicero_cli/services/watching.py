"""How the installation is doing: the last runs, what is overdue, what the quota still allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from cicero_cli.domain.runs import is_overdue
from cicero_cli.repositories.runs import HostUsage, LastRun
from cicero_cli.repositories.store import Store


@dataclass(frozen=True)
class RunState:
    """The newest run of one client on one platform, and whether a newer one should have been made."""

    run: LastRun
    overdue: bool


@dataclass(frozen=True)
class Status:
    """What `cicero status` shows."""

    runs: Sequence[RunState]
    hosts: Sequence[HostUsage]

    def document(self) -> dict[str, Any]:
        """`{runs: [{client_id, platform, status, started_at, posts, new, error, good_at, overdue}], hosts: [{host,
        requests_today, bytes_today, requests_month, bytes_month, quota_remaining, quota_limit, exhausted_until}]}`.
        """
        return {
            "runs": [{**asdict(state.run), "overdue": state.overdue} for state in self.runs],
            "hosts": [asdict(host) for host in self.hosts],
        }


def read_status(store: Store, *, now: datetime) -> Status:
    """The state of every active client's fetches and of every host that was asked this month."""
    zones = {client.client_id: client.zone for client in store.clients.list()}
    runs = [
        RunState(run, is_overdue(run.good_at, now=now, zone=zones[run.client_id]))
        for run in store.runs.list_last()
    ]
    return Status(runs, store.usage.list(now=now))
