"""Not asking a host that has said that nothing is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.errors import CiceroError, QuotaError
from cicero_cli.repositories.database.store import Store


def refuse_while_exhausted(store: Store, host: str, *, now: datetime) -> None:
    """QuotaError while the host's quota is known to be used up."""
    until = store.usage.exhausted_until(host)
    if until is not None and until > now:
        raise QuotaError(
            "the quota of {host} is used up until {until:%Y-%m-%d %H:%M} WIB, so nothing was asked",
            hint="after raising the plan: cicero fetch … --ignore-quota",
            reset_seconds=round((until - now).total_seconds()),
            host=host,
            until=until.astimezone(HOME_ZONE),
        )


def exhausted_until(error: CiceroError | None, *, now: datetime) -> datetime | None:
    """When to ask again after a refusal for quota: at the reset, or tomorrow (UTC) when none was named."""
    if not isinstance(error, QuotaError):
        return None
    tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
    if error.reset_seconds is None:
        return tomorrow
    # the header counts to the end of the month, whichever of the plan's limits was reached
    reset = now + timedelta(seconds=error.reset_seconds)
    words = error.message.upper()
    if "HOURLY" in words:
        return min(reset, now + timedelta(hours=1))
    return min(reset, tomorrow) if "DAILY" in words else reset
