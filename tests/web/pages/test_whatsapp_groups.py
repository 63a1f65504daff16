"""A client's group, chosen at the page among those that the account is in."""

from __future__ import annotations

from cicero_cli.repositories.database.store import Store
from cicero_cli.standins.whatsapp import Fault, FaultKind, StandIn
from tests.web.pages.conftest import Visit, text_of

GROUP, OTHER = "120363000000000001@g.us", "120363000000000002@g.us"
PAGE = "/whatsapp/grup"


def test_a_group_is_chosen_among_those_that_the_account_is_in(
    visit: Visit, standin: StandIn, store: Store
) -> None:
    standin.phones.session = "WORKING"
    standin.phones.groups.update({GROUP: "Humas <b>Polres A</b>", OTHER: ""})
    admin = visit("waha")
    page = admin.get(PAGE)
    assert page.status_code == 200
    assert "<b>" not in page.text
    assert f'<option value="{GROUP}">Humas &lt;b&gt;Polres A&lt;/b&gt;</option>' in page.text
    assert f'<option value="{OTHER}">{OTHER}</option>' in page.text
    assert '<option value="POLRES_A" selected>' in page.text
    unchosen = admin.post(PAGE, {"klien": "POLRES_A", "grup": ""})
    assert (unchosen.status_code, "Pilih grupnya dulu." in text_of(unchosen)) == (400, True)

    chosen = admin.post(PAGE, {"klien": "POLRES_A", "grup": GROUP})
    assert (chosen.status_code, chosen.headers["location"]) == (303, f"{PAGE}?ok=klien")
    client = store.clients.get("POLRES_A")
    assert client is not None
    assert client.client_group == GROUP
    (entry,) = store.audit.list(limit=9)
    assert (entry.actor, entry.action, entry.subject) == ("admin", "client.changed", "POLRES_A")
    after = admin.get(chosen.headers["location"])
    assert "Data klien sudah disimpan." in text_of(after)
    assert '<option value="POLRES_B" selected>' in after.text  # who has none yet
    assert "Humas &lt;b&gt;Polres A&lt;/b&gt; (kini POLRES_A)</option>" in after.text

    stranger = "120363000000000009@g.us"
    refused = admin.post(PAGE, {"klien": "POLRES_B", "grup": stranger})
    assert refused.status_code == 400
    assert f"Akun bukan anggota grup {stranger}." in text_of(refused)
    assert admin.post(PAGE, {"klien": "POLRES_X", "grup": GROUP}).status_code == 400
    del standin.phones.groups[GROUP]
    assert "Akun ini bukan anggota" in text_of(admin.get(PAGE))


def test_where_no_group_can_be_listed_the_page_says_why(visit: Visit, standin: StandIn) -> None:
    standin.phones.session = "WORKING"
    admin = visit("gowa")
    assert "belum menjadi anggota grup mana pun" in text_of(admin.get(PAGE))
    standin.faults.add(Fault(kind=FaultKind.ANSWER, path="/user/my/groups", status=500))
    wrong = admin.get(PAGE)
    assert (wrong.status_code, "Daftar grup belum dapat dibaca." in text_of(wrong)) == (200, True)
    assert admin.post(PAGE, {"klien": "POLRES_A", "grup": GROUP}).status_code == 502
    for gateway in ("file", "waha"):
        other = visit(gateway, CICERO_WA_FILE="/nowhere/messages", CICERO_WAHA_KEY="waha…")
        assert "Grup hanya dapat dipilih lewat WAHA atau gowa." in text_of(other.get(PAGE))
        assert other.post(PAGE, {"klien": "POLRES_A", "grup": GROUP}).status_code == 303
