from __future__ import annotations

import json

from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.services.attendance.complaints import file_complaint
from tests.conftest import Run
from tests.services.fakes import BY


def test_what_people_said_is_listed(cicero: Run, database: str) -> None:
    for letter in "ab":
        cicero("client", "add", f"polres_{letter}", "--nama", f"Polres {letter}")
        cicero("user", "add", f"1{letter}", "--client", f"polres_{letter}", "--nama", "Ani")
    assert "nobody has complained" in cicero("komplain", "list").stderr
    with connect(database, hint="") as connection:
        for user_id, platform in (("1a", Platform.INSTA), ("1b", Platform.TIKTOK)):
            file_complaint(
                Store(connection), user_id, platform, client_id=None, visible_ids=None,
                home_id=None, username="ani.s", issue="sudah like", by=BY,
            )  # fmt: skip
    rows = json.loads(cicero("komplain", "list", "--json").stdout)
    assert [(row["user_id"], row["nama"], row["platform"], row["issue"]) for row in rows] == [
        ("1b", "Ani", "tiktok", "sudah like"),
        ("1a", "Ani", "insta", "sudah like"),
    ]
    assert rows[0]["filed_at"].endswith("+07:00")
    listed = cicero("komplain", "list", "--client", "polres_a", "--limit", "5").stdout
    assert ("POLRES_A" in listed, "POLRES_B" in listed) == (True, False)
    assert cicero("komplain", "list", "--client", "nowhere").exit_code == 2
