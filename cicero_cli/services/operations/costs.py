"""What the upstream has cost: per client, day and month, with a forecast for the month."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """What a request and a megabyte cost on each platform, in whatever currency; what is not set costs nothing."""

    request: Mapping[str, float]
    megabyte: Mapping[str, float]

    def cost(self, platform: Platform, requests: int, size: int) -> float | None:
        """None where the platform has no price at all."""
        if platform not in self.request and platform not in self.megabyte:
            return None
        megabytes = size / _MEGABYTE
        return requests * self.request.get(platform, 0.0) + megabytes * self.megabyte.get(
            platform, 0.0
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Requests, bytes and money (None: no price is set) of one day and of the month so far."""

    requests_today: int = 0
    bytes_today: int = 0
    money_today: float | None = None
    requests_month: int = 0
    bytes_month: int = 0
    money_month: float | None = None

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            requests_today=self.requests_today + other.requests_today,
            bytes_today=self.bytes_today + other.bytes_today,
            money_today=_sum(self.money_today, other.money_today),
            requests_month=self.requests_month + other.requests_month,
            bytes_month=self.bytes_month + other.bytes_month,
            money_month=_sum(self.money_month, other.money_month),
        )


@dataclass(frozen=True)
class Costs:
    """The month of `since`: each client's fetches, what else was asked (profiles, dashboards), and what the whole month may come to."""

    month: str
    clients: Mapping[str, Cost]
    other: Cost
    total: Cost
    forecast: Cost

    def document(self) -> dict[str, Any]:
        """`{month, clients: [{client_id, requests_today, bytes_today, money_today, requests_month, bytes_month, money_month}],
        other: {…}, total: {…}, forecast: {requests, bytes, money}}`; money is null without prices.
        """
        return {
            "month": self.month,
            "clients": [
                {"client_id": client_id, **asdict(cost)} for client_id, cost in self.clients.items()
            ],
            "other": asdict(self.other),
            "total": asdict(self.total),
            "forecast": {
                "requests": self.forecast.requests_month,
                "bytes": self.forecast.bytes_month,
                "money": self.forecast.money_month,
            },
        }


def read_costs(
    store: Store, hosts: Mapping[Platform, str], prices: Prices, *, now: datetime
) -> Costs:
    """What was asked of the `hosts` this month, in UTC as they bill."""
    today = datetime.combine(now.astimezone(UTC).date(), datetime.min.time(), UTC)
    month = today.replace(day=1)
    clients: dict[str, Cost] = {}
    fetched = dict.fromkeys(Platform, Cost())
    for row in store.usage.list_costs(today=today, month=month):
        counts = (row.requests_today, row.bytes_today, row.requests_month, row.bytes_month)
        cost = _cost(prices, Platform(row.platform), counts)
        clients[row.client_id] = clients.get(row.client_id, Cost()) + cost
        fetched[Platform(row.platform)] += cost
    asked = {usage.host: usage for usage in store.status.list_usage(now=now)}
    total, other = sum(fetched.values(), start=Cost()), Cost()
    for host in dict.fromkeys(hosts.values()):
        platforms = [platform for platform in hosts if hosts[platform] == host]
        known = sum((fetched[platform] for platform in platforms), start=Cost())
        usage = asked.get(host)
        if usage is not None:
            counts = (
                max(0, (usage.requests_today or 0) - known.requests_today),
                max(0, (usage.bytes_today or 0) - known.bytes_today),
                max(0, usage.requests_month - known.requests_month),
                max(0, usage.bytes_month - known.bytes_month),
            )
            other += _cost(prices, platforms[0], counts)
    total += other
    return Costs(f"{month:%Y-%m}", clients, other, total, _forecast(total, month, now))


def _cost(prices: Prices, platform: Platform, counts: Sequence[int]) -> Cost:
    requests_today, bytes_today, requests_month, bytes_month = counts
    return Cost(
        requests_today=requests_today,
        bytes_today=bytes_today,
        money_today=prices.cost(platform, requests_today, bytes_today),
        requests_month=requests_month,
        bytes_month=bytes_month,
        money_month=prices.cost(platform, requests_month, bytes_month),
    )


def _forecast(total: Cost, month: datetime, now: datetime) -> Cost:
    """The month as a whole, if its other days are like those so far."""
    days = calendar.monthrange(month.year, month.month)[1]
    elapsed = max(now - month, timedelta(hours=1)) / timedelta(days=1)
    factor = days / elapsed
    return Cost(
        requests_month=round(total.requests_month * factor),
        bytes_month=round(total.bytes_month * factor),
        money_month=None if total.money_month is None else total.money_month * factor,
    )


def _sum(one: float | None, other: float | None) -> float | None:
    return other if one is None else one + (other or 0.0)
