"""A directorate's pages: unit by unit, down to one person, and nothing of the units beyond its own posts."""

from __future__ import annotations

import pytest

from cicero_cli.domain.access.accounts import Role
from tests.web.conftest import Serve
from tests.web.pages.conftest import Visitor, text_of
from tests.web.people import direct, enter, enter_all

DAY = "hari=2026-01-15"
ROOT = "/klien/DITBINMAS"


@pytest.fixture
def dit(serve: Serve) -> Visitor:
    """An operator of DITBINMAS alone, which has POLRES_WIB and POLRES_WITA below it."""
    api = enter_all(serve())
    direct(api.store)
    enter(api, "dit", Role.OPERATOR, "DITBINMAS")
    return Visitor(api, "dit", {"cicero": api.tokens["dit"]})


def test_from_the_units_down_to_one_person(dit: Visitor) -> None:
    page = dit.get(f"{ROOT}?{DAY}")
    assert page.status_code == 200
    text = text_of(page)
    assert "6 dari 10 personel sudah" in text
    assert (
        "Per satker Instagram: personel yang sudah, per satker, yang tertinggi lebih dulu" in text
    )
    assert "Polres WIB 3/5 60% Polres WITA 3/5 60%" in text
    assert "Per satfung" not in text
    assert f'href="{ROOT}?{DAY}&amp;satker=POLRES_WITA"' in page.text

    unit = dit.get(f"{ROOT}?{DAY}&satker=polres_wita")
    text = text_of(unit)
    assert "Hanya personel Polres WITA (POLRES_WITA), atas konten Ditbinmas." in text
    assert ("3 dari 5 personel sudah" in text, "Per satfung" in text) == (True, True)
    people = f"{ROOT}/personel?platform=insta&amp;{DAY}&amp;satker=POLRES_WITA"
    assert f'href="{people}&amp;status=belum"' in unit.text

    listed = dit.get(f"{ROOT}/personel?{DAY}&satker=POLRES_WITA")
    assert "5 dari 5 personel" in text_of(listed)
    assert ("WITA-001 · Polres WITA" in text_of(listed), "WIB-001" in listed.text) == (True, False)
    assert '<option value="POLRES_WITA" selected>' in listed.text
    assert "10 dari 10 personel" in text_of(dit.get(f"{ROOT}/personel?{DAY}"))

    person = dit.get(f"{ROOT}/penjelasan?personel=WITA-001&{DAY}")
    assert "Ani AKP · WITA-001 · SAT LANTAS · Polres WITA" in text_of(person)
    assert "Sudah 1 dari 1 konten" in text_of(person)
    assert "/personel/ubah" not in person.text  # its people are not the directorate's to change


def test_a_month_goes_unit_by_unit_too(dit: Visitor) -> None:
    text = text_of(dit.get(f"{ROOT}/bulan?bulan=2026-01"))
    assert "Polres WIB 3/5 60% Polres WITA 3/5 60%" in text
    assert "Hari demi hari" in text
    unit = text_of(dit.get(f"{ROOT}/bulan?bulan=2026-01&satker=POLRES_WIB"))
    assert ("3 dari 5 personel sudah" in unit, "Hari demi hari" in unit) == (True, False)


def test_what_is_not_of_its_audience_is_not_there(dit: Visitor) -> None:
    for path in (
        f"{ROOT}?{DAY}&satker=POLRES_WIT",
        f"{ROOT}/bulan?satker=POLRES_WIT",
        f"{ROOT}/personel?{DAY}&satker=<b>",
        f"{ROOT}/penjelasan?personel=WIT-001",
        f"{ROOT}/penjelasan?personel=0",
        f"{ROOT}/personel/ubah?personel=WIB-001",
    ):
        assert dit.get(path).status_code == 404, path
    for path in ("", "/personel", "/bulan", "/penjelasan?personel=WIB-001", "/konten"):
        assert dit.get(f"/klien/POLRES_WIB{path}").status_code == 403, path
    front = text_of(dit.get("/"))
    assert ("Ditbinmas" in front, "Polres WIB" in front) == (True, False)
