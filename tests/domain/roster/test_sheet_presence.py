from __future__ import annotations

from cicero_cli.domain.roster.sheet import read_roster
from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.domain.roster.sheet_diff import RosterDiff, compare_roster
from cicero_cli.domain.roster.users import User

BUDI = User(user_id="85010001", client_id="A", nama="Budi Santoso", insta="budi.s")
SITI = User(user_id="02010002", client_id="A", nama="Siti Aminah", insta="siti")


def synced(rows: str) -> RosterDiff:
    roster = read_roster(read_csv(f"nrp,nama,ig,status\n{rows}\n".encode(), "a.csv"))
    return compare_roster(roster, client_id="A", known=[BUDI, SITI], elsewhere={}, sync=True)


def leaving(rows: str) -> list[str]:
    return [change.user.user_id for change in synced(rows).leaving]


def test_who_is_missing_leaves_and_a_new_user_may_have_the_handle() -> None:
    diff = synced("85010001,Budi Santoso,,\n85010003,Ani,siti,")
    assert [change.user.user_id for change in diff.leaving] == ["02010002"]
    assert ([change.user.nama for change in diff.new], diff.bad) == (["Ani"], [])


def test_a_row_that_was_refused_counts_as_present() -> None:
    budi = "85010001,Budi Santoso,,\n"
    assert leaving(f"{budi}2010002,Siti,,") == []  # lost its zero
    assert leaving(f"{budi}02010002,Siti,,mungkin") == []
    assert leaving(f"{budi},Siti Aminah,,") == []
    assert leaving(f"{budi}2.0/1,S. Aminah,siti,") == []
    assert leaving(f"{budi}02010002,Siti,,\n02010002,Siti,,") == []


def test_nobody_leaves_while_a_row_may_be_anybodys() -> None:
    diff = synced("85010001,Budi Santoso,,\n,Somebody,,")
    assert (diff.leaving, diff.unnamed) == ([], [3])
    assert [user.user_id for user in diff.missing] == ["02010002"]


def test_two_rows_of_a_new_id_are_nobodys_on_file() -> None:
    assert leaving("85010001,Budi Santoso,,\n7,X,,\n7,X,,") == ["02010002"]
