from __future__ import annotations

from dataclasses import fields

import pytest

from cicero_cli.domain.attendance.laphar import PostPart, Section, UnitPart
from cicero_cli.domain.messaging.wordings import WORDINGS, Wording


@pytest.mark.parametrize("wording", WORDINGS, ids=lambda wording: wording.name)
def test_every_variable_of_a_template_is_documented_and_no_other(wording: Wording) -> None:
    given = set().union(*wording.examples())
    if "sections" in given:
        given |= {f"section.{field.name}" for field in fields(Section)}
        given |= {f"post.{field.name}" for field in fields(PostPart)}
        given |= {f"unit.{field.name}" for field in fields(UnitPart)}

    assert set(wording.variables) == given


def test_the_made_up_days_reach_every_kind_of_report() -> None:
    laphar, reminder = (list(wording.examples()) for wording in WORDINGS)
    sections = [section for example in laphar for section in example["sections"]]

    assert {example["is_same_day"] for example in laphar} == {True, False}
    assert {example["per_konten"] for example in laphar} == {True, False}
    assert {example["mode"] for example in laphar} == {"belum", "sudah", "semua"}
    assert {bool(example["unit_name"]) for example in laphar} == {True, False}
    assert {len(section.units) for section in sections} == {0, 2}
    assert {len(example["sections"]) for example in laphar} == {1, 2}
    assert {section.is_listed for section in sections} == {True, False}
    for field in ("users", "posts", "sudah", "belum", "tanpa_username", "dikecualikan", "coverage"):
        assert {bool(getattr(section, field)) for section in sections} == {True, False}
    assert {(bool(example["insta"]), bool(example["tiktok"])) for example in reminder} == {
        (True, True),
        (True, False),
        (False, True),
    }
