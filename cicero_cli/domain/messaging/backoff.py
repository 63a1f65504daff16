"""When to try a message again that was certainly not sent."""

from __future__ import annotations

from datetime import datetime, timedelta

_STEPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 20, 40, 60))
_NEXT_DAY = frozenset(
    {"invalid_jid"}
)  # gowa says so for a day on which it merely cannot look the number up


def next_attempt(attempts: int, code: str, *, now: datetime) -> datetime:
    """After `attempts` (1 or more) tries that ended in `code`: ever later, up to an hour."""
    if code in _NEXT_DAY:
        return now + timedelta(days=1)
    return now + _STEPS[min(attempts, len(_STEPS)) - 1]
