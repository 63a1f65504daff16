from __future__ import annotations

import pytest

from cicero_cli.domain.roster.sheet_extent import measure_ods, measure_xlsx

SPACES = 'xmlns:table="t" xmlns:office="o" xmlns:text="x"'
FULL = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'


@pytest.mark.parametrize(
    ("rows", "extent"),
    [
        ("<row r='9'><c r='A9'/><c/></row>", (9, 2)),
        ('<row r="1"><c/><c/><c/></row><row r="1048576"><c/></row>', (1_048_576, 3)),
        ("<row><c><v>1</v></c></row><row/><x:row><x:c /></x:row>", (3, 1)),
        ("<rowBreaks/><cols><col/></cols>", (0, 0)),
    ],
)
def test_a_tab_is_as_large_as_its_rows_and_cells(rows: str, extent: tuple[int, int]) -> None:
    assert measure_xlsx(f"<sheetData>{rows}</sheetData>".encode(), 2_000_000) == extent


def test_what_is_too_long_is_not_counted_to_its_end() -> None:
    assert measure_xlsx(b"<row/>" * 100, 10) == (11, 0)


@pytest.mark.parametrize(
    ("rows", "extent"),
    [
        (f"<table:table-row>{FULL * 3}</table:table-row>", (1, 3)),
        (f"<table:table-row table:number-rows-repeated='1000000'>{FULL}</table:table-row>", (1_000_000, 1)),
        (f'<table:table-row table:number-rows-repeated="70000"/><table:table-row>{FULL}</table:table-row>', (70_001, 1)),
        ('<table:table-row table:number-rows-repeated="1900">'
         + FULL.replace(" office", ' table:number-columns-repeated="1900" office') * 40 + "</table:table-row>", (1_900, 76_000)),
        (f'<table:table-row>{FULL}<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
         '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>', (1, 1)),
    ],
)  # fmt: skip
def test_an_ods_is_as_large_as_what_it_repeats(rows: str, extent: tuple[int, int]) -> None:
    assert measure_ods(f"<d {SPACES}><table:table>{rows}</table:table></d>".encode()) == [extent]


@pytest.mark.parametrize("xml", ["<d>", '<!DOCTYPE d [<!ENTITY a "aa">]><d>&a;</d>'])
def test_what_is_no_ods_is_told(xml: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        measure_ods(xml.encode())
