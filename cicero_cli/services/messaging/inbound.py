"""What people write to the account: understood, done and answered once, within limits, and about nobody but themselves.

A message is handled in one transaction with its answer, which the outbox sends: a gateway that reports it again, or a process that
dies midway, changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.gateway_answers import Incoming
from cicero_cli.domain.messaging.messages import Kind, NewMessage
from cicero_cli.domain.messaging.requests import Request, Want, read_request
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.messaging.inbound import Handled, InboundRepository
from cicero_cli.services.attendance.own_figures import read_own_figures
from cicero_cli.services.messaging import answers
from cicero_cli.services.roster.users import set_user

log = logging.getLogger(__name__)

_OLDEST = timedelta(days=1)  # nobody waits longer for an answer; what is replayed later is known
_AHEAD = timedelta(minutes=10)  # a gateway's clock may be wrong
_WANTED = timedelta(hours=6)
ACTOR = "whatsapp"  # as the audit log calls whoever wrote
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_ANSWERS_AN_HOUR, _ANSWERS_A_DAY = 6, 20
_HANDLED_A_DAY = 60  # of one number; a STOP counts whatever came before it
_MOST_PEOPLE = 3  # who share a number and are told their figures


@dataclass(frozen=True)
class _Sender:
    """A number, who is reached at it, where it is what day, and what was written from it within a day, the newest first."""

    number: str
    people: Sequence[User]
    zone: ZoneInfo
    past: Sequence[Handled]

    def may_be_answered(self, now: datetime) -> bool:
        """Whether there is room for another answer."""
        answered = [one.came_at for one in self.past if one.answered]
        of_last_hour = sum(moment > now - _HOUR for moment in answered)
        return len(answered) < _ANSWERS_A_DAY and of_last_hour < _ANSWERS_AN_HOUR


def receive_message(
    store: Store, gateway: str, message: Incoming, *, to: str = DEFAULT, now: datetime
) -> bool:
    """Do and answer what was written to the account `to`, which answers; False when it was handled before, or is nothing to be handled.

    Of a number that no active person has nothing is kept, nor of what is a day old.
    """
    if not now - _OLDEST <= message.sent_at <= now + _AHEAD:
        return False
    inbound, request = InboundRepository(store.connection), read_request(message.text)
    sender = _find_sender(store, inbound, message.sender, now)
    if sender is None or inbound.is_handled(gateway, message.message_id):
        return False
    figures = ""
    if request.want is Want.CHECK and sender.may_be_answered(now):
        # before the transaction: it may have to count a day anew, which others wait for
        figures = _figures(store, sender, now=now)
    with store.transaction():
        inbound.hold(message.sender)
        sender = _find_sender(store, inbound, message.sender, now)
        if sender is None or inbound.is_handled(gateway, message.message_id):
            return False
        if len(sender.past) >= _HANDLED_A_DAY and not _turns_off(request, sender):
            return False
        body = figures or _ACTS[request.want](store, sender, now)
        is_answered = bool(body) and sender.may_be_answered(now)
        inbound.add(
            gateway,
            message.message_id,
            sender=sender.number,
            request=request.want,
            answered=is_answered,
            now=now,
        )
        if is_answered:
            store.outbox.add(
                [replace(_answer(gateway, message, sender, body, now), sender=to)], now=now
            )
    log.info("received gateway=%s request=%s answered=%s", gateway, request.want, is_answered)
    return True


def _find_sender(
    store: Store, inbound: InboundRepository, number: str, now: datetime
) -> _Sender | None:
    people = store.users.with_number(number)
    if not people:
        return None
    unit = store.clients.get(people[0].client_id)
    zone = unit.zone if unit else HOME_ZONE
    return _Sender(number, people, zone, inbound.list_of(number, since=now - _DAY))


def _figures(store: Store, sender: _Sender, *, now: datetime) -> str:
    """Those of everybody whose number it is: whoever shares one gets the others' reminders too."""
    found = [read_own_figures(store, user, now=now) for user in sender.people[:_MOST_PEOPLE]]
    return "\n\n".join(answers.figures_text(one) for one in found)


def _turns_off(request: Request, sender: _Sender) -> bool:
    """A STOP counts whatever came before it, and only once."""
    return request.want is Want.STOP and any(user.wa_opt_in for user in sender.people)


def _stop(store: Store, sender: _Sender, now: datetime) -> str:
    is_news = _choose(store, sender, wants_reminders=False, now=now)
    return answers.STOPPED if is_news else answers.ALREADY_STOPPED


def _start(store: Store, sender: _Sender, now: datetime) -> str:
    is_news = _choose(store, sender, wants_reminders=True, now=now)
    return answers.STARTED if is_news else answers.ALREADY_STARTED


def _choose(store: Store, sender: _Sender, *, wants_reminders: bool, now: datetime) -> bool:
    """For everybody whose number it is; False when it was so already."""
    others = [user for user in sender.people if user.wa_opt_in is not wants_reminders]
    for user in others:
        words = {"wa_opt_in": wants_reminders}
        set_user(store, user.user_id, words, by=Actor(ACTOR, now))
    return bool(others)


def _help(store: Store, sender: _Sender, now: datetime) -> str:
    """Once a day."""
    today = local_day(now, sender.zone)
    if any(
        one.answered and one.request == Want.OTHER and local_day(one.came_at, sender.zone) == today
        for one in sender.past
    ):
        return ""
    client = store.clients.get(sender.people[0].client_id)
    return answers.help_text(client.nama if client else "")


def _nothing(_store: Store, _sender: _Sender, _now: datetime) -> str:
    return ""


_ACTS: dict[Want, Callable[[Store, _Sender, datetime], str]] = {
    Want.CHECK: _nothing,  # there is no room for an answer
    Want.STOP: _stop,
    Want.START: _start,
    Want.OTHER: _help,
}


def _answer(
    gateway: str, message: Incoming, sender: _Sender, body: str, now: datetime
) -> NewMessage:
    first = sender.people[0]
    return NewMessage(
        dedupe_key=f"answer:{gateway}:{message.message_id}",
        kind=Kind.ANSWER,
        client_id=first.client_id,
        user_id=first.user_id,
        recipient=sender.number,
        body=body,
        expires_at=now + _WANTED,
    )
