"""Why something that is due is not going out: a queue that stands still says so itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.words import Text, text_of

_LONGEST = timedelta(minutes=5)  # between two messages of a queue that moves, whatever its pace


def explain_stall(
    *,
    due: int,
    due_since: datetime | None,
    last_sent_at: datetime | None,
    pause_hint: str | None,
    first_contacts_paused_until: datetime | None,
    now: datetime,
) -> Text | None:
    """What holds up the messages that are due; None while they go out, or when there are none."""
    if not due or due_since is None:
        return None
    if any(moment > now for moment in (due_since, last_sent_at) if moment):
        reason = Text(
            "the clock was ahead when it last ran; the next run of `cicero outbox deliver` puts that right"
        )
    elif now - max(filter(None, (due_since, last_sent_at))) < _LONGEST:
        return None
    elif pause_hint:
        reason = text_of(pause_hint)
    elif first_contacts_paused_until and first_contacts_paused_until > now:
        reason = Text(
            "WhatsApp refuses new chats until {until} WIB",
            until=f"{first_contacts_paused_until.astimezone(HOME_ZONE):%Y-%m-%d %H:%M}",
        )
    else:
        reason = Text("no run of `cicero outbox deliver` has sent anything; does cron run it?")
    return Text(
        "{count:,} message is due and not going out: {reason}",
        plural="{count:,} messages are due and not going out: {reason}",
        count=due,
        reason=reason,
    )
