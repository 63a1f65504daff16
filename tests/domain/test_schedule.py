from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.core.setting_values import read_times
from cicero_cli.domain.schedule import CATCH_UP, DueSlot, latest_slot, write_times

WIB, WIT = ZoneInfo("Asia/Jakarta"), ZoneInfo("Asia/Jayapura")
TIMES = (time(6, 30), time(15), time(23, 30))


def local(text: str, zone: ZoneInfo = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        ("2026-11-21 06:29", None),
        ("2026-11-21 06:30", "2026-11-21 06:30"),
        ("2026-11-21 07:59", "2026-11-21 06:30"),
        ("2026-11-21 08:00", None),
        ("2026-11-21 15:01", "2026-11-21 15:00"),
        ("2026-11-22 00:59", "2026-11-21 23:30"),
        ("2026-11-22 01:00", None),
    ],
)
def test_a_slot_is_caught_up_for_90_minutes_also_after_midnight(now: str, slot: str | None) -> None:
    found = latest_slot(TIMES, local(now), WIB, within=CATCH_UP)
    assert found == (slot and DueSlot(local(slot), is_first=slot.endswith("06:30")))


def test_the_slot_is_the_clients_own_whatever_zone_the_host_has() -> None:
    """13:05 in Jakarta is 15:05 in Jayapura."""
    now = local("2026-11-21 13:05").astimezone(ZoneInfo("UTC"))
    assert latest_slot(TIMES, now, WIB, within=CATCH_UP) is None
    assert latest_slot(TIMES, now, WIT, within=CATCH_UP) == DueSlot(
        local("2026-11-21 15:00", WIT), is_first=False
    )


@pytest.mark.parametrize(
    ("raw", "times"),
    [
        ("", ""),
        ("18:00, 15:00,15:00", "15:00,18:00"),
        ("7:05", "07:05"),
        ("06:30-08:30/60", "06:30,07:30,08:30"),
        ("06:30-06:59/20,12:00", "06:30,06:50,12:00"),
    ],
)
def test_times_are_read_in_lists_and_spans(raw: str, times: str) -> None:
    assert write_times(read_times(raw)) == times


@pytest.mark.parametrize(
    "raw", ["24:00", "15", "15:60", "08:00-07:00/10", "06:00-07:00", "06:00-07:00/0", "never"]
)
def test_what_are_no_times_is_refused(raw: str) -> None:
    with pytest.raises(ValueError, match="expected times of the day such as 15:00,18:00"):
        read_times(raw)
