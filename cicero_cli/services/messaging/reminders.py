"""`remind`: a personal message to each user who has posts of the day left, listing exactly those."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from cicero_cli.core.setting_values import Hours, Span
from cicero_cli.core.settings import Settings
from cicero_cli.domain.attendance.laphar import tidy_lines
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.collection.posts import post_url
from cicero_cli.domain.messaging.gateway_answers import sending_day_start
from cicero_cli.domain.messaging.messages import Kind, Message, NewMessage
from cicero_cli.domain.messaging.slots import Slot, Stage, reminder_slot
from cicero_cli.domain.messaging.wordings import REMINDER_TEMPLATE, ReminderVariables
from cicero_cli.domain.periods import format_day_indonesian, greeting_at, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import own_times
from cicero_cli.repositories.attendance.engagement import LeftToDo, list_left_to_do
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, list_posts
from cicero_cli.services.attendance.laphar import template_errors

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True)
class Reminders:
    """One client's reminders of this slot, before they are queued."""

    client: Client
    stage: Stage
    slot: Slot
    messages: tuple[NewMessage, ...]


@dataclass(frozen=True)
class Forecast:
    """How long a queue takes at the account's pace, and how much of it fits."""

    messages: int
    seconds: float
    will_expire: int


def write_reminders(
    store: Store,
    client: Client,
    *,
    template: Template,
    times: Sequence[time],
    now: datetime,
    user_cap: int,
) -> Reminders:
    """The messages for one client's users who may be reminded and have posts of today left.

    `user_cap` reminders a day to one user are enough; who had those gets none.
    """
    stage, slot = reminder_slot(now, client.zone, own_times(client.remind_at, times))
    day = local_day(now, client.zone)
    links = _Links.of(store, client, day)
    reminded = store.outbox.count_reminders(client.client_id, day)
    messages = [
        NewMessage(
            dedupe_key=f"reminder:{client.client_id}:{day}:{slot.name}:{person.user_id}",
            kind=Kind.REMINDER,
            client_id=client.client_id,
            user_id=person.user_id,
            day=day,
            recipient=person.whatsapp,
            body=_word(template, client, person, links, day=day, stage=stage, now=now),
            expires_at=slot.ends_at,
        )
        for person in list_left_to_do(store.connection, client.client_id, day, links.post_ids)
        if reminded.get(person.user_id, 0) < user_cap
    ]
    return Reminders(client, stage, slot, tuple(messages))


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


def forecast_queue(
    store: Store,
    reminders: Sequence[Reminders],
    *,
    gateway: str,
    settings: Settings,
    now: datetime,
) -> Forecast:
    """What those of these reminders are in for that are not queued yet, behind what is due already."""
    known = store.outbox.find_known([m.dedupe_key for one in reminders for m in one.messages])
    sent = store.outbox.count_sent(gateway, since=sending_day_start(now), now=now)
    ends = [
        _sent_until(one, settings.quiet_hours, now)
        for one in reminders
        for message in one.messages
        if message.dedupe_key not in known
    ]
    return forecast(
        ends,
        queued_before=store.outbox.count_due(now=now),
        gap=settings.wa_gap_user,
        daily_room=max(0, settings.wa_daily_cap - sent),
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


def queue_reminders(
    store: Store, reminders: Sequence[Reminders], *, now: datetime
) -> dict[str, int]:
    """Queue each user's reminder once per slot; gives how many were new, by client."""
    return {one.client.client_id: len(store.outbox.add(one.messages, now=now)) for one in reminders}


def reminder_refresher(
    store: Store,
    load: Callable[[], Template],
    clock: Callable[[], datetime],
    *,
    times: Sequence[time],
) -> Callable[[Message], str | None]:
    """What `deliver` asks before each reminder goes out: its words as of now; None when nothing is left or the user
    has left, opted out, become exempt or got another number since. The template is loaded with the first.
    """
    loaded: list[Template] = []

    def refresh(message: Message) -> str | None:
        client = store.clients.get(message.client_id or "")
        if not client or not client.client_status or not message.day or not message.user_id:
            return None
        links = _Links.of(store, client, message.day)
        left = list_left_to_do(
            store.connection,
            client.client_id,
            message.day,
            links.post_ids,
            user_id=message.user_id,
        )
        if not left or left[0].whatsapp != message.recipient:
            return None
        if not loaded:
            loaded.append(load())
        now = clock()
        stage = reminder_slot(now, client.zone, own_times(client.remind_at, times))[0]
        return _word(loaded[0], client, left[0], links, day=message.day, stage=stage, now=now)

    return refresh


@dataclass(frozen=True)
class _Links:
    """The day's posts by platform: ids, and where to open each."""

    post_ids: dict[Platform, list[int]]
    urls: dict[Platform, dict[int, str]]

    @classmethod
    def of(cls, store: Store, client: Client, day: date) -> _Links:
        urls: dict[Platform, dict[int, str]] = {}
        for platform in Platform:
            account = client.known_username(platform)
            posts = list_posts(store, client, platform, Moment(day, None))
            urls[platform] = {
                post.post_id: post_url(platform, post.post_key, account) for post in posts
            }
        return cls({platform: list(found) for platform, found in urls.items()}, urls)


def _word(
    template: Template,
    client: Client,
    person: LeftToDo,
    links: _Links,
    *,
    day: date,
    stage: Stage,
    now: datetime,
) -> str:
    insta = [url for post_id, url in links.urls[Platform.INSTA].items() if post_id in person.insta]
    tiktok = [
        url for post_id, url in links.urls[Platform.TIKTOK].items() if post_id in person.tiktok
    ]
    variables = ReminderVariables(
        greeting=greeting_at(now, client.zone),
        name=clean_text(f"{person.title or ''} {person.nama}"),
        client=clean_text(client.nama),
        day=format_day_indonesian(day),
        stage=stage.value,
        insta=insta,
        tiktok=tiktok,
        left=len(insta) + len(tiktok),
    )
    from cicero_cli.services.attendance.template_folder import of_client

    with template_errors(REMINDER_TEMPLATE):
        return tidy_lines(of_client(template, client.client_id).render(**variables))
