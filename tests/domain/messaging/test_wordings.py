from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from cicero_cli.domain.attendance.laphar_sections import PostPart, Section, UnitPart
from cicero_cli.domain.attendance.period_text import GroupPart, PeriodSection
from cicero_cli.domain.attendance.ranking_text import RankedPart, StreakPart
from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.attendance.tugas_text import TaskPart, TaskSection
from cicero_cli.domain.messaging.wordings import WORDINGS, Wording

_PARTS: dict[str, dict[str, Any]] = {
    "laphar.txt.j2": {"section": Section, "post": PostPart, "unit": UnitPart, "division": UnitPart},
    "tugas.txt.j2": {"section": TaskSection, "post": TaskPart},
    "rekap.txt.j2": {"section": PeriodSection, "division": GroupPart, "unit": GroupPart},
    "peringkat.txt.j2": {"row": RankedPart, "streak": StreakPart},
}


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.name)
def test_every_variable_of_a_template_is_documented_and_no_other(wording: Wording) -> None:
    given = set().union(*wording.examples())
    for name, part in _PARTS.get(wording.name, {}).items():
        given |= {f"{name}.{field.name}" for field in fields(part)}

    assert set(wording.variables) == given


def test_the_made_up_days_reach_every_kind_of_report() -> None:
    laphar, rekap, tugas, peringkat, reminder = (
        list(wording.examples())
        for name in ("laphar", "rekap", "tugas", "peringkat", "reminder")
        for wording in WORDINGS
        if wording.name == f"{name}.txt.j2"
    )
    sections = [section for example in laphar for section in example["sections"]]

    assert {example["is_same_day"] for example in laphar} == {True, False}
    assert {example["per_konten"] for example in laphar} == {True, False}
    assert {example["mode"] for example in laphar} == {*LapharMode}
    assert {bool(example["unit_name"]) for example in laphar} == {True, False}
    assert {len(section.units) for section in sections} == {0, 2}
    assert {len(example["sections"]) for example in laphar} == {1, 2}
    assert {section.is_listed for section in sections} == {True, False}
    for field in ("users", "posts", "sudah", "belum", "tanpa_username", "dikecualikan", "coverage"):
        assert {bool(getattr(section, field)) for section in sections} == {True, False}
    parts = [section for example in rekap for section in example["sections"]]
    for field in ("users", "total", "change", "missing", "units", "people_list"):
        assert {bool(getattr(part, field)) for part in parts} == {True, False}
    for field in ("count", "top", "bottom", "withheld", "streaks", "more_streaks", "risers"):
        assert {bool(example[field]) for example in peringkat} == {True, False}, field
    for field in ("top_ties", "bottom_ties"):
        assert {example[field] is None for example in peringkat} == {True, False}, field
    for name in ("posts", "new", "gone", "sections", "doubts", "is_same_day"):
        assert {bool(example[name]) for example in tugas} == {True, False}
    assert {(bool(example["insta"]), bool(example["tiktok"])) for example in reminder} == {
        (True, True),
        (True, False),
        (False, True),
    }
