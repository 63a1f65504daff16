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
        "client    nama      active    insta       tiktok  timezone\n"
        "POLRES_A  Polres A  yes       polres.a            Asia/Makassar\n"
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
        "fetch_at": None,
        "laphar_at": None,
        "remind_at": None,
        "rekap_at": None,
        "tugas_until": None,
        "days_off": None,
        "posts_until": None,
        "under": None,
        "audience": "own",
        "audience_divisi": [],
        "report_units": False,
        "sender": None,
        "units": 0,
        "people": 0,
        "sheet": None,
        "sheet_tab": None,
    }


def test_what_the_dashboards_read_is_set_and_cleared(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    given = cicero(
        "client", "set", "polres_a", "--regional", "jatim", "--amplify", "--premium",
        "--premium-tier", "tier1", "--premium-until", "2027-01-01T00:00:00+07:00", "--json",
    )  # fmt: skip
    client = json.loads(given.stdout)
    assert (client["regional_id"], client["premium_tier"]) == ("JATIM", "tier1")
    assert (client["client_amplify_status"], client["premium_status"]) == (True, True)
    shown = json.loads(cicero("client", "show", "polres_a", "--json").stdout)
    assert shown["premium_expires_at"] == "2027-01-01T00:00:00+07:00"
    cleared = cicero(
        "client", "set", "polres_a", "--regional", "", "--no-amplify", "--no-premium",
        "--premium-tier", "", "--premium-until", "", "--json",
    )  # fmt: skip
    client = json.loads(cleared.stdout)
    assert [client["regional_id"], client["premium_tier"], client["premium_expires_at"]] == [
        None
    ] * 3
    assert (client["client_amplify_status"], client["premium_status"]) == (False, False)
    wrong = cicero("client", "set", "polres_a", "--premium-until", "tomorrow")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert wrong.stderr.startswith(
        "cicero: --premium-until 'tomorrow': expected a time with its offset"
    )
    wrong = cicero("client", "set", "polres_a", "--type", "FOO")
    assert wrong.stderr.startswith("cicero: --type 'FOO': expected ORG or DIREKTORAT")
