"""How fast a WhatsApp account may send, and what holds it up: the gap between messages, the day's cap, its session."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from cicero_cli.core.settings import Settings
from cicero_cli.domain.messaging.gateway_answers import sending_day_start
from cicero_cli.domain.messaging.messages import Kind
from cicero_cli.domain.messaging.senders import DEFAULT, Sender
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.messaging.gateway_states import GatewayState
from cicero_cli.services.ports import WhatsappGateway
from cicero_cli.words import Text

log = logging.getLogger(__name__)

_CRON_SECONDS = 60.0  # then the next run begins
DAILY_CAP = "daily_cap"
PAUSED = "paused"  # by a person


def daily_cap_hint(sender: str) -> Text:
    """What to say of an account that has sent enough for a day."""
    if sender == DEFAULT:
        return Text("CICERO_WA_DAILY_CAP is reached; sending goes on tomorrow")
    return Text("{sender} has sent what it may in a day; sending goes on tomorrow", sender=sender)


def pause_hint(sender: Sender) -> str:
    """By whom, since when and why a sender is paused; empty when it is not."""
    if sender.paused_at is None:
        return ""
    since = f"{sender.paused_at.astimezone(HOME_ZONE):%Y-%m-%d %H:%M}"
    who = Text(
        "{sender} is paused since {since} WIB by {by}",
        sender=sender.name,
        since=since,
        by=sender.paused_by,
    )
    if sender.pause_reason:
        return Text(
            "{who} ({reason}); go on with: cicero wa resume {sender}",
            who=who,
            reason=sender.pause_reason,
            sender=sender.name,
        )
    return Text("{who}; go on with: cicero wa resume {sender}", who=who, sender=sender.name)


@dataclass(frozen=True)
class Pause:
    """Why nothing goes out; `is_news`: no earlier run has said so."""

    code: str
    hint: str
    is_news: bool


@dataclass
class Pace:
    """The account's during one run. What its row says is held in memory: no other run changes it meanwhile."""

    store: Store
    gateway: WhatsappGateway
    settings: Settings
    sender: str
    clock: Callable[[], datetime]
    sleep: Callable[[float], None]
    uniform: Callable[[float, float], float]
    ends_at: datetime  # no message is begun later
    next_run_at: datetime
    state: GatewayState
    sent_today: int
    slowest: timedelta = timedelta()  # call of this run
    pause: Pause | None = None

    @classmethod
    def begin(
        cls,
        store: Store,
        gateway: WhatsappGateway,
        settings: Settings,
        *,
        sender: str,
        clock: Callable[[], datetime],
        sleep: Callable[[float], None],
        uniform: Callable[[float, float], float],
        run_seconds: float,
        started: datetime,
    ) -> Pace:
        """As the database has it when a run begins."""
        return cls(
            store,
            gateway,
            settings,
            sender,
            clock,
            sleep,
            uniform,
            ends_at=started + timedelta(seconds=run_seconds),
            next_run_at=started + timedelta(seconds=_CRON_SECONDS),
            state=store.gateway_states.get(gateway.name, sender=sender),
            sent_today=store.outbox.count_sent(
                gateway.name, sender=sender, since=sending_day_start(started), now=started
            ),
        )

    @property
    def is_capped(self) -> bool:
        """Whether the day's cap is reached."""
        return self.sent_today >= self.settings.wa_daily_cap

    @property
    def is_over(self) -> bool:
        """Whether the run's time is."""
        return self.clock() >= self.ends_at

    def has_time(self, now: datetime) -> bool:
        """Whether a call that begins now is over before the next run begins, as far as this run's calls tell."""
        return now < self.ends_at and now + self.slowest < self.next_run_at

    def is_stopped(self) -> bool:
        """Ask whether a person has paused the sender, which holds from the next message on."""
        found = self.store.senders.get(self.sender)
        if found and found.paused_at is not None:
            self.stop(PAUSED, pause_hint(found), needs_operator=True)
        return self.pause is not None

    def is_held_up(self) -> bool:
        """Ask whether the session or the day's cap forbids sending."""
        session = self.gateway.check_session()
        if not session.is_ready:
            self.stop(session.state, session.hint, needs_operator=session.needs_operator)
        elif self.is_capped:
            self.stop(DAILY_CAP, daily_cap_hint(self.sender), needs_operator=False)
        return self.pause is not None

    def stop(self, code: str, hint: str, *, needs_operator: bool) -> None:
        """Send nothing more in this run. It is news when nothing was wrong before, or something else to act on now;
        what passes by itself may come and go without being told again.
        """
        before = self.state.pause_code
        is_news = code != before and (needs_operator or before in {None, DAILY_CAP})
        if is_news:
            self.store.gateway_states.pause(
                self.gateway.name, sender=self.sender, code=code, hint=hint, now=self.clock()
            )
            self.state = replace(self.state, pause_code=code)
        self.pause = Pause(code, hint, is_news=is_news)

    def wait_for_turn(self, kind: Kind) -> bool:
        """Wait until the account may send again; False when that is after this run, or somebody has paused it meanwhile."""
        last = self.state.last_sent_at
        now = self.clock()
        if last is None or last > now:  # a clock that was ahead is not waited for
            return True
        is_personal = kind in {Kind.REMINDER, Kind.EXPLANATION}
        gap = self.settings.wa_gap_user if is_personal else self.settings.wa_gap
        ready_at = last + timedelta(seconds=self.uniform(gap.low, gap.high))
        if ready_at > now:
            if not self.has_time(ready_at):
                return False
            self.sleep((ready_at - now).total_seconds())
            return not self.is_stopped()
        return True

    def count_earlier_calls(self, moments: list[datetime]) -> None:
        """Calls of earlier runs, whose end nobody recorded, keep the gap as well."""
        self.state = replace(
            self.state,
            last_sent_at=max(filter(None, [self.state.last_sent_at, *moments]), default=None),
        )

    def count_call(self, started: datetime) -> None:
        """The gateway was called and has answered, whatever it said."""
        self.slowest = max(self.slowest, self.clock() - started)
        self.state = replace(self.state, last_sent_at=self.clock())
        self.store.gateway_states.remember_sent(
            self.gateway.name, sender=self.sender, now=self.clock()
        )

    def count_accepted(self) -> None:
        """A message went out: only that proves that nothing holds up the account any more."""
        self.sent_today += 1
        if self.state.pause_code is not None:
            self.store.gateway_states.resume(self.gateway.name, sender=self.sender)
            self.state = replace(self.state, pause_code=None)
            log.warning("gateway ready again gateway=%s sender=%s", self.gateway.name, self.sender)

    def refuses_first_contacts(self, now: datetime) -> bool:
        """Whether WhatsApp lets the account begin no new chats (error 463)."""
        until = self.state.first_contacts_paused_until
        return until is not None and until > now

    def stop_first_contacts(self, until: datetime) -> None:
        """Begin no new chats up to then, in later runs either."""
        self.store.gateway_states.pause_first_contacts(
            self.gateway.name, sender=self.sender, until=until
        )
        self.state = replace(self.state, first_contacts_paused_until=until)
