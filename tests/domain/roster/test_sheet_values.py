from __future__ import annotations

from cicero_cli.domain.roster.sheet_rows import TableRow
from cicero_cli.domain.roster.sheet_values import sheet_of_values


def test_numbers_come_out_as_the_sheet_holds_them_and_rounded_ones_are_seen() -> None:
    values = [
        [],
        ["NRP", "  Nama\n Lengkap "],
        [85010101.0, 6281234567890, True, None, 0.5],
        ["", ""],
        [198501012010011001, 1.98501012010011e17],
    ]
    assert sheet_of_values("a", values).rows == [
        TableRow(2, ["NRP", "Nama Lengkap"]),
        TableRow(3, ["85010101", "6281234567890", "ya", "", "0.5"]),
        TableRow(5, ["1.98501012010011E+17", "1.98501012010011E+17"]),
    ]
