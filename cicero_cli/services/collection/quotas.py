"""Not asking a host that has said that nothing is left, nor for more than was budgeted."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from cicero_cli.core.setting_budgets import Budget
from cicero_cli.domain.collection.budgets import Allowance, days_left_in_month, share_of_rest
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.errors import CiceroError, QuotaError
from cicero_cli.repositories.database.store import Store

_MEGABYTE = 1_000_000


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


def allow(
    store: Store,
    host: str,
    requests: Budget | None,
    megabytes: Budget | None,
    *,
    share: float = 1.0,
    now: datetime,
) -> Allowance | None:
    """What a fetch may spend: its share of what day and month still allow; None without a budget. QuotaError when that is nothing."""
    if requests is None and megabytes is None:
        return None
    spent = {usage.host: usage for usage in store.status.list_usage(now=now)}.get(host)
    spent_requests = (spent.requests_today or 0, spent.requests_month) if spent else (0, 0)
    spent_bytes = (spent.bytes_today or 0, spent.bytes_month) if spent else (0, 0)
    allowance = Allowance(
        _rest(requests, spent_requests, 1, share, now),
        _rest(megabytes, spent_bytes, _MEGABYTE, share, now),
    )
    if not allowance.covers(1, 1):
        tomorrow = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), UTC)
        raise QuotaError(
            "the budget for {host} is spent, so nothing was asked",
            hint="CICERO_BUDGET_REQUESTS and CICERO_BUDGET_MB say what may be spent (cicero status --cost)",
            reset_seconds=round((tomorrow - now).total_seconds()),
            host=host,
        )
    return allowance


def _rest(
    budget: Budget | None, spent: tuple[int, int], unit: int, share: float, now: datetime
) -> int | None:
    if budget is None:
        return None
    today, month = spent
    return share_of_rest(
        None if budget.day is None else budget.day * unit - today,
        # what today has cost already is of today's share of the month
        None if budget.month is None else budget.month * unit - month + today,
        today,
        days_left=days_left_in_month(now.astimezone(UTC)),
        share=share,
    )
