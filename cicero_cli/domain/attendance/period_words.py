"""A period and its figures as recipients read them."""

from __future__ import annotations

from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.percentages import percent_indonesian
from cicero_cli.domain.periods import format_day_indonesian
from cicero_cli.domain.spans import Span


def format_span_indonesian(span: Span) -> str:
    """`Senin, 16 November 2026 s.d. Minggu, 22 November 2026`, or the one day."""
    first, last = map(format_day_indonesian, (span.first_day, span.last_day))
    return first if first == last else f"{first} s.d. {last}"


def division_name(divisi: str | None) -> str:
    """As a heading has it."""
    return clean_text(divisi or "").upper() or "TANPA DIVISI"


def share_words(done: int, total: int) -> str:
    """`73,1%`; empty when nothing was expected."""
    return percent_indonesian(done, total) if total else ""


def change_words(change: float | None) -> str:
    """`naik 2,1`, `turun 0,4`, `tetap`; empty when there is nothing to compare with."""
    if change is None:
        return ""
    tenths = round(abs(change) * 1000)
    if not tenths:
        return "tetap"
    full, tenth = divmod(tenths, 10)
    return f"{'naik' if change > 0 else 'turun'} {full},{tenth}"
