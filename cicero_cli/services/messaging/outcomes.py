"""Recording what became of a message that a run has claimed, and counting it."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from cicero_cli.domain.messaging.gateway_answers import Sent
from cicero_cli.domain.messaging.messages import Message, MessageStatus
from cicero_cli.repositories.database.store import Store
from cicero_cli.words import Text

log = logging.getLogger(__name__)


@dataclass
class Outcomes:
    """One run's records, and what they add up to."""

    store: Store
    clock: Callable[[], datetime]
    counts: Counter[str] = field(default_factory=Counter)  # by status
    failures: dict[str, str] = field(default_factory=dict)  # by message: the reason's code

    def settle(
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
        """Record a message's new state, and the gateway's answer if there was one."""
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
        if sent and sent.message_id:  # gowa may tell of its arrival before it tells its id
            self.store.outbox.take_early_ack(sent.message_id, now=self.clock())
        if was_tried or status is not MessageStatus.QUEUED:
            self.counts[status.value] += 1
        log.info(
            "message=%d kind=%s status=%s code=%s",
            message.message_id,
            message.kind,
            status,
            code or (sent.code if sent else ""),
        )

    def release(
        self,
        message: Message,
        *,
        sent: Sent | None = None,
        code: str | None = None,
        until: datetime | None = None,
    ) -> None:
        """Back into the queue, as if it had not been claimed."""
        self.settle(
            message,
            MessageStatus.QUEUED,
            sent=sent,
            code=code,
            next_attempt_at=until or self.clock(),
            was_tried=False,
        )

    def fail(self, message: Message, sent: Sent) -> None:
        """Give it up, and say so in the run's failures."""
        self.settle(message, MessageStatus.FAILED, sent=sent)
        self.failures[Text("message {number}", number=message.message_id)] = (
            Text("{reason}: {remedy}", reason=sent.code, remedy=sent.hint)
            if sent.hint
            else sent.code
        )
