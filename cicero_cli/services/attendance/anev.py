"""Anev (analisa dan evaluasi): which days are meant, what was done in them, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.spans import EVER, Span, SpanWords, read_span
from cicero_cli.errors import InputError
from cicero_cli.repositories.attendance.anev import Anev
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.client_spans import Choice, ClientSpan
from cicero_cli.services.attendance.anev_workbook import write_workbook
from cicero_cli.services.attendance.recap import recount_stale
from cicero_cli.words import reason_of

_DAYS = {"today": 1, "7d": 7, "30d": 30, "90d": 90}
TIME_RANGES = (*_DAYS, "all", "custom")
USUAL_RANGE = "7d"


def choose_range(
    choices: Sequence[Choice],
    time_range: str | None,
    start_date: str | None,
    end_date: str | None,
    *,
    now: datetime,
) -> tuple[str, list[ClientSpan]]:
    """The range's name and the days it means where each client is; InputError for what is no range or day.

    Days that are typed say `custom` by themselves when no range is named.
    """
    name = (time_range or "").strip().lower()
    words = SpanWords(mulai=start_date, selesai=end_date)
    if not name:
        name = USUAL_RANGE if words.is_silent else "custom"
    if name not in TIME_RANGES:
        raise InputError("time_range: expected one of {choices}", choices=", ".join(TIME_RANGES))
    if name == "custom":
        if words.is_silent:
            raise InputError("time_range custom needs start_date and end_date, YYYY-MM-DD")
        try:
            custom = read_span(words)
        except ValueError as error:
            raise InputError(reason_of(error)) from error
        return name, [ClientSpan(choice, custom(date.min)) for choice in choices]
    spans = []
    for choice in choices:
        today = local_day(now, ZoneInfo(choice.timezone))
        first_day = EVER.first_day if name == "all" else today - timedelta(days=_DAYS[name] - 1)
        spans.append(ClientSpan(choice, Span(first_day, today)))
    return name, spans


def read_anev(store: Store, spans: Sequence[ClientSpan]) -> Anev:
    """What users were to do and did, after counting anew what is stale."""
    _recount(store, spans)
    return store.anev.read(spans)


def export_anev(store: Store, spans: Sequence[ClientSpan], filters: Mapping[str, Any]) -> bytes:
    """A workbook: a sheet of sums and one with a line for each user."""
    _recount(store, spans)
    return write_workbook(store.anev.rows(spans), filters)


def _recount(store: Store, spans: Sequence[ClientSpan]) -> None:
    for platform in Platform:
        recount_stale(store, platform, {one.choice.client_id: one.span for one in spans})
