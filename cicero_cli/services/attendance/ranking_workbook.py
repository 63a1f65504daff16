"""A ranking as a workbook (xlsx): the places with a chart of the first ones, and of people the full days and who has improved."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from cicero_cli.domain.attendance.period_words import format_span_indonesian
from cicero_cli.domain.attendance.ranking import SMALL_GROUP, Ranking
from cicero_cli.domain.attendance.ranking_rows import RankingKind, RankingRow
from cicero_cli.domain.attendance.ranking_text import KIND_WORDS
from cicero_cli.services.attendance.rankings import RankingReport
from cicero_cli.services.attendance.report_book import (
    Cell,
    Column,
    ReportBook,
    Style,
    write_book,
)

_PLACES = (
    Column("Nama", 34),
    Column("Peringkat", 10, Style.NUMBER),
    Column("Satuan", 26),
    Column("Personel", 10, Style.NUMBER),
    Column("Terlaksana", 11, Style.NUMBER),
    Column("Wajib", 9, Style.NUMBER),
    Column("Persen", 9, Style.PERCENT),
    Column("Perubahan", 11, Style.POINTS),
    Column("Keterangan", 16),
)
_PEOPLE = (*_PLACES[:3], Column("NRP/NIP", 20), *_PLACES[4:])
_SHARE_AT = 6
_STREAKS = (
    Column("Nama", 34),
    Column("Satuan", 26),
    Column("Hari penuh", 11, Style.NUMBER),
)


def write_ranking_workbook(report: RankingReport) -> bytes:
    """The workbook's bytes."""
    word = KIND_WORDS[report.ranking.kind]
    return write_book(
        partial(_fill, report.ranking),
        title=f"Peringkat {word} {report.of_day.nama}",
        unit=report.of_day.nama,
        days=format_span_indonesian(report.ranking.period.span),
        made_at=report.made_at,
    )


def _fill(ranking: Ranking, book: ReportBook) -> None:
    columns = _PEOPLE if ranking.kind is RankingKind.PERSONEL else _PLACES
    sheet = book.add_sheet("Peringkat", columns)
    if ranking.withheld:
        sheet.line -= 1  # the empty one above the table
        sheet.write_text(f"{ranking.withheld} personel tidak disebut namanya.")
    rows = [*_rows(ranking, (*ranking.top, *ranking.bottom))]
    at = sheet.line
    sheet.write_list(columns, rows, frozen=1)
    chart = book.add_bars(
        "Peringkat: terlaksana", sheet, first=at + 1, rows=len(rows), share_at=_SHARE_AT
    )
    if chart is not None:
        sheet.insert_chart(at, len(_PLACES) + 1, chart)
    if ranking.streaks:
        streaks = (
            (one.name, ranking.units.get(one.client_id, one.client_id), one.days)
            for one in ranking.streaks
        )
        book.add_sheet("Hari penuh", _STREAKS).write_list(_STREAKS, streaks, frozen=1)
    if ranking.risers:
        rows = [*_rows(ranking, ranking.risers)]
        book.add_sheet("Naik", columns).write_list(columns, rows, frozen=1)


def _rows(ranking: Ranking, rows: Iterable[RankingRow]) -> Iterator[Sequence[Cell]]:
    kind = ranking.kind
    is_group = kind is not RankingKind.PERSONEL
    units = {} if kind is RankingKind.UNIT else ranking.units  # its name stands there already
    for row in rows:
        yield (
            row.name or "Tanpa divisi",
            row.rank,
            units.get(row.client_id, row.client_id),
            row.users if is_group else row.id,
            row.done,
            row.total,
            row.share,
            row.change,
            "Kelompok kecil" if is_group and row.users < SMALL_GROUP else None,
        )
