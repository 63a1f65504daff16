"""Messages that may have been sent: what ends the doubt about them, and how far accepted ones got.

Between the call and its record lies the only doubt: a message found `sending` may have been sent. Where the gateway takes
our id it is sent again under the same one, which WhatsApp drops if it has it; elsewhere the chat is looked up; and what
cannot be looked up is `unknown` and left to a person (contract WHATSAPP, docs/adr/0007).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cicero_cli.domain.messaging.backoff import next_attempt
from cicero_cli.domain.messaging.gateway_answers import LookedUp, Presence, Sent, Verdict
from cicero_cli.domain.messaging.messages import Message, MessageStatus
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.outcomes import Outcomes
from cicero_cli.services.messaging.pace import Pace
from cicero_cli.services.ports import WhatsappGateway

LOOK_UP_AFTER = timedelta(seconds=90)  # longer than a gateway may take to answer
_ACK_CHECKS = 20  # a run
_INTERRUPTED = Sent(verdict=Verdict.AMBIGUOUS, code="interrupted")


@dataclass
class Unconfirmed:
    """One run's, about messages of this gateway."""

    store: Store
    gateway: WhatsappGateway
    clock: Callable[[], datetime]
    pace: Pace
    outcomes: Outcomes

    def settle_left(self) -> None:
        """Settle what an earlier run left between the call and its record."""
        left = self.store.outbox.list_left_sending(
            sender=self.pace.sender,
            gateway=self.gateway.name,
            takes_message_id=self.gateway.takes_message_id,
            now=self.clock(),
        )
        self.pace.count_earlier_calls([message.claimed_at for message in left])
        for message in left:
            if self.pace.is_over:
                return
            self._settle_left(message, now=self.clock())

    def record(self, message: Message, sent: Sent) -> None:
        """Again under the same id, later; without one a later run looks into it, as it would after a crash."""
        now = self.clock()
        if self._has_our_id(message):
            again = next_attempt(message.attempts, sent.code, now=now)
            self.outcomes.settle(message, MessageStatus.QUEUED, sent=sent, next_attempt_at=again)
        else:
            look_up_at = now + LOOK_UP_AFTER
            self.outcomes.settle(
                message, MessageStatus.SENDING, sent=sent, next_attempt_at=look_up_at
            )

    def check_acks(self) -> None:
        """Ask how far accepted messages got, for gateways whose webhook does not tell."""
        outbox = self.store.outbox
        unconfirmed = outbox.list_unconfirmed(
            sender=self.pace.sender,
            gateway=self.gateway.name,
            limit=_ACK_CHECKS,
            now=self.clock(),
        )
        for message in unconfirmed:
            if self.pace.is_over:
                return
            found = self._look_up(message)
            outbox.remember_ack_check(message.message_id, now=self.clock())
            if found.ack is not None and message.gateway_message_id is not None:
                outbox.record_ack(message.gateway_message_id, found.ack, now=self.clock())

    def _settle_left(self, message: Message, *, now: datetime) -> None:
        settle = self.outcomes.settle
        if self._has_our_id(message):
            # no id: the run ended before the call. An id: the same one again does no harm
            sent = _INTERRUPTED if message.gateway_message_id is not None else None
            settle(message, MessageStatus.QUEUED, sent=sent, next_attempt_at=now)
            return
        found = self._look_up(message)
        match found.presence:
            case Presence.FOUND:
                sent = Sent(verdict=Verdict.ACCEPTED, code="found", message_id=found.message_id)
                settle(message, MessageStatus.ACCEPTED, sent=sent)
            case Presence.ABSENT:
                settle(message, MessageStatus.QUEUED, next_attempt_at=now, ends_doubt=True)
            case Presence.UNKNOWN:
                settle(message, MessageStatus.UNKNOWN, code="ambiguous")

    def _has_our_id(self, message: Message) -> bool:
        """Whether it goes out under an id that we choose: a file does not, nor what once went without one."""
        is_ours = message.gateway_message_id is not None or not message.was_called
        return self.gateway.takes_message_id and not message.is_file and is_ours

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
