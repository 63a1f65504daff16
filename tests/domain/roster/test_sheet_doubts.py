from __future__ import annotations

from collections.abc import Sequence

from cicero_cli.domain.roster.client_sheet import compare_clients
from cicero_cli.domain.roster.clients import Client, normalise_client_field
from cicero_cli.domain.roster.sheet import read_roster
from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.domain.roster.sheet_diff import compare_roster
from cicero_cli.domain.roster.sheet_doubts import find_client_doubts, find_doubts
from cicero_cli.domain.roster.users import User

BUDI = User(user_id="85010001", client_id="A", nama="Budi Santoso", insta="budi")
SITI = User(user_id="85010002", client_id="A", nama="Siti Aminah", insta="siti")


def doubts(rows: str, *known: User) -> Sequence[tuple[int, str, str]]:
    roster = read_roster(read_csv(f"nrp,nama,ig\n{rows}\n".encode(), "a.csv"))
    diff = compare_roster(roster, client_id="A", known=known, elsewhere={})
    return [(doubt.line, doubt.key, doubt.reason) for doubt in find_doubts(diff)]


def test_an_id_that_is_shorter_than_the_others_is_doubted() -> None:
    found = doubts("2010123,Ani,\n85010003,Citra,")
    assert [(line, user_id) for line, user_id, _ in found] == [(2, "2010123")]
    assert doubts("2010123,Ani,\n2010124,Citra,") == []


def test_who_is_new_under_the_name_of_somebody_missing_is_doubted() -> None:
    ((line, user_id, reason),) = doubts("85019999,BUDI SANTOSO,", BUDI)
    assert (line, user_id) == (2, "85019999")
    assert reason == (
        "is new, and 85010001 of the same name is missing: another id?"
        " cicero user set 85010001 --id 85019999"
    )


def test_names_that_were_swapped_are_doubted_however_alike_they_are() -> None:
    known = [Client(client_id=name, nama=f"Polres {name}", client_insta=name) for name in "ABC"]
    sheet = read_csv(b"kode,nama,ig\nA,Polres B,a\nB,Polres A,c\nD,Polres C,d\n", "a.csv")
    found = find_client_doubts(compare_clients(sheet, known, normalise_client_field))
    assert [(doubt.line, doubt.key, str(doubt.reason)) for doubt in found] == [
        (2, "A", "was Polres A: is it the same client, or was one column sorted alone?"),
        (3, "B", "was Polres B: is it the same client, or was one column sorted alone?"),
        (4, "D", "is new, and C of the same name is missing: is it the same client?"),
    ]


def test_a_column_that_was_sorted_alone_is_doubted_row_by_row() -> None:
    found = doubts("85010001,Siti Aminah,\n85010002,Budi Santoso,", BUDI, SITI)
    assert [reason for _, _, reason in found] == [
        f"was {name}: is it the same person, or was one column sorted alone?"
        for name in ("Budi Santoso", "Siti Aminah")
    ]


def test_a_degree_or_a_mended_letter_is_no_doubt() -> None:
    rows = "85010001,BUDI SANTOSO S.H.,\n85010002,Sitti Amina,"
    assert doubts(rows, BUDI, SITI) == []


def test_handles_that_pass_from_one_to_another_are_doubted() -> None:
    found = doubts("85010001,Budi Santoso,siti\n85010002,Siti Aminah,siti.new", BUDI, SITI)
    assert found == [(2, "85010001", "siti was Siti Aminah's until now")]
