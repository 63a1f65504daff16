"""How the installation is doing: the last runs, what is overdue, what the quota still allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from cicero_cli.core.settings import Settings
from cicero_cli.domain.collection.runs import is_overdue
from cicero_cli.domain.messaging.gateway_answers import sending_day_start
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.messaging.stalls import explain_stall
from cicero_cli.domain.schedule import own_times
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.messaging.gateway_states import GatewayState
from cicero_cli.repositories.operations.status import HostUsage, LastRun
from cicero_cli.services.messaging.pace import DAILY_CAP, PAUSED, daily_cap_hint, pause_hint
from cicero_cli.services.ports import WhatsappGateway
from cicero_cli.words import Text


@dataclass(frozen=True)
class RunState:
    """The newest run of one client on one platform; `overdue`: none has gone well since the last was due."""

    run: LastRun
    overdue: bool
    is_missed: bool  # none was even begun since then, so that cron is to be looked at


@dataclass(frozen=True)
class Status:
    """What `cicero status` shows."""

    runs: Sequence[RunState]
    hosts: Sequence[HostUsage]
    outbox: dict[str, int]  # open messages, and those queued today, by status
    held_up: Sequence[GatewayState] = ()
    unsent: Sequence[tuple[str, str, int]] = ()  # laphars in doubt, failed or expired today

    def document(self) -> dict[str, Any]:
        """`{runs: [{client_id, platform, status, started_at, posts, new, error, good_at, overdue}], hosts: [{host,
        requests_today, bytes_today, requests_month, bytes_month, quota_remaining, quota_limit, exhausted_until,
        comment_order, comments_a_page}],
        outbox: {status: count}, held_up: [{sender, gateway, last_sent_at, paused_since, pause_code, pause_hint,
        first_contacts_paused_until}]}`.
        """
        return {
            "runs": [_run_document(state) for state in self.runs],
            "hosts": [asdict(host) for host in self.hosts],
            "outbox": self.outbox,
            "held_up": [asdict(state) for state in self.held_up],
        }


def _run_document(state: RunState) -> dict[str, Any]:
    fields = asdict(state.run) | {"overdue": state.overdue}
    del fields["timezone"], fields["fetch_at"]  # what it is judged by
    return fields


def read_runs(
    store: Store,
    *,
    now: datetime,
    fetch_at: Sequence[time],
    client_ids: Sequence[str] | None = None,
) -> list[RunState]:
    """The fetches of these active clients (None: of all)."""
    return [
        RunState(
            run,
            overdue=is_overdue(run.good_at, now=now, zone=zone, times=times),
            is_missed=is_overdue(run.started_at, now=now, zone=zone, times=times),
        )
        for run in store.status.list_last_runs(client_ids)
        for zone, times in ((ZoneInfo(run.timezone), own_times(run.fetch_at, fetch_at)),)
    ]


def read_status(
    store: Store,
    *,
    now: datetime,
    fetch_at: Sequence[time],
    client_ids: Sequence[str] | None = None,
) -> Status:
    """The fetches and reports of these active clients (None: of all), and every host that was ever asked."""
    today = sending_day_start(now)
    return Status(
        read_runs(store, now=now, fetch_at=fetch_at, client_ids=client_ids),
        store.status.list_usage(now=now),
        store.outbox.count_by_status(since=today),
        store.gateway_states.list_held_up(now=now, since=today),
        store.outbox.count_unsent_laphars(client_ids, since=today),
    )


def read_stall(
    store: Store, gateway: str | None, *, sender: str = DEFAULT, now: datetime
) -> Text | None:
    """Why what is due for a sender does not go out through its gateway; None while it does."""
    due, due_since = store.outbox.count_waiting(sender=sender, now=now)
    state = store.gateway_states.get(gateway or "", sender=sender)
    unset = Text("CICERO_WHATSAPP is not set, so no message is sent")
    return explain_stall(
        due=due,
        due_since=due_since,
        last_sent_at=state.last_sent_at,
        pause_hint=(state.pause_hint or state.pause_code) if gateway else unset,
        first_contacts_paused_until=state.first_contacts_paused_until,
        now=now,
    )


def read_stalls(store: Store, settings: Settings, *, now: datetime) -> list[Text]:
    """Of every sender for which something is due and not going out."""
    senders = {one.name: one.gateway for one in store.senders.list() if one.name != DEFAULT}
    own = read_stall(store, settings.whatsapp, now=now)
    others = [
        Text("{item}: {reason}", item=name, reason=stall)
        for name, gateway in senders.items()
        if (stall := read_stall(store, gateway, sender=name, now=now))
    ]
    return [*([own] if own else []), *others]


@dataclass(frozen=True)
class GatewayStatus:
    """How the WhatsApp account stands: its session now, and what the outbox knows of it."""

    sender: str
    gateway: str
    is_ready: bool
    state: str
    hint: str
    sent_today: int
    daily_cap: int
    paused: str | None
    first_contacts_paused_until: datetime | None
    number: str | None  # the account's own, where the gateway tells


def read_gateway(
    store: Store,
    gateway: WhatsappGateway,
    settings: Settings,
    *,
    sender: str = DEFAULT,
    now: datetime,
) -> GatewayStatus:
    """Ask the gateway, and the outbox."""
    session = gateway.check_session()
    state = store.gateway_states.get(gateway.name, sender=sender)
    found = store.senders.get(sender)
    stopped = pause_hint(found) if found else ""
    locked_until = state.first_contacts_paused_until
    sent_today = store.outbox.count_sent(
        gateway.name, sender=sender, since=sending_day_start(now), now=now
    )
    is_capped = sent_today >= settings.wa_daily_cap
    hint = session.hint
    if session.is_ready:
        stall = read_stall(store, gateway.name, sender=sender, now=now) or ""
        hint = daily_cap_hint(sender) if is_capped else stall
    return GatewayStatus(
        sender=sender,
        gateway=gateway.name,
        is_ready=session.is_ready and not is_capped and not stopped,
        state=DAILY_CAP if session.is_ready and is_capped else session.state,
        hint=stopped or hint,
        sent_today=sent_today,
        daily_cap=settings.wa_daily_cap,
        paused=PAUSED if stopped else state.pause_code,
        first_contacts_paused_until=locked_until if locked_until and locked_until > now else None,
        number=session.number,
    )
