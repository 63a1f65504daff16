"""How long reminders take before they are queued: who sends how many of them, until when, and how many will be too late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cicero_cli.core.setting_values import Hours, Span
from cicero_cli.core.settings import Settings
from cicero_cli.domain.messaging.gateway_answers import sending_day_start
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.periods import local_day
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.reminders import Reminders
from cicero_cli.services.messaging.sender_settings import with_pace
from cicero_cli.services.messaging.senders import get_sender


@dataclass(frozen=True)
class Forecast:
    """How long a queue takes at one account's pace, and how much of it fits."""

    messages: int
    seconds: float
    will_expire: int


@dataclass(frozen=True)
class SendingPlan:
    """Who sends how many, all at once."""

    by_sender: dict[str, Forecast] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        return sum(one.messages for one in self.by_sender.values())

    @property
    def seconds(self) -> float:
        """Until the last sender is through."""
        return max((one.seconds for one in self.by_sender.values()), default=0)

    @property
    def will_expire(self) -> int:
        return sum(one.will_expire for one in self.by_sender.values())

    def ends_at(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.seconds)


def forecast(
    ends: Sequence[datetime], *, queued_before: int, gap: Span, daily_room: int, now: datetime
) -> Forecast:
    """For reminders that are wanted until `ends`: at one message each mean gap, behind `queued_before` others and within
    what the day's cap leaves.
    """
    mean = (gap.low + gap.high) / 2
    place, expiring = queued_before, 0
    for end in sorted(ends):
        if place >= daily_room or (place + 1) * mean > (end - now).total_seconds():
            expiring += 1
        else:
            place += 1
    return Forecast(len(ends), (queued_before + len(ends)) * mean, expiring)


def plan_queue(
    store: Store,
    reminders: Sequence[Reminders],
    *,
    gateway: str | None,
    settings: Settings,
    now: datetime,
) -> SendingPlan:
    """What those of these reminders are in for that are not queued yet, behind what is due already; `gateway` is that of `default`."""
    known = store.outbox.find_known([m.dedupe_key for one in reminders for m in one.messages])
    fresh = [
        (message, _sent_until(one, settings.quiet_hours, now))
        for one in reminders
        for message in one.messages
        if message.dedupe_key not in known
    ]
    chosen = store.senders.choose(
        [message.recipient for message, _ in fresh],
        [message.client_id for message, _ in fresh],
        now=now,
    )
    ends: dict[str, list[datetime]] = defaultdict(list)
    for name, (_, end) in zip(chosen, fresh, strict=True):
        ends[name].append(end)
    return SendingPlan(
        {
            name: _forecast_of(store, name, ends[name], gateway=gateway, settings=settings, now=now)
            for name in sorted(ends, key=lambda name: (name != DEFAULT, name))
        }
    )


def _forecast_of(
    store: Store,
    name: str,
    ends: Sequence[datetime],
    *,
    gateway: str | None,
    settings: Settings,
    now: datetime,
) -> Forecast:
    sender = get_sender(store, name)
    pace = with_pace(settings, sender)
    account = sender.gateway or gateway or ""
    sent = store.outbox.count_sent(account, sender=name, since=sending_day_start(now), now=now)
    return forecast(
        ends,
        queued_before=store.outbox.count_due(sender=name, now=now),
        gap=pace.wa_gap_user,
        daily_room=max(0, pace.wa_daily_cap - sent),
        now=now,
    )


def _sent_until(reminders: Reminders, quiet: Hours, now: datetime) -> datetime:
    """The slot's end, or where the client's quiet hours begin before it; what is left of them now shortens the time."""
    zone, end = reminders.client.zone, reminders.slot.ends_at
    pause = quiet.until(now.astimezone(zone))
    if pause is not None:
        return max(now, end - (pause - now))
    evening = datetime.combine(local_day(now, zone), quiet.start, zone)
    return evening if now < evening < end and quiet.start != quiet.end else end
