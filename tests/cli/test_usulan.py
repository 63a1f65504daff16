"""`cicero usulan`: proposed handles are listed, accepted and refused."""

from __future__ import annotations

import json

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.handle_proposals import propose_handle
from cicero_cli.services.roster.users import get_user
from tests.conftest import Run
from tests.services.fakes import BY


def test_proposals_are_listed_and_decided_each_by_itself(cicero: Run, store: Store) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--operator", "081100000001")
    for user_id, nama in (("1", "Ani"), ("2", "Budi")):
        cicero(
            "user", "add", user_id, "--client", "polres_a", "--nama", nama, "--insta", nama,
            "--whatsapp", f"08121111000{user_id}",
        )  # fmt: skip
    empty = cicero("usulan", "list")
    assert (empty.exit_code, empty.stderr) == (0, "nobody's handle waits to be decided\n")
    wanted = (("1", "ani.baru"), ("2", "ani"), ("1", "ani.benar"))
    numbers = [
        propose_handle(store, get_user(store, one), Platform.INSTA, handle, admins=[], now=BY.at)
        for one, handle in wanted
    ]
    listed = cicero("usulan", "list", "--client", "POLRES_A", "--json")
    assert json.loads(listed.stdout) == [
        {
            "proposal_id": numbers[number],
            "proposed_at": "2026-01-15T12:00:00+07:00",
            "client_id": "POLRES_A",
            "user_id": wanted[number][0],
            "nama": nama,
            "platform": "insta",
            "on_file": nama.lower(),
            "username": wanted[number][1],
            "held_by": held_by,
        }
        for number, nama, held_by in ((1, "Budi", "Ani (1)"), (2, "Ani", None))
    ]
    accepted = cicero("usulan", "accept", *map(str, numbers))
    assert accepted.exit_code == 3
    assert accepted.stdout == "Ani: Instagram @ani.benar is on file now\n"
    assert f"proposal {numbers[0]}: there is no open proposal {numbers[0]}" in accepted.stderr
    assert f"proposal {numbers[1]}: --insta 'ani': Ani (1) has this handle" in accepted.stderr
    assert get_user(store, "1").insta == "ani.benar"
    refused = cicero("usulan", "refuse", str(numbers[1]), "--json")
    assert json.loads(refused.stdout) == {
        "outcome": "refused",
        "proposals": [numbers[1]],
    }
    again = cicero("usulan", "refuse", str(numbers[1]))
    assert (again.exit_code, again.stdout) == (2, "")
    budi = get_user(store, "2")
    last = propose_handle(store, budi, Platform.TIKTOK, "budi_", admins=[], now=BY.at)
    assert json.loads(cicero("usulan", "accept", str(last), "--json").stdout) == {
        "outcome": "accepted",
        "proposals": [last],
    }
    told = store.connection.execute(
        "SELECT recipient FROM outbox WHERE kind = 'answer' ORDER BY message_id"
    ).fetchall()
    assert told == [("6281211110001",), ("6281211110002",), ("6281211110002",)]
    log = [one.action for one in store.audit.list(name="2", limit=3)]
    assert log == ["user.proposal_accepted", "user.changed", "user.proposal_refused"]
