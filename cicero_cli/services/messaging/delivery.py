"""Delivering the outbox of one sender: what is due goes out once, at the account's pace, and what became of it is recorded.

`deliveries` runs several beside each other, `pace` says when the account may send, `outcomes` records, `unconfirmed` has what may have been sent (docs/adr/0007).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cicero_cli.core.settings import Settings
from cicero_cli.domain.messaging.backoff import next_attempt
from cicero_cli.domain.messaging.gateway_answers import Attachment, Sent, Verdict
from cicero_cli.domain.messaging.messages import Kind, Message, MessageStatus
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.messaging.attachments import read_attachment
from cicero_cli.services.messaging.outcomes import Outcomes
from cicero_cli.services.messaging.pace import Pace, Pause
from cicero_cli.services.messaging.unconfirmed import LOOK_UP_AFTER, Unconfirmed
from cicero_cli.services.ports import WhatsappGateway

log = logging.getLogger(__name__)

RUN_SECONDS = 50.0  # no message is begun later
_NOT_AT_NIGHT = {Kind.REMINDER, Kind.TUGAS, Kind.EXPLANATION, Kind.CHECK, Kind.SYNC}
_FIRST_CONTACT_LOCK = timedelta(
    hours=24
)  # when the gateway does not tell its end (contract WHATSAPP, error 463)
_FILE_GONE = Sent(verdict=Verdict.PERMANENT, code="file_gone")  # pruned: it went out a week ago


@dataclass
class Delivered:
    """What one run did, by outcome, and what stopped it, if something did."""

    counts: Counter[str] = field(default_factory=Counter)
    pause: Pause | None = None
    waiting: int = 0  # due, and not sent yet
    failures: dict[str, str] = field(default_factory=dict)  # by message: the reason's code
    forgotten: int = 0  # times of earlier runs that lie in the future


Refresh = Callable[[Message], str | None]


def deliver(
    store: Store,
    gateway: WhatsappGateway,
    settings: Settings,
    *,
    sender: str = DEFAULT,
    refresh: Refresh,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    uniform: Callable[[float, float], float],
    run_seconds: float = RUN_SECONDS,
    message_id: int | None = None,
) -> Delivered:
    """Send what is due for `sender`, one at a time, until nothing is or `run_seconds` are over; `message_id`: only that one.

    `refresh` gives a reminder's words as they should be now, None when there is nothing left to remind of.
    BusyError when another run delivers for this sender: one at a time is what keeps an account's pace and its messages' order.
    """
    with store.job_lock("outbox deliver", "" if sender == DEFAULT else sender):
        started, outcomes = clock(), Outcomes(store, clock)
        forgotten = _forget_future(store, gateway, sender, now=started)
        expired = store.outbox.expire(sender=sender, gateway=gateway.name, now=started)
        outcomes.counts.update(expired)
        if not _has_work(store, gateway, sender, now=started):
            return Delivered(outcomes.counts, forgotten=forgotten)
        pace = Pace.begin(
            store,
            gateway,
            settings,
            sender=sender,
            clock=clock,
            sleep=sleep,
            uniform=uniform,
            run_seconds=run_seconds,
            started=started,
        )
        unconfirmed = Unconfirmed(store, gateway, clock, pace, outcomes)
        _Delivery(
            store, gateway, settings, refresh, clock, message_id, pace, outcomes, unconfirmed
        ).run()
        waiting = store.outbox.count_due(sender=sender, now=clock())
        return Delivered(outcomes.counts, pace.pause, waiting, outcomes.failures, forgotten)


def _forget_future(store: Store, gateway: WhatsappGateway, sender: str, *, now: datetime) -> int:
    """What a clock that was ahead has put off would wait until that time comes, and say nothing."""
    messages = store.outbox.forget_future(now=now, look_up_at=now + LOOK_UP_AFTER)
    return messages + store.gateway_states.forget_future(gateway.name, sender=sender, now=now)


def _has_work(store: Store, gateway: WhatsappGateway, sender: str, *, now: datetime) -> bool:
    """Without any the gateway is not even asked how it is: this runs every minute."""
    takes_id, name = gateway.takes_message_id, gateway.name
    return bool(
        store.outbox.count_due(sender=sender, now=now)
        or store.outbox.list_left_sending(
            sender=sender, gateway=name, takes_message_id=takes_id, now=now
        )
        or store.outbox.list_unconfirmed(sender=sender, gateway=name, limit=1, now=now)
    )


@dataclass
class _Delivery:
    """One run under way."""

    store: Store
    gateway: WhatsappGateway
    settings: Settings
    refresh: Refresh
    clock: Callable[[], datetime]
    message_id: int | None
    pace: Pace
    outcomes: Outcomes
    unconfirmed: Unconfirmed

    def run(self) -> None:
        if not self.pace.is_stopped() and not self.pace.is_held_up():
            self.unconfirmed.settle_left()
            while self.pace.pause is None and self.pace.has_time(self.clock()):
                if not self._send_next():
                    break
        if self.pace.pause is None and self.message_id is None:
            self.unconfirmed.check_acks()

    def _send_next(self) -> bool:
        """Claim one message and see it through; False when there is none, or no time for it."""
        if self.pace.is_capped:
            return not self.pace.is_held_up()
        now = self.clock()
        claimed = self.store.outbox.claim(
            sender=self.pace.sender,
            gateway=self.gateway.name,
            limit=1,
            now=now,
            look_up_at=now + LOOK_UP_AFTER,
            no_first_contacts=self.pace.refuses_first_contacts(now),
            message_id=self.message_id,
        )
        if not claimed:
            self.pace.is_stopped()  # perhaps that is why
            return False
        message = claimed[0]
        if not self.pace.wait_for_turn(message.kind):
            self.outcomes.release(message)
            return False
        if self._is_too_late(message) or self._is_quiet(message):
            return True
        body = self._current_body(message)
        if body is None:
            self.outcomes.settle(
                message, MessageStatus.CANCELLED, code="done_since", was_tried=False
            )
        else:
            self._send(message, body)
        return True

    def _is_too_late(self, message: Message) -> bool:
        """Its time may have ended while it waited; then the next run gives it up."""
        if message.expires_at > self.clock():
            return False
        self.outcomes.release(message)
        return True

    def _is_quiet(self, message: Message) -> bool:
        """Put off to the end of its client's quiet hours what would wake people; reports go out."""
        if message.kind not in _NOT_AT_NIGHT:
            return False
        client = self.store.clients.get(message.client_id or "")
        zone = client.zone if client else HOME_ZONE
        morning = self.settings.quiet_hours.until(self.clock().astimezone(zone))
        if morning is None:
            return False
        self.outcomes.release(message, until=morning, code="quiet_hours")
        return True

    def _current_body(self, message: Message) -> str | None:
        if message.kind is not Kind.REMINDER:
            return message.body
        try:
            return self.refresh(message)
        except CiceroError:  # such as the unit's own template; the run ends
            self.outcomes.release(message)
            raise

    def _send(self, message: Message, body: str) -> None:
        file = self._read_file(message)
        if message.is_file and file is None:
            self._record(message, _FILE_GONE)
            return
        message_id = message.gateway_message_id
        takes_id = self.gateway.takes_message_id and not message.is_file
        if takes_id and message_id is None:
            message_id = self.gateway.mint_message_id()
            takes_id = self.gateway.takes_message_id  # it may have said that it does not
            if message_id is None and takes_id:
                self._put_off(message, Sent(verdict=Verdict.RETRY, code="no_message_id"))
                return
        started = self.clock()
        self.store.outbox.begin(
            message.message_id,
            body=body,
            gateway_message_id=message_id,
            now=started,
            look_up_at=started + LOOK_UP_AFTER,
        )
        if file is not None:
            sent = self.gateway.send_file(message.recipient, file, body)
        else:
            own_id = message_id if takes_id else None
            sent = self.gateway.send_text(message.recipient, body, message_id=own_id)
        self.pace.count_call(started)
        self._record(message, sent)

    def _read_file(self, message: Message) -> Attachment | None:
        key = message.attachment_sha256
        content = read_attachment(self.store.connection, key) if key is not None else None
        if content is None:
            return None
        return Attachment(
            filename=message.attachment_name or "file",
            mimetype=message.attachment_type or "application/octet-stream",
            content=content,
        )

    def _record(self, message: Message, sent: Sent) -> None:
        match sent.verdict:
            case Verdict.ACCEPTED:
                self.outcomes.settle(message, MessageStatus.ACCEPTED, sent=sent)
                self.pace.count_accepted()
            case Verdict.PERMANENT:
                self.outcomes.fail(message, sent)
            case Verdict.RETRY:
                self._put_off(message, sent)
            case Verdict.AMBIGUOUS:
                self.unconfirmed.record(message, sent)
                self.pace.is_held_up()
            case Verdict.PAUSE:
                self.outcomes.release(message, sent=sent)
                self.pace.stop(sent.code, sent.hint, needs_operator=True)
            case Verdict.PAUSE_FIRST_CONTACTS:
                self._pause_first_contacts(message, sent)

    def _pause_first_contacts(self, message: Message, sent: Sent) -> None:
        """No new chats until the lock ends; nor this one, should it be a known chat that was refused all the same."""
        now = self.clock()
        until = sent.until if sent.until and sent.until > now else now + _FIRST_CONTACT_LOCK
        self.pace.stop_first_contacts(until)
        self.outcomes.release(message, sent=sent, until=until)
        log.warning("new chats refused sender=%s until=%s", self.pace.sender, until)

    def _put_off(self, message: Message, sent: Sent) -> None:
        """Certainly not sent: later, unless that is too late. A gateway that is down is no fault of the message."""
        now = self.clock()
        if self.pace.is_held_up():
            self.outcomes.release(message, sent=sent)
            return
        again = next_attempt(message.attempts, sent.code, now=now)
        if again < message.expires_at or message.in_doubt:
            self.outcomes.settle(message, MessageStatus.QUEUED, sent=sent, next_attempt_at=again)
            return
        self.outcomes.fail(message, sent)
