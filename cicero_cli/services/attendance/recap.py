"""What the dashboards count: which clients and days a call means, and the recap of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.spans import EVER, Span, SpanWords, day_span, read_span
from cicero_cli.errors import InputError
from cicero_cli.repositories.attendance.recap import Recap
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.client_spans import Choice, ClientSpan
from cicero_cli.words import reason_of


def choose_spans(choices: Sequence[Choice], words: SpanWords, *, now: datetime) -> list[ClientSpan]:
    """What the words mean where each client is; InputError for what is no period or day."""
    try:
        read = read_span(words)
    except ValueError as error:
        raise InputError(reason_of(error)) from error
    return _place(choices, read, now)


def choose_spans_or_today(
    choices: Sequence[Choice], words: SpanWords, *, now: datetime
) -> list[ClientSpan]:
    """As choose_spans, but words that mean nothing mean today."""
    try:
        read = read_span(words)
    except ValueError:
        read = day_span
    return _place(choices, read, now)


def choose_spans_or_ever(
    choices: Sequence[Choice], words: SpanWords, *, now: datetime
) -> list[ClientSpan]:
    """As choose_spans, but no words at all mean every day."""
    if words.is_silent:
        return [ClientSpan(choice, EVER) for choice in choices]
    return choose_spans(choices, words, now=now)


def read_recap(store: Store, platform: Platform, spans: Sequence[ClientSpan]) -> Recap:
    """Every active user with the posts of the span that are done, after counting anew what is stale."""
    recount_stale(store, platform, {one.choice.client_id: one.span for one in spans})
    return store.recap.recap(platform, spans)


def recount_stale(store: Store, platform: Platform, spans: Mapping[str, Span]) -> None:
    """Count anew the days of each client's span whose counts no longer tell the truth; most often none."""
    for client_id in store.recap.stale_clients(platform, spans):
        span = spans[client_id]
        store.engagement(platform).recount(client_id, span.first_day, span.last_day)


def _place(
    choices: Sequence[Choice], read: Callable[[date], Span], now: datetime
) -> list[ClientSpan]:
    return [
        ClientSpan(choice, read(local_day(now, ZoneInfo(choice.timezone)))) for choice in choices
    ]
