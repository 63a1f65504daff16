from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from cicero_cli.domain.attendance.period_recap import take_recap
from cicero_cli.domain.attendance.period_text import period_variables
from cicero_cli.domain.attendance.report_periods import read_period
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from tests.services.fakes import at

CLIENT = Client(client_id="POLRES_A", nama="Polres A")
EMPTY = take_recap(
    "POLRES_A", Platform.INSTA, read_period("2026-11", today=date(2026, 12, 1)), (), (),
    posts=0, days_without_data=(), units={"POLRES_A": "Polres A"}, has_units=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ([], ""),
        ([17], "17 November 2026"),
        ([17, 18], "17 dan 18 November 2026"),
        ([17, 18, 19], "17 s.d. 19 November 2026"),
        ([1, 2, 5, 6, 7, 9], "1, 2, 5 s.d. 7 dan 9 November 2026"),
        ([29, 30, 31, 32], "29 dan 30 November 2026; 1 dan 2 Desember 2026"),
    ],
)
def test_days_without_data_are_named_in_few_words(days: list[int], words: str) -> None:
    missing = tuple(date(2026, 10, 31) + timedelta(days=number) for number in days)
    recap = replace(EMPTY, days_without_data=missing)
    (section,) = period_variables(CLIENT, [recap], moment=at("2026-12-01 00:00"))["sections"]
    assert section.missing == words
