"""Delivering the outbox: what is due goes out once, at the account's pace, and what became of it is recorded.

Between the call and its record lies the only doubt: a message found `sending` may have been sent. Where the gateway takes
our id it is sent again under the same one, which WhatsApp drops if it has it; elsewhere the chat is looked up; and what
cannot be looked up is `unknown` and left to a person (contract WHATSAPP, docs/adr/0007).
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from cicero_cli.core.settings import Hours, Settings
from cicero_cli.domain.backoff import next_attempt
from cicero_cli.domain.delivery import Attachment, LookedUp, Presence, Sent, Verdict
from cicero_cli.domain.messages import Kind, Message, MessageStatus
from cicero_cli.domain.periods import day_bounds, local_day
from cicero_cli.errors import CiceroError
from cicero_cli.repositories.outbox import GatewayState
from cicero_cli.repositories.store import Store
from cicero_cli.services.ports import WhatsappGateway

log = logging.getLogger(__name__)

RUN_SECONDS = 50.0  # no message is begun later
_CRON_SECONDS = 60.0  # then the next run begins
_LOOK_UP_AFTER = timedelta(seconds=90)  # longer than a gateway may take to answer
_FIRST_CONTACT_LOCK = timedelta(
    hours=24
)  # when the gateway does not tell its end (contract WHATSAPP, error 463)
_ACK_CHECKS = 20  # a run
_CAPPED = "daily_cap"
_INTERRUPTED = Sent(verdict=Verdict.AMBIGUOUS, code="interrupted")
_HOME = ZoneInfo("Asia/Jakarta")  # whose day the account's cap counts


@dataclass(frozen=True)
class Pause:
    """Why nothing goes out; `is_news`: no earlier run has said so."""

    code: str
    hint: str
    is_news: bool


@dataclass
class Delivered:
    """What one run did, by outcome, and what stopped it, if something did."""

    counts: Counter[str] = field(default_factory=Counter)
    pause: Pause | None = None
    waiting: int = 0  # due, and not sent yet
    failures: dict[str, str] = field(default_factory=dict)  # by message: the reason's code


Refresh = Callable[[Message], str | None]


def deliver(
    store: Store,
    gateway: WhatsappGateway,
    settings: Settings,
    *,
    refresh: Refresh,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    uniform: Callable[[float, float], float],
    run_seconds: float = RUN_SECONDS,
    message_id: int | None = None,
) -> Delivered:
    """Send what is due, one at a time, until nothing is or `run_seconds` are over; `message_id`: only that one.

    `refresh` gives a reminder's words as they should be now, None when there is nothing left to remind of.
    BusyError when another run delivers: one at a time is what keeps an account's pace and its messages' order.
    """
    with store.job_lock("outbox deliver"):
        return _Delivery(
            store, gateway, settings, refresh, clock, sleep, uniform, run_seconds, message_id
        ).run()


def sending_day_start(now: datetime) -> datetime:
    """When the day began that the account's cap counts (Asia/Jakarta)."""
    return day_bounds(local_day(now, _HOME), _HOME)[0]


def quiet_until(now: datetime, zone: ZoneInfo, quiet: Hours) -> datetime | None:
    """When the quiet hours end that it is now in the zone; None when it is none."""
    local = now.astimezone(zone)
    if local.time() not in quiet:
        return None
    morning = datetime.combine(local.date(), quiet.end, zone)
    return morning if morning > local else morning + timedelta(days=1)


