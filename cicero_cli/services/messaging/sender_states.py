"""How each sender stands, as far as the database tells: what waits for it, what it has sent today, what holds it up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cicero_cli.core.settings import Settings
from cicero_cli.domain.messaging.gateway_answers import sending_day_start
from cicero_cli.domain.messaging.senders import Sender
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.messaging.gateway_states import GatewayState
from cicero_cli.services.messaging.pace import PAUSED, pause_hint
from cicero_cli.services.messaging.senders import list_senders
from cicero_cli.words import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderState:
    """A sender, what waits for it, what it has sent today, and what holds it up."""

    sender: Sender
    gateway: str | None  # of `default` that of the settings
    queued: int
    sent_today: int
    daily_cap: int
    state: GatewayState

    @property
    def word(self) -> str:
        """`paused` by a person, `unset`, what its last run was held up by, else `ready` as far as anybody knows."""
        if self.sender.paused_at is not None:
            return PAUSED
        return "unset" if self.gateway is None else self.state.pause_code or "ready"

    @property
    def hint(self) -> str:
        """What to do about it; empty when there is nothing."""
        if self.sender.paused_at is not None:
            return pause_hint(self.sender)
        if self.state.pause_code is None or not self.state.pause_hint:
            return ""
        return Text("{sender}: {hint}", sender=self.sender.name, hint=self.state.pause_hint)


def read_senders(store: Store, settings: Settings, *, now: datetime) -> list[SenderState]:
    """How all senders stand, as far as the database tells; no gateway is asked."""
    loads = store.senders.list_loads(since=sending_day_start(now), now=now)
    states = []
    for sender in list_senders(store):
        gateway = sender.gateway or settings.whatsapp
        queued, sent = loads.get(sender.name, (0, 0))
        states.append(
            SenderState(
                sender=sender,
                gateway=gateway,
                queued=queued,
                sent_today=sent,
                daily_cap=sender.daily_cap or settings.wa_daily_cap,
                state=store.gateway_states.get(gateway or "", sender=sender.name),
            )
        )
    return states
