"""`remind`: a personal message to each user who has posts of the day left, listing exactly those."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from cicero_cli.domain.attendance.laphar import tidy_lines
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.messaging.messages import Kind, Message, NewMessage
from cicero_cli.domain.messaging.slots import Slot, Stage, reminder_slot
from cicero_cli.domain.messaging.wording_examples import ReminderVariables
from cicero_cli.domain.messaging.wordings import REMINDER_TEMPLATE
from cicero_cli.domain.periods import format_day_indonesian, greeting_at, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.schedule import own_times
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.laphar import template_errors
from cicero_cli.services.messaging.obligations import Asked, Obligations
from cicero_cli.services.messaging.self_check import SelfCheckLinks

if TYPE_CHECKING:
    from jinja2 import Template


@dataclass(frozen=True)
class Reminders:
    """One client's reminders of this slot, before they are queued."""

    client: Client
    stage: Stage
    slot: Slot
    messages: tuple[NewMessage, ...]


def write_reminders(
    store: Store,
    client: Client,
    *,
    template: Template,
    times: Sequence[time],
    now: datetime,
    user_cap: int,
    obligations: Obligations | None = None,
    links: SelfCheckLinks | None = None,
) -> Reminders:
    """The messages for one client's users who may be reminded and have posts of today left: one each, of all clients that ask
    them. `obligations` is what was read for other clients of this run; `links` makes what each ends with.

    `user_cap` reminders a day to one user are enough; who had those gets none.
    """
    stage, slot = reminder_slot(now, client.zone, own_times(client.remind_at, times))
    day = local_day(now, client.zone)
    left = (obligations or Obligations(store)).of_unit(client, day)
    reminded = store.outbox.count_reminders(client.client_id, day)
    messages = [
        NewMessage(
            dedupe_key=f"reminder:{client.client_id}:{day}:{slot.name}:{user_id}",
            kind=Kind.REMINDER,
            client_id=client.client_id,
            user_id=user_id,
            day=day,
            recipient=asked[0].person.whatsapp,
            body=_word(template, client, asked, day=day, stage=stage, now=now, links=links),
            expires_at=slot.ends_at,
        )
        for user_id, asked in left.items()
        if reminded.get(user_id, 0) < user_cap
    ]
    return Reminders(client, stage, slot, tuple(messages))


def list_days_off(store: Store, clients: Iterable[Client], *, now: datetime) -> dict[str, str]:
    """Those of the clients whose local today is a day off, and why; a person's own client says it, whoever has posted."""
    found = {}
    for client in clients:
        why = store.clients.holidays.day_off(client.client_id, local_day(now, client.zone))
        if why is not None:
            found[client.client_id] = why
    return found


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
    links: SelfCheckLinks | None = None,
) -> Callable[[Message], str | None]:
    """What `deliver` asks before each reminder goes out: its words as of now; None when nothing is left or the user
    has left, opted out, become exempt or got another number since. The template is loaded with the first.
    """
    loaded: list[Template] = []

    def refresh(message: Message) -> str | None:
        client = store.clients.get(message.client_id or "")
        if not client or not client.client_status or not message.day or not message.user_id:
            return None
        asked = Obligations(store).of_user(client, message.user_id, message.day)
        if not asked or asked[0].person.whatsapp != message.recipient:
            return None
        if not loaded:
            loaded.append(load())
        now = clock()
        stage = reminder_slot(now, client.zone, own_times(client.remind_at, times))[0]
        return _word(loaded[0], client, asked, day=message.day, stage=stage, now=now, links=links)

    return refresh


def _word(
    template: Template,
    client: Client,
    asked: Sequence[Asked],
    *,
    day: date,
    stage: Stage,
    now: datetime,
    links: SelfCheckLinks | None,
) -> str:
    person = asked[0].person
    insta = _unique(url for one in asked for url in one.urls(Platform.INSTA))
    tiktok = _unique(url for one in asked for url in one.urls(Platform.TIKTOK))
    variables = ReminderVariables(
        greeting=greeting_at(now, client.zone),
        name=clean_text(f"{person.title or ''} {person.nama}"),
        client=_join([clean_text(one.posted.client.nama) for one in asked]),
        day=format_day_indonesian(day),
        stage=stage.value,
        insta=insta,
        tiktok=tiktok,
        left=len(insta) + len(tiktok),
    )
    from cicero_cli.services.attendance.template_folder import of_client

    with template_errors(REMINDER_TEMPLATE):
        words = tidy_lines(of_client(template, client.client_id).render(**variables))
    if links is None:
        return words
    return f"{words}\n\n{links.line(person.user_id, person.whatsapp, day)}"


def _unique(urls: Iterable[str]) -> list[str]:
    """Two clients may have one account."""
    return list(dict.fromkeys(urls))


def _join(names: Sequence[str]) -> str:
    *before, last = dict.fromkeys(names)
    comma = "," if len(before) > 1 else ""
    return f"{', '.join(before)}{comma} dan {last}" if before else last
