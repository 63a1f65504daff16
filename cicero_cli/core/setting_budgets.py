"""Settings that say for each platform what may be spent upstream, and what it costs."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from cicero_cli.errors import BadValueError

_PLATFORMS = ("insta", "tiktok")


@dataclass(frozen=True, slots=True)
class Budget:
    """How many requests, or megabytes, a day (UTC) and a month may take; None: as many as it takes."""

    day: int | None = None
    month: int | None = None


def read_budgets(raw: str) -> Mapping[str, Budget]:
    """`insta=2000/day, tiktok=5000/day, tiktok=150000/month`, by platform."""
    budgets: dict[str, Budget] = {}
    for part in _parts(raw):
        found = re.fullmatch(r"(insta|tiktok)\s*=\s*([1-9][0-9]{0,11})\s*/\s*(day|month)", part)
        if found is None:
            raise BadValueError(
                "expected insta or tiktok, a number and day or month, such as tiktok=150000/month"
            )
        platform, number, span = found.groups()
        known = budgets.get(platform, Budget())
        day = int(number) if span == "day" else known.day
        month = int(number) if span == "month" else known.month
        budgets[platform] = Budget(day, month)
    return budgets


def read_prices(raw: str) -> Mapping[str, float]:
    """`insta=0.0005, tiktok=0.0002`, by platform; a number alone is of both."""
    prices: dict[str, float] = {}
    for part in _parts(raw):
        name, _, number = part.rpartition("=")
        try:
            price = float(number)
        except ValueError:
            price = math.nan
        if name.strip() not in {"", *_PLATFORMS} or not 0 <= price < math.inf:
            raise BadValueError(
                "expected a price, or one for each platform, such as insta=0.0005,tiktok=0.0002"
            )
        prices |= dict.fromkeys([name.strip()] if name else _PLATFORMS, price)
    return prices


def _parts(raw: str) -> list[str]:
    return [part.strip() for part in raw.lower().split(",") if part.strip()]
