from __future__ import annotations

from datetime import date

import pytest

from cicero_cli.domain.spans import Span, SpanWords, read_span

TODAY = date(2026, 11, 22)  # a Sunday


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ({}, "2026-11-22", "2026-11-22"),
        ({"periode": " Harian ", "tanggal": "2024-02-29"}, "2024-02-29", "2024-02-29"),
        ({"periode": "mingguan"}, "2026-11-16", "2026-11-22"),
        ({"periode": "mingguan", "tanggal": "2027-01-01"}, "2026-12-28", "2027-01-03"),
        ({"periode": "bulanan"}, "2026-11-01", "2026-11-30"),
        ({"periode": "bulanan", "tanggal": "2024-02"}, "2024-02-01", "2024-02-29"),
        ({"periode": "bulanan", "tanggal": "2026-12-31"}, "2026-12-01", "2026-12-31"),
        ({"mulai": "2026-01-01", "selesai": "2027-01-01"}, "2026-01-01", "2027-01-01"),
        ({"mulai": "2026-01-05"}, "2026-01-05", "2026-01-05"),
        ({"periode": "nonsense", "selesai": "2026-01-05"}, "2026-01-05", "2026-01-05"),
    ],
)
def test_words_mean_days(words: dict[str, str], first: str, last: str) -> None:
    span = read_span(SpanWords(**words))(TODAY)
    assert span == Span(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ({"periode": "tahunan"}, "harian, mingguan or bulanan"),
        ({"tanggal": "2026-02-30"}, "calendar"),
        ({"tanggal": "2026-02"}, "YYYY-MM-DD"),
        ({"tanggal": "2026-1-1"}, "YYYY-MM-DD"),
        ({"tanggal": "1999-01-01"}, "2010"),
        ({"mulai": "2026-01-02", "selesai": "2026-01-01"}, "not after"),
        ({"mulai": "2025-12-31", "selesai": "2027-01-01"}, "366"),
    ],
)
def test_what_means_nothing_is_said(words: dict[str, str], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_span(SpanWords(**words))


def test_blank_words_say_nothing() -> None:
    assert SpanWords(periode=" ", tanggal="").is_silent
    assert not SpanWords(selesai="2026-01-01").is_silent
