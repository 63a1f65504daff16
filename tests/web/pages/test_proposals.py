"""Handles that people wrote to the account, on the page."""

from __future__ import annotations

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.handle_proposals import list_proposals, propose_handle
from cicero_cli.services.roster.users import get_user
from tests.services.fakes import BY
from tests.web.pages.conftest import People, text_of


def test_an_operator_accepts_one_and_refuses_another(people: People, unit: Store) -> None:
    citra, budi = get_user(unit, "85010003"), get_user(unit, "85010002")
    first = propose_handle(unit, citra, Platform.INSTA, "citra.baru", admins=[], now=BY.at)
    second = propose_handle(unit, budi, Platform.TIKTOK, "budi_baru", admins=[], now=BY.at)
    root = "/klien/POLRES_A/usulan"
    page = people.operator.get(root)
    assert "@citra.baru" in text_of(page)
    for number, word in ((first, "terima"), (second, "tolak")):
        sent = people.operator.post(f"{root}/{number}/{word}")
        assert (sent.status_code, sent.headers["location"]) == (303, f"{root}?ok={word}")
    assert get_user(unit, "85010003").insta == "citra.baru"
    assert list_proposals(unit, None) == []
    again = people.operator.post(f"{root}/{first}/tolak")
    assert (again.status_code, "sudah diputuskan" in text_of(again)) == (409, True)
    for wrong in ("x/terima", f"{first}/lain"):
        assert people.operator.post(f"{root}/{wrong}").status_code == 404
    assert "Tidak ada usulan" in text_of(people.operator.get(root))
    assert people.viewer.get(root).status_code == 403


def test_who_has_the_handle_is_named_and_nothing_changes(people: People, unit: Store) -> None:
    citra, budi = get_user(unit, "85010003"), get_user(unit, "85010002")
    assert budi.insta
    number = propose_handle(unit, citra, Platform.INSTA, budi.insta, admins=[], now=BY.at)
    root = "/klien/POLRES_A/usulan"
    page = people.operator.get(root)
    assert f"Tercatat untuk {budi.nama} (85010002)" in text_of(page)
    answer = people.operator.post(f"{root}/{number}/terima")
    assert (answer.status_code, budi.nama in text_of(answer)) == (409, True)
    assert get_user(unit, "85010003").insta == citra.insta
    assert [one.proposal_id for one in list_proposals(unit, ["polres_a"])] == [number]
