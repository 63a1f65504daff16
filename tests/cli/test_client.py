from __future__ import annotations

import json

from tests.conftest import Run


def test_a_client_is_added_listed_and_shown(cicero: Run) -> None:
    added = cicero(
        "client",
        "add",
        "polres_a",
        "--nama",
        "Polres A",
        "--insta",
        "https://instagram.com/Polres.A/?hl=id",
        "--operator",
        "0812-3456-7890",
        "--group",
        "120363012345678901@g.us",
        "--timezone",
        "wita",
    )
    assert (added.exit_code, added.stdout) == (
        0,
        "Client POLRES_A added (Polres A, Asia/Makassar).\n",
    )

    listed = cicero("client", "list")
    assert listed.stdout == (
        "client    nama        active  insta       tiktok  timezone\n"
        "POLRES_A  Polres A       yes  polres.a            Asia/Makassar\n"
    )

    shown = json.loads(cicero("client", "show", "Polres_a", "--json").stdout)
    assert shown == {
        "client_id": "POLRES_A",
        "nama": "Polres A",
        "client_type": "ORG",
        "client_status": True,
        "client_insta": "polres.a",
        "client_insta_status": True,
        "client_tiktok": None,
        "client_tiktok_status": True,
        "tiktok_secuid": None,
        "client_operator": "6281234567890",
        "client_super": None,
        "client_group": "120363012345678901@g.us",
        "timezone": "Asia/Makassar",
        "threshold": 0.5,
        "regional_id": None,
        "client_amplify_status": False,
        "premium_tier": None,
        "premium_status": False,
        "premium_expires_at": None,
    }
