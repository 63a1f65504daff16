from __future__ import annotations

from datetime import date

import pytest

from cicero_cli.domain.roster.days_off import DayOff, group_days_off, normalise_days_off


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("sun,holidays", "sun,holidays"),
        (" Libur; MINGGU sabtu", "sat,sun,holidays"),
        ("sen,selasa,Rab,kamis,jum'at,saturday,min,minggu", "mon,tue,wed,thu,fri,sat,sun"),
        ("", None),
    ],
)
def test_days_off_are_words_of_both_languages(typed: str, stored: str | None) -> None:
    assert normalise_days_off(typed) == stored
    assert normalise_days_off(stored or "") == stored


def test_what_is_no_day_is_refused() -> None:
    with pytest.raises(ValueError, match="sabtu,minggu,libur"):
        normalise_days_off("sun,someday")


def test_days_of_the_week_stand_together_and_each_holiday_apart() -> None:
    days = [
        DayOff(date(2026, 3, 20), "Idul Fitri"),
        DayOff(date(2026, 3, 21), "Idul Fitri"),
        DayOff(date(2026, 3, 22), "Minggu"),
        DayOff(date(2026, 3, 29), "Minggu"),
    ]
    assert group_days_off(days) == [
        ("Idul Fitri", [date(2026, 3, 20), date(2026, 3, 21)]),
        (None, [date(2026, 3, 22), date(2026, 3, 29)]),
    ]
