from __future__ import annotations

import pytest

from cicero_cli.domain.roster.sheet import read_roster
from cicero_cli.domain.roster.sheet_csv import read_csv
from cicero_cli.errors import InputError


def people(text: str) -> dict[str, str]:
    """Rank and division by id."""
    rows = read_roster(read_csv(text.encode(), "a.csv")).rows
    return {user_id: row.cells.get("title", "") for user_id, row in rows.items()}


@pytest.mark.parametrize(
    "cell",
    ["AKP / 85010101", "AKP/85010101", "AKP NRP 85010101", "AKP\nNRP. 85010101", "85010101 / AKP", "AKP (85010101)"],
)  # fmt: skip
def test_a_rank_and_an_id_may_share_a_column(cell: str) -> None:
    found = people(f'NO;NAMA;PANGKAT / NRP;IG\n1;2;3;4\n1;Budi;"{cell}";budi\n')
    assert found == {"85010101": "AKP"}


@pytest.mark.parametrize("heading", ["Pangkat NRP", "PANGKAT DAN NRP", "Pangkat/Gol / NRP/NIP"])
def test_such_a_column_has_many_names(heading: str) -> None:
    assert people(f'NAMA;"{heading}"\nBudi;AKP 85010101\n') == {"85010101": "AKP"}


def test_a_column_of_names_too_is_not_taken_apart() -> None:
    with pytest.raises(InputError, match="has no column user_id"):
        people("NO;NAMA / PANGKAT / NRP;IG\n1;Budi AKP 85010101;budi\n")


def test_a_civil_servants_number_beside_the_rank_may_have_spaces() -> None:
    assert people('NAMA;"PANGKAT/NIP"\nAni;"PENATA III/c 19850101 201001 2 001"\n') == {
        "198501012010012001": "PENATA III/c"
    }


def test_a_rank_without_an_id_is_named() -> None:
    roster = read_roster(read_csv(b"NAMA;PANGKAT / NRP\nBudi;AKP / 85010101\nAni;AKP\n", "a.csv"))
    assert [(bad.line, bad.column) for bad in roster.bad] == [(3, "NRP")]


def test_police_and_civil_servants_may_have_a_column_each() -> None:
    text = "NAMA,NRP,NIP\n1,2,3\nBudi,85010101,-\nAni,,198501012010012001\nNAMA,NRP,NIP\nCici,85010102\n"
    assert [*people(text)] == ["85010101", "198501012010012001", "85010102"]


def test_a_row_with_both_numbers_leaves_the_question() -> None:
    with pytest.raises(InputError, match="both mean user_id"):
        people("NAMA,NRP,NIP\nBudi,85010101,198501012010012001\n")
