"""What people write to the account: understood, done and answered once, within limits, and about nobody but themselves.

A message is handled in one transaction with its answer, which the outbox sends: a gateway that reports it again, or a process that
dies midway, changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from cicero_cli.domain.messaging.gateway_answers import Incoming
from cicero_cli.domain.messaging.messages import Kind, NewMessage
from cicero_cli.domain.messaging.requests import Request, Want, read_request
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.messaging.inbound import InboundRepository
from cicero_cli.repositories.roster.handle_proposals import HandleProposalRepository
from cicero_cli.services.messaging.replies import Sender, reply_to, tell_figures

log = logging.getLogger(__name__)

_OLDEST = timedelta(days=1)  # nobody waits longer for an answer; what is replayed later is known
_AHEAD = timedelta(minutes=10)  # a gateway's clock may be wrong
_WANTED = timedelta(hours=6)
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
# answers an hour and a day to one number, and what is handled of it a day; an operator has many people's to decide
_LIMITS, _OPERATORS_LIMITS = (6, 20, 60), (60, 200, 400)


def receive_message(
    store: Store,
    gateway: str,
    message: Incoming,
    *,
    to: str = DEFAULT,
    admins: Sequence[str] = (),
    now: datetime,
) -> bool:
    """Do and answer what was written to the account `to`, which answers; False when it was handled before, or is nothing to be handled.

    `admins` are the installation's numbers. Of one that no active person, operator or admin has nothing is kept, nor of what is a day old.
    """
    if not now - _OLDEST <= message.sent_at <= now + _AHEAD:
        return False
    inbound, request = InboundRepository(store.connection), read_request(message.text)
    sender = _find_sender(store, inbound, message.sender, admins, now)
    if sender is None or inbound.is_handled(gateway, message.message_id):
        return False
    figures = ""
    if request.want is Want.CHECK and sender.people and _may_be_answered(sender, now):
        # before the transaction: it may have to count a day anew, which others wait for
        figures = tell_figures(store, sender, now=now)
    with store.transaction():
        inbound.hold(message.sender)
        sender = _find_sender(store, inbound, message.sender, admins, now)
        if sender is None or inbound.is_handled(gateway, message.message_id):
            return False
        if len(sender.past) >= _limits(sender)[2] and not _turns_off(request, sender):
            return False
        taken_for, body = (
            (request.want, figures) if figures else reply_to(store, sender, request, now=now)
        )
        is_answered = bool(body) and _may_be_answered(sender, now)
        inbound.add(
            gateway,
            message.message_id,
            sender=sender.number,
            request=taken_for,
            answered=is_answered,
            now=now,
        )
        if is_answered:
            store.outbox.add([_answer(gateway, message, sender, body, to=to, now=now)], now=now)
    log.info("received gateway=%s request=%s answered=%s", gateway, taken_for, is_answered)
    return True


def _find_sender(
    store: Store, inbound: InboundRepository, number: str, admins: Sequence[str], now: datetime
) -> Sender | None:
    people = store.users.with_number(number)
    operates = (
        None
        if number in admins
        else HandleProposalRepository(store.connection).clients_operated(number)
    )
    if not people and operates is not None and not operates:
        return None
    unit = store.clients.get(people[0].client_id) if people else None
    return Sender(
        number=number,
        people=people,
        operates=operates,
        zone=unit.zone if unit else HOME_ZONE,
        past=inbound.list_of(number, since=now - _DAY),
        admins=admins,
    )


def _limits(sender: Sender) -> tuple[int, int, int]:
    return _OPERATORS_LIMITS if sender.is_operator else _LIMITS


def _may_be_answered(sender: Sender, now: datetime) -> bool:
    """Whether there is room for another answer."""
    an_hour, a_day, _ = _limits(sender)
    answered = [one.came_at for one in sender.past if one.answered]
    return len(answered) < a_day and sum(moment > now - _HOUR for moment in answered) < an_hour


def _turns_off(request: Request, sender: Sender) -> bool:
    """A STOP counts whatever came before it, and only once."""
    return request.want is Want.STOP and any(user.wa_opt_in for user in sender.people)


def _answer(
    gateway: str, message: Incoming, sender: Sender, body: str, *, to: str, now: datetime
) -> NewMessage:
    first = sender.people[0] if sender.people else None
    return NewMessage(
        dedupe_key=f"answer:{gateway}:{message.message_id}",
        kind=Kind.ANSWER,
        client_id=first.client_id if first else None,
        user_id=first.user_id if first else None,
        recipient=sender.number,
        body=body,
        expires_at=now + _WANTED,
        sender=to,
    )
