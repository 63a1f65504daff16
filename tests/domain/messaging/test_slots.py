from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.domain.messaging.slots import Stage, reminder_slot, report_slot

REPORTS = (time(15), time(18), time(21))
REMINDERS = (time(12, 10), time(16, 10), time(19, 10))
WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))


def local(text: str, zone: ZoneInfo = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "name"),
    [
        ("2026-11-21 00:00", "2026-11-21T00:00"),
        ("2026-11-21 14:59", "2026-11-21T00:00"),
        ("2026-11-21 15:00", "2026-11-21T15:00"),
        ("2026-11-21 17:59", "2026-11-21T15:00"),
        ("2026-11-21 18:00", "2026-11-21T18:00"),
        ("2026-11-21 21:00", "2026-11-21T21:00"),
        ("2026-11-21 23:59", "2026-11-21T21:00"),
    ],
)
@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_a_report_is_that_of_15_18_or_21_oclock_until_midnight(
    now: str, name: str, zone: ZoneInfo
) -> None:
    slot = report_slot(local(now, zone), zone, REPORTS)
    assert (slot.name, slot.ends_at) == (name, local("2026-11-22 00:00", zone))


@pytest.mark.parametrize(
    ("now", "stage", "name", "ends_at"),
    [
        ("2026-11-21 06:00", Stage.FIRST, "12:10", "2026-11-21 16:10"),
        ("2026-11-21 12:10", Stage.FIRST, "12:10", "2026-11-21 16:10"),
        ("2026-11-21 16:09", Stage.FIRST, "12:10", "2026-11-21 16:10"),
        ("2026-11-21 16:10", Stage.SECOND, "16:10", "2026-11-21 19:10"),
        ("2026-11-21 19:10", Stage.LAST, "19:10", "2026-11-21 21:30"),
        ("2026-11-21 21:29", Stage.LAST, "19:10", "2026-11-21 21:30"),
        ("2026-11-21 21:30", Stage.LAST, "19:10", "2026-11-22 00:00"),
    ],
)
@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_a_reminder_is_over_when_the_next_one_begins(
    now: str, stage: Stage, name: str, ends_at: str, zone: ZoneInfo
) -> None:
    found, slot = reminder_slot(local(now, zone), zone, REMINDERS)
    assert (found, slot.name, slot.ends_at) == (stage, name, local(ends_at, zone))


def test_the_slot_is_the_clients_own() -> None:
    """17:00 in Jakarta is 19:00 in Jayapura."""
    now = local("2026-11-21 17:10")
    assert [reminder_slot(now, zone, REMINDERS)[0] for zone in (WIB, WITA, WIT)] == [
        Stage.SECOND,
        Stage.SECOND,
        Stage.LAST,
    ]


@pytest.mark.parametrize(
    ("times", "stages"),
    [
        ("08:00", ["first"]),
        ("08:00 16:00", ["first", "last"]),
        ("08:00 10:00 12:00 16:00", ["first", "second", "second", "last"]),
    ],
)
def test_the_reminders_between_the_first_and_the_last_are_the_second(
    times: str, stages: list[str]
) -> None:
    begins = [time.fromisoformat(text) for text in times.split()]
    found = [reminder_slot(local(f"2026-11-21 {text}"), WIB, begins) for text in times.split()]
    assert [(stage.value, slot.name) for stage, slot in found] == [
        *zip(stages, times.split(), strict=True)
    ]


def test_a_report_that_is_caught_up_after_midnight_is_wanted_for_two_hours() -> None:
    slot = report_slot(local("2026-11-21 23:30"), WIB, [time(23, 30)])
    assert (slot.name, slot.ends_at) == ("2026-11-21T23:30", local("2026-11-22 01:30"))
