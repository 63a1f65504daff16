"""Rows of a sheet that list nobody: headings once more on each page, sums, the names of divisions between people, signatures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from cicero_cli.domain.roster.sheet_cells import plain_cell
from cicero_cli.domain.roster.sheet_rows import TableRow

_SUM = re.compile(r"(?:sub ?-?|grand )?(?:jumlah|total|jml)\b", re.IGNORECASE)
_CLOSING = re.compile(
    r"(?:mengetahui|mengesahkan|disahkan|menyetujui|disetujui|dibuat (?:oleh|di)|yang membuat|pembuat daftar|demikian|dikeluarkan di"
    r"|pada tanggal|a\. ?n\.? k(?:a|epala))\b|(?:catatan|keterangan|ket|n\.?b|note|sumber|tembusan)\.? ?(?::|$)"
    r"|[\w .]{3,30}, *(?:tgl\.? *|tanggal *)?[\d.…_ ]{0,12}"
    r"(?:jan|feb|mar|apr|mei|jun|jul|agu|sep|okt|no[vp]|des)[a-z]* *[\d.…_]{2,8}$",
    re.IGNORECASE,
)
_DIVISION = re.compile(
    r"(?:sat|bag|si|sie|seksi|sub ?(?:bag|dit|bid|si)\w*|unit|satuan|bagian|bidang|bid|direktorat|dit|biro|polsek|polsubsektor)\.?\s+\w.*"
    r"|sat(?:lantas|reskrim|res\w*|narkoba|intel\w*|samapta|sabhara|binmas|pol\w*|tahti|pamobvit)"
    r"|bag(?:ops|sdm|ren|log|sumda|min)|si(?:um|keu|propam|humas|kum|tik|was|dokkes)|polsek\w*|dit(?:lantas|res\w*|intel\w*|samapta|binmas|polair\w*)"
    r"|spkt\b.*",
    re.IGNORECASE,
)
_GROUP = re.compile(
    r"(?:pimpinan|perwira(?: \w+)?|bintara(?: \w+)?|tamtama|polri|p\.?n\.?s(?: polri)?|asn(?: polri)?|p3k|pppk|phl|staf)",
    re.IGNORECASE,
)
_MARK = re.compile(r"\(?(?:[a-z]|[ivx]{1,5}|\d{1,2})[.)]*", re.IGNORECASE)
_IS_ID = re.compile(r"\D*\d[\d .\-]{4,}")
_IS_SHORT_ID = re.compile(r"[\w.\-]*\d[\w.\-]*")
_HAS_DIGIT = re.compile(r"\d")
_SIGNED = 4  # cells and more under headings are somebody whose id is missing, not a signature


@dataclass(slots=True)
class SortedRows:
    """The rows of people; `passed_over`: the lines that list nobody; `divisions`: by line, the name that stands above."""

    rows: list[TableRow] = field(default_factory=list)
    passed_over: list[int] = field(default_factory=list)
    divisions: dict[int, str] = field(default_factory=dict)


def sort_rows(
    rows: Sequence[TableRow],
    above: Sequence[Sequence[str]],
    ids: int,
    columns: int,
    *,
    may_name_divisions: bool,
) -> SortedRows:
    """Which rows list somebody. `above`: titles and headings, `ids`: the column of ids, `columns`: how many are known."""
    repeated = {_spoken(cells) for cells in above}
    found = SortedRows()
    division = ""
    closes = follows_headings = False
    for row in rows:
        cells = [plain_cell(cell) for cell in row.cells]
        own = cells[ids] if ids < len(cells) else ""
        filled = [cell for cell in cells if cell]
        is_heading = _spoken(row.cells) in repeated
        if is_heading or (follows_headings and is_numbering(row)):
            follows_headings, closes = True, False
            continue
        follows_headings = False
        if _IS_ID.fullmatch(own) and (len(filled) > 1) and not (closes and own[:1].isalpha()):
            closes = False
        elif may_name_divisions and not _HAS_DIGIT.search(own) and (name := _division_of(filled)):
            division = "" if _GROUP.fullmatch(name) else name
            closes = False
            if not division:
                found.passed_over.append(row.line)
            continue
        elif _is_sum(filled):
            found.passed_over.append(row.line)
            continue
        elif closes or (not _IS_SHORT_ID.fullmatch(own) and any(map(_CLOSING.match, filled))):
            closes = True
            if len(filled) < min(_SIGNED, columns):
                found.passed_over.append(row.line)
                continue
        if division:
            found.divisions[row.line] = division
        found.rows.append(row)
    return found


def is_numbering(row: TableRow) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3, … or a, b, c, …, as `(1)` too."""
    filled = [plain_cell(cell).strip("().").lower() for cell in row.cells if plain_cell(cell)]
    numbers = [str(number) for number in range(1, len(filled) + 1)]
    return len(filled) > 1 and filled in (numbers, [*ascii_lowercase[: len(filled)]])


def _spoken(cells: Sequence[str]) -> tuple[str, ...]:
    spoken = [" ".join(plain_cell(cell).split()).casefold() for cell in cells]
    while spoken and not spoken[-1]:
        spoken.pop()
    return tuple(spoken)


def _division_of(filled: Sequence[str]) -> str:
    """The name of a division, or of a group of ranks, that stands alone in its row, behind `A.` or `II` at most."""
    if not filled or len(filled) > 2 or (len(filled) > 1 and not _MARK.fullmatch(filled[0])):  # noqa: PLR2004 # a mark and a name
        return ""
    name = re.sub(r"^\(?(?:[A-Z]|[IVX]{1,5}|\d{1,2})[.)]+\s+", "", filled[-1]).rstrip(" :")
    return name if _DIVISION.fullmatch(name) or _GROUP.fullmatch(name) else ""


def _is_sum(filled: Sequence[str]) -> bool:
    """`JUMLAH`, `Sub Total SAT LANTAS`, and beside it nothing but numbers."""
    others = [cell for cell in filled if not _SUM.match(cell)]
    return len(others) < len(filled) and all(
        re.fullmatch(r"[\d.,%\s]*(?:orang|personel|personil|org)?", cell) for cell in others
    )