@dataclass
class _Delivery:
    """One run under way."""

    store: Store
    gateway: WhatsappGateway
    settings: Settings
    refresh: Refresh
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    uniform: Callable[[float, float], float]
    run_seconds: float
    message_id: int | None
    done: Delivered = field(default_factory=Delivered)
    slowest: timedelta = timedelta()  # call of this run
    state: GatewayState = field(default_factory=GatewayState)
    sent_today: int = 0

    def run(self) -> Delivered:
        outbox, started = self.store.outbox, self.clock()
        self.ends_at = started + timedelta(seconds=self.run_seconds)
        self.next_run_at = started + timedelta(seconds=_CRON_SECONDS)
        self.done.counts.update(outbox.expire(gateway=self.gateway.name, now=started))
        if not self._has_work(started):
            return self.done
        # held in memory from here: no other run changes them
        self.state = outbox.read_state(self.gateway.name)
        self.sent_today = outbox.count_sent(self.gateway.name, since=sending_day_start(started))
        if not self._is_held_up():
            self._look_into_left()
            while self.done.pause is None and self._has_time(self.clock()):
                if not self._send_next():
                    break
        if self.done.pause is None and self.message_id is None:
            self._check_acks()
        self.done.waiting = outbox.count_due(now=self.clock())
        return self.done

    def _has_work(self, now: datetime) -> bool:
        """Without any the gateway is not even asked how it is: this runs every minute."""
        outbox, name = self.store.outbox, self.gateway.name
        takes_id = self.gateway.takes_message_id
        return bool(
            outbox.count_due(now=now)
            or outbox.list_left_sending(gateway=name, takes_message_id=takes_id, now=now)
            or outbox.list_unconfirmed(gateway=name, limit=1, now=now)
        )

    def _has_time(self, now: datetime) -> bool:
        """Whether a call that begins now is over before the next run begins, as far as this run's calls tell."""
        return now < self.ends_at and now + self.slowest < self.next_run_at

    def _is_held_up(self) -> bool:
        """Whether the session or the day's cap forbids sending."""
        session = self.gateway.check_session()
        if not session.is_ready:
            self._pause(session.state, session.hint, needs_operator=session.needs_operator)
        elif self.sent_today >= self.settings.wa_daily_cap:
            hint = "CICERO_WA_DAILY_CAP is reached; sending goes on tomorrow"
            self._pause(_CAPPED, hint, needs_operator=False)
        return self.done.pause is not None

    def _pause(self, code: str, hint: str, *, needs_operator: bool) -> None:
        """Send nothing more in this run. It is news when nothing was wrong before, or something else to act on now;
        what passes by itself may come and go without being told again.
        """
        before = self.state.pause_code
        is_news = code != before and (needs_operator or before in {None, _CAPPED})
        if is_news:
            self.store.outbox.pause(self.gateway.name, code=code, hint=hint, now=self.clock())
            self.state = replace(self.state, pause_code=code)
        self.done.pause = Pause(code, hint, is_news=is_news)

    def _resume(self) -> None:
        """A message went out: only that proves that nothing holds up the account any more."""
        if self.state.pause_code is not None:
            self.store.outbox.resume(self.gateway.name)
            self.state = replace(self.state, pause_code=None)
            log.warning("gateway ready again gateway=%s", self.gateway.name)

    def _look_into_left(self) -> None:
        """Settle what an earlier run left between the call and its record."""
        left = self.store.outbox.list_left_sending(
            gateway=self.gateway.name,
            takes_message_id=self.gateway.takes_message_id,
            now=self.clock(),
        )
        calls = [message.claimed_at for message in left]  # whose end nobody recorded
        self.state = replace(
            self.state,
            last_sent_at=max(filter(None, [self.state.last_sent_at, *calls]), default=None),
        )
        for message in left:
            now = self.clock()
            if now >= self.ends_at:
                return
            if self.gateway.takes_message_id and message.attachment is None:
                # no id: the run ended before the call. An id: the same one again does no harm
                maybe_sent = message.gateway_message_id is not None
                sent = _INTERRUPTED if maybe_sent else None
                self._settle(message, MessageStatus.QUEUED, sent=sent, next_attempt_at=now)
                continue
            found = self._look_up(message)
            match found.presence:
                case Presence.FOUND:
                    sent = Sent(verdict=Verdict.ACCEPTED, code="found", message_id=found.message_id)
                    self._settle(message, MessageStatus.ACCEPTED, sent=sent)
                case Presence.ABSENT:
                    self._settle(
                        message, MessageStatus.QUEUED, next_attempt_at=now, ends_doubt=True
                    )
                case Presence.UNKNOWN:
                    self._settle(message, MessageStatus.UNKNOWN, code="ambiguous")

    def _look_up(self, message: Message) -> LookedUp:
        """UNKNOWN also when what was found in the chat is another message of the same words."""
        found = self.gateway.look_up(
            message.recipient,
            message_id=message.gateway_message_id,
            text=message.body,
            since=message.claimed_at,
        )
        if found.message_id and self.store.outbox.is_of_another(
            found.message_id, message.message_id
        ):
            return LookedUp(presence=Presence.UNKNOWN)
        return found

    def _send_next(self) -> bool:
        """Claim one message and see it through; False when there is none, or no time for it."""
        if self.sent_today >= self.settings.wa_daily_cap:
            return not self._is_held_up()
        now, locked_until = self.clock(), self.state.first_contacts_paused_until
        claimed = self.store.outbox.claim(
            gateway=self.gateway.name,
            limit=1,
            now=now,
            look_up_at=now + _LOOK_UP_AFTER,
            no_first_contacts=locked_until is not None and locked_until > now,
            message_id=self.message_id,
        )
        if not claimed:
            return False
        message = claimed[0]
        if not self._wait_for_turn(message):
            self._release(message)
            return False
        if self._is_too_late(message) or self._is_quiet(message):
            return True
        body = self._current_body(message)
        if body is None:
            self._settle(message, MessageStatus.CANCELLED, code="done_since", was_tried=False)
        else:
            self._send(message, body)
        return True

    def _wait_for_turn(self, message: Message) -> bool:
        """Wait until the account may send again; False when that is after this run."""
        last = self.state.last_sent_at
        if last is None:
            return True
        reminder = message.kind is Kind.REMINDER
        gap = self.settings.wa_gap_user if reminder else self.settings.wa_gap
        ready_at = last + timedelta(seconds=self.uniform(gap.low, gap.high))
        now = self.clock()
        if ready_at > now:
            if not self._has_time(ready_at):
                return False
            self.sleep((ready_at - now).total_seconds())
        return True

    def _is_too_late(self, message: Message) -> bool:
        """Its time may have ended while it waited; then the next run gives it up."""
        if message.expires_at > self.clock():
            return False
        self._release(message)
        return True

    def _is_quiet(self, message: Message) -> bool:
        """Put a reminder off to the end of its client's quiet hours."""
        if message.kind is not Kind.REMINDER:
            return False
        client = self.store.clients.get(message.client_id or "")
        zone = client.zone if client else _HOME
        morning = quiet_until(self.clock(), zone, self.settings.quiet_hours)
        if morning is None:
            return False
        self._release(message, until=morning, code="quiet_hours")
        return True

    def _release(
        self,
        message: Message,
        *,
        sent: Sent | None = None,
        code: str | None = None,
        until: datetime | None = None,
    ) -> None:
        """Back into the queue, as if it had not been claimed."""
        self._settle(
            message,
            MessageStatus.QUEUED,
            sent=sent,
            code=code,
            next_attempt_at=until or self.clock(),
            was_tried=False,
        )

    def _current_body(self, message: Message) -> str | None:
        if message.kind is not Kind.REMINDER:
            return message.body
        try:
            return self.refresh(message)
        except CiceroError:  # such as the unit's own template; the run ends
            self._release(message)
            raise

    def _send(self, message: Message, body: str) -> None:
        message_id = message.gateway_message_id
        takes_id = self.gateway.takes_message_id and message.attachment is None
        if takes_id and message_id is None:
            message_id = self.gateway.mint_message_id()
            if message_id is None:
                self._put_off(message, Sent(verdict=Verdict.RETRY, code="no_message_id"))
                return
        started = self.clock()
        self.store.outbox.begin(
            message.message_id,
            body=body,
            gateway_message_id=message_id,
            now=started,
            look_up_at=started + _LOOK_UP_AFTER,
        )
        sent = self._call(message, body, message_id if takes_id else None)
        self.slowest = max(self.slowest, self.clock() - started)
        self.state = replace(self.state, last_sent_at=self.clock())
        self.store.outbox.remember_sent(self.gateway.name, now=self.clock())
        self._record(message, sent)

    def _call(self, message: Message, body: str, message_id: str | None) -> Sent:
        if message.attachment is None:
            return self.gateway.send_text(message.recipient, body, message_id=message_id)
        file = Attachment(
            filename=message.attachment_name or "file",
            mimetype=message.attachment_type or "application/octet-stream",
            content=message.attachment,
        )
        return self.gateway.send_file(message.recipient, file, body)

    def _record(self, message: Message, sent: Sent) -> None:
        match sent.verdict:
            case Verdict.ACCEPTED:
                self._settle(message, MessageStatus.ACCEPTED, sent=sent)
                self.sent_today += 1
                self._resume()
            case Verdict.PERMANENT:
                self._settle(message, MessageStatus.FAILED, sent=sent)
                self.done.failures[f"message {message.message_id}"] = (
                    f"{sent.code}: {sent.hint}" if sent.hint else sent.code
                )
            case Verdict.RETRY:
                self._put_off(message, sent)
            case Verdict.AMBIGUOUS:
                self._record_doubt(message, sent)
                self._is_held_up()
            case Verdict.PAUSE:
                self._release(message, sent=sent)
                self._pause(sent.code, sent.hint, needs_operator=True)
            case Verdict.PAUSE_FIRST_CONTACTS:
                self._pause_first_contacts(message, sent)

    def _pause_first_contacts(self, message: Message, sent: Sent) -> None:
        """No new chats until the lock ends; nor this one, should it be a known chat that was refused all the same."""
        now = self.clock()
        until = sent.until if sent.until and sent.until > now else now + _FIRST_CONTACT_LOCK
        self.store.outbox.pause_first_contacts(self.gateway.name, until=until)
        self.state = replace(self.state, first_contacts_paused_until=until)
        self._release(message, sent=sent, until=until)
        log.warning("new chats refused gateway=%s until=%s", self.gateway.name, until)

    def _record_doubt(self, message: Message, sent: Sent) -> None:
        """Again under the same id, later; without one a later run looks into it, as it would after a crash."""
        now = self.clock()
        if self.gateway.takes_message_id and message.attachment is None:
            again = next_attempt(message.attempts, sent.code, now=now)
            self._settle(message, MessageStatus.QUEUED, sent=sent, next_attempt_at=again)
        else:
            look_up_at = now + _LOOK_UP_AFTER
            self._settle(message, MessageStatus.SENDING, sent=sent, next_attempt_at=look_up_at)

    def _put_off(self, message: Message, sent: Sent) -> None:
        """Certainly not sent: later, unless that is too late. A gateway that is down is no fault of the message."""
        now = self.clock()
        if self._is_held_up():
            self._release(message, sent=sent)
            return
        again = next_attempt(message.attempts, sent.code, now=now)
        if again < message.expires_at or message.in_doubt:
            self._settle(message, MessageStatus.QUEUED, sent=sent, next_attempt_at=again)
            return
        self._settle(message, MessageStatus.FAILED, sent=sent)
        self.done.failures[f"message {message.message_id}"] = sent.code

    def _check_acks(self) -> None:
        """Ask how far accepted messages got, for gateways whose webhook does not tell."""
        outbox = self.store.outbox
        unconfirmed = outbox.list_unconfirmed(
            gateway=self.gateway.name, limit=_ACK_CHECKS, now=self.clock()
        )
        for message in unconfirmed:
            if self.clock() >= self.ends_at:
                return
            found = self._look_up(message)
            outbox.remember_ack_check(message.message_id, now=self.clock())
            if found.ack is not None and message.gateway_message_id is not None:
                outbox.record_ack(message.gateway_message_id, found.ack, now=self.clock())

    def _settle(
        self,
        message: Message,
        status: MessageStatus,
        *,
        sent: Sent | None = None,
        code: str | None = None,
        next_attempt_at: datetime | None = None,
        was_tried: bool = True,
        ends_doubt: bool = False,
    ) -> None:
        self.store.outbox.settle(
            message.message_id,
            status,
            now=self.clock(),
            sent=sent,
            code=code,
            next_attempt_at=next_attempt_at,
            was_tried=was_tried,
            ends_doubt=ends_doubt,
        )
        if was_tried or status is not MessageStatus.QUEUED:
            self.done.counts[status.value] += 1
        log.info(
            "message=%d kind=%s status=%s code=%s",
            message.message_id,
            message.kind,
            status,
            code or (sent.code if sent else ""),
        )
