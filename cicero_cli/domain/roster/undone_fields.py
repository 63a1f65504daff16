"""Which values of an import come back: those that still stand, on the days up to somebody's other hand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """What a user or a client was from one day of the time since an import on."""

    first_day: date
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoneFields:
    """`values` come back; `days` are mended up to and without the key (None: until further notice); `kept` were changed since."""

    values: dict[str, Any]
    days: Mapping[date | None, Mapping[str, Any]]
    kept: Sequence[str]


def undo_fields(
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    record: object | None,
    *,
    own: Sequence[Days],
    of_days: Collection[str],
    gone_on: date | None = None,
) -> UndoneFields:
    """The fields that an import changed, taken back. `record` is how they are now, None for one who is gone (`gone_on`); `own`
    the days since; `of_days` the fields that days have.
    """
    values: dict[str, Any] = {}
    days: dict[date | None, dict[str, Any]] = defaultdict(dict)
    kept: list[str] = []
    for name, former in before.items():
        until = stands_until(own, {name: after[name]}, of_days)
        if name == "status" and record is None and until is None:
            until = gone_on
        if name in of_days and own:
            days[until][name] = former
        if record is not None and until is None and getattr(record, name) == after[name]:
            values[name] = former
        elif record is not None:
            kept.append(name)
    return UndoneFields(values=values, days=days, kept=kept)


def stands_until(
    own: Sequence[Days], values: Mapping[str, Any], of_days: Collection[str]
) -> date | None:
    """The first day on which one of these is another by somebody's hand; None: they stand."""
    asked = {name: value for name, value in values.items() if name in of_days}
    return next(
        (
            span.first_day
            for span in own
            if any(span.facts[name] != value for name, value in asked.items())
        ),
        None,
    )
