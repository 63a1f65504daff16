"""Whether last night's backup is there."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from cicero_cli.core.settings import load_settings
from cicero_cli.services.operations.backups import examine_backups, is_backup_due
from tests.services.fakes import at

NIGHT = (time(2),)  # 19:00 of the day before in UTC


def keep(folder: Path, *stamps: str) -> None:
    for path in folder.iterdir():
        path.unlink()
    for stamp in stamps:
        (folder / f"cicero-{stamp}Z.dump").touch()


@pytest.mark.parametrize(
    ("stamps", "now", "is_due"),
    [
        ((), "2026-11-26 19:06", True),
        (("20261125T190600",), "2026-11-26 18:59", False),
        (("20261125T190600",), "2026-11-26 19:06", True),
        (("20261125T190600", "20261126T190600"), "2026-11-26 19:16", False),
        (("20261124T190600",), "2026-11-26 18:30", True),  # caught up, the machine was down
        (("20261127T190600",), "2026-11-26 19:06", True),  # of a clock that was ahead
    ],
)
def test_a_backup_is_due_once_a_night(
    tmp_path: Path, *, stamps: tuple[str, ...], now: str, is_due: bool
) -> None:
    keep(tmp_path, *stamps)
    (tmp_path / "cicero-notes.dump").touch()
    assert is_backup_due(tmp_path, NIGHT, now=at(now)) is is_due


def test_a_folder_that_is_not_there_has_no_backup_and_no_time_switches_it_off(
    tmp_path: Path,
) -> None:
    assert is_backup_due(tmp_path / "none", NIGHT, now=at("2026-11-26 19:06"))
    assert not is_backup_due(tmp_path / "none", (), now=at("2026-11-26 19:06"))


@pytest.mark.parametrize(
    ("stamps", "now", "code"),
    [
        ((), "2026-11-26 12:00", "backup_none"),
        (("20261125T190600",), "2026-11-26 12:00", "backup_recent"),
        (("20261125T190600",), "2026-11-26 20:00", "backup_recent"),  # tonight's may be under way
        (("20261125T190600",), "2026-11-26 21:30", "backup_missed"),
        (("20261126T190600",), "2026-11-26 20:00", "backup_recent"),  # the first one of all
        (("20261126T110000",), "2026-11-26 12:00", "backup_recent"),  # by hand
    ],
)
def test_doctor_says_when_last_nights_is_missing(
    tmp_path: Path, *, stamps: tuple[str, ...], now: str, code: str
) -> None:
    keep(tmp_path, *stamps)
    settings = load_settings({"CICERO_BACKUP_TO": str(tmp_path)})
    (finding,) = examine_backups(settings, now=at(now))
    assert finding.code == code
