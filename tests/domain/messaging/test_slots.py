from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from cicero_cli.domain.messaging.slots import Stage, reminder_slot, report_slot

WIB, WITA, WIT = (ZoneInfo(f"Asia/{city}") for city in ("Jakarta", "Makassar", "Jayapura"))


def local(text: str, zone: ZoneInfo = WIB) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("now", "name"),
    [
        ("2026-11-21 00:00", "2026-11-21T00"),
        ("2026-11-21 14:59", "2026-11-21T00"),
        ("2026-11-21 15:00", "2026-11-21T15"),
        ("2026-11-21 17:59", "2026-11-21T15"),
        ("2026-11-21 18:00", "2026-11-21T18"),
        ("2026-11-21 21:00", "2026-11-21T21"),
        ("2026-11-21 23:59", "2026-11-21T21"),
    ],
)
@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_a_report_is_that_of_15_18_or_21_oclock_until_midnight(
    now: str, name: str, zone: ZoneInfo
) -> None:
    slot = report_slot(local(now, zone), zone)
    assert (slot.name, slot.ends_at) == (name, local("2026-11-22 00:00", zone))


@pytest.mark.parametrize(
    ("now", "stage", "ends_at"),
    [
        ("2026-11-21 06:00", Stage.FIRST, "2026-11-21 16:10"),
        ("2026-11-21 12:10", Stage.FIRST, "2026-11-21 16:10"),
        ("2026-11-21 16:09", Stage.FIRST, "2026-11-21 16:10"),
        ("2026-11-21 16:10", Stage.SECOND, "2026-11-21 19:10"),
        ("2026-11-21 19:10", Stage.LAST, "2026-11-21 21:30"),
        ("2026-11-21 21:29", Stage.LAST, "2026-11-21 21:30"),
        ("2026-11-21 21:30", Stage.LAST, "2026-11-22 00:00"),
    ],
)
@pytest.mark.parametrize("zone", [WIB, WITA, WIT])
def test_a_reminder_is_over_when_the_next_one_begins(
    now: str, stage: Stage, ends_at: str, zone: ZoneInfo
) -> None:
    found, slot = reminder_slot(local(now, zone), zone)
    assert (found, slot.name, slot.ends_at) == (stage, stage.value, local(ends_at, zone))


def test_the_slot_is_the_clients_own() -> None:
    """17:00 in Jakarta is 19:00 in Jayapura."""
    now = local("2026-11-21 17:10")
    assert [reminder_slot(now, zone)[0] for zone in (WIB, WITA, WIT)] == [
        Stage.SECOND,
        Stage.SECOND,
        Stage.LAST,
    ]
