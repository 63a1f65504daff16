"""The laphar as a workbook (xlsx): a summary with charts, the posts, and a sheet of everybody for each platform and unit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from cicero_cli.domain.attendance.absensi import Attendance, Group, UserAttendance, group_of
from cicero_cli.domain.attendance.laphar import ACTIONS
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.laphar_sentences import coverage_sentence, late_sentence
from cicero_cli.domain.attendance.units import UnitSummary, sum_up_divisions, sum_up_units
from cicero_cli.domain.periods import format_day_indonesian, format_moment_indonesian
from cicero_cli.services.attendance.laphar import Laphar
from cicero_cli.services.attendance.report_book import (
    Cell,
    Column,
    ReportBook,
    ReportSheet,
    Style,
    write_book,
)

_GROUPS = (
    Column("Kelompok", 30),
    Column("Personel", 10, Style.NUMBER),
    Column("Sudah", 9, Style.NUMBER),
    Column("Belum", 9, Style.NUMBER),
    Column("Tanpa username", 11, Style.NUMBER),
    Column("Dikecualikan", 13, Style.NUMBER),
    Column("Persen sudah", 9, Style.PERCENT),
)
_SHARE_AT = 6
_POSTS = (
    Column("No", 5, Style.NUMBER),
    Column("Platform", 12),
    Column("Terbit", 17, Style.MOMENT),
    Column("Tautan", 52),
    Column("Terbaca", 10, Style.NUMBER),
    Column("Jumlah", 10, Style.NUMBER),
    Column("Dibaca", 17, Style.MOMENT),
)
_PEOPLE = (
    Column("No", 5, Style.NUMBER),
    Column("Satuan", 16),
    Column("NRP/NIP", 20),
    Column("Pangkat", 14),
    Column("Nama", 32),
    Column("Divisi", 22),
    Column("Username", 20),
    Column("Terlaksana", 11, Style.NUMBER),
    Column("Konten", 9, Style.NUMBER),
    Column("Persen", 9, Style.PERCENT),
    Column("Keterangan", 16, Style.VERDICT),
)
_FROZEN = 5  # up to the name
_WORDS = {
    Group.SUDAH: "Sudah",
    Group.KURANG: "Belum",
    Group.NOL: "Belum",
    Group.TANPA_USERNAME: "Tanpa username",
    Group.DIKECUALIKAN: "Dikecualikan",
}


def write_laphar_workbook(laphar: Laphar) -> bytes:
    """The workbook's bytes."""
    first, zone = laphar.attendances[0], laphar.of_day.zone
    unit = laphar.unit_name or laphar.of_day.nama
    whose = f" oleh personel {laphar.unit_name}" if laphar.unit_name else ""
    return write_book(
        partial(_fill, laphar, zone),
        title=f"Laphar {laphar.of_day.nama}{whose}",
        unit=unit,
        days=f"{format_day_indonesian(first.day)} (data per {format_moment_indonesian(laphar.made_at, zone)})",
        made_at=laphar.made_at,
    )


def _fill(laphar: Laphar, zone: ZoneInfo, book: ReportBook) -> None:
    """The summary first, then the posts, each platform, and of a directorate each unit."""
    summary = book.add_sheet("Ringkasan", _GROUPS)
    for attendance in laphar.attendances:
        _write_summary(book, summary, attendance)
    posts = [row for one in laphar.attendances for row in _posts(one, zone)]
    numbered = ((number, *row) for number, row in enumerate(posts, start=1))
    book.add_sheet("Konten", _POSTS).write_list(_POSTS, numbered, frozen=0)
    for attendance in laphar.attendances:
        _write_people(book, attendance.platform.label, attendance, attendance.users)
    for attendance in laphar.attendances:
        for unit in sorted(attendance.units or {}):
            own = [user for user in attendance.users if user.client_id == unit]
            prefix = f"{attendance.platform.value} " if len(laphar.attendances) > 1 else ""
            _write_people(book, f"{prefix}{unit}", attendance, own)


def _write_summary(book: ReportBook, sheet: ReportSheet, attendance: Attendance) -> None:
    """The platform's sums, units and divisions as the message counts them, with a chart beside."""
    label = attendance.platform.label
    sheet.write_title(f"{label}: {len(attendance.posts)} konten")
    for remark in _remarks(attendance):
        sheet.write_text(remark)
    at = sheet.line
    if attendance.posts:
        _write_sums(book, sheet, attendance)
        sheet.line = max(sheet.line, at + 20)
    sheet.line += 2


def _write_sums(book: ReportBook, sheet: ReportSheet, attendance: Attendance) -> None:
    at, counts, everybody = sheet.line, attendance.summary, len(attendance.users)
    whole = UnitSummary(
        client_id="",
        nama="Semua",
        users=everybody,
        sudah=counts.sudah,
        belum=counts.belum_melaksanakan,
        tanpa_username=counts.tanpa_username,
        dikecualikan=counts.dikecualikan,
        share=counts.sudah / everybody if everybody else None,
    )
    units = sum_up_units(attendance) if attendance.units is not None else []
    divisions = sum_up_divisions(attendance)
    sheet.write_headings(_GROUPS)
    sheet.write_rows(_GROUPS, _groups([whole]))
    first = sheet.line
    count = sheet.write_rows(_GROUPS, _groups(units or divisions))
    name = f"{attendance.platform.label}: sudah"
    chart = book.add_bars(name, sheet, first=first, rows=count, share_at=_SHARE_AT)
    if chart is not None:
        sheet.insert_chart(at, len(_GROUPS) + 1, chart)
    if units:
        sheet.line += 1
        sheet.write_headings([Column("Divisi", 0), *_GROUPS[1:]])
        sheet.write_rows(_GROUPS, _groups(divisions))


def _remarks(attendance: Attendance) -> Iterator[str]:
    """What the message says before or below its figures."""
    posts = len(attendance.posts)
    if attendance.day_off:
        yield f"Hari libur: {clean_text(attendance.day_off)}."
    if not attendance.is_listed:
        yield "Data konten belum berhasil diambil, sehingga belum dapat dinilai."
    elif not posts:
        yield "Tidak ada konten pada hari ini, sehingga tidak ada personel yang tercatat belum."
    elif attendance.required < posts:
        yield f"Sudah = minimal {attendance.required} dari {posts} konten."
    else:
        yield "Sudah = seluruh konten."
    if sentence := coverage_sentence(attendance.coverage, ACTIONS[attendance.platform]):
        yield sentence
    if sentence := late_sentence(attendance, is_same_day=False):
        yield sentence


def _groups(sums: Sequence[UnitSummary]) -> Iterator[Sequence[Cell]]:
    for one in sums:
        yield (
            one.nama or "Tanpa divisi",
            one.users,
            one.sudah,
            one.belum,
            one.tanpa_username,
            one.dikecualikan,
            one.share,
        )


def _posts(attendance: Attendance, zone: ZoneInfo) -> Iterator[Sequence[Cell]]:
    for post in attendance.posts:
        yield (
            attendance.platform.label,
            _local(post.published_at, zone),
            post.url,
            post.listed,
            post.total,
            _local(post.fetched_at, zone),
        )


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    """By the clock of the client, which a workbook cannot name: the zone stands above."""
    return moment.astimezone(zone).replace(tzinfo=None, microsecond=0) if moment else None


def _write_people(
    book: ReportBook, name: str, attendance: Attendance, users: Sequence[UserAttendance]
) -> None:
    own = attendance.client_id  # of people of a client that has no units
    rows = (
        (
            number, user.client_id or own, user.user_id, user.title, user.nama, user.divisi, user.username, user.done, user.total,
            user.done / user.total if user.total else None, _WORDS[group_of(user)] if user.total else None,
        )
        for number, user in enumerate(users, start=1)
    )  # fmt: skip
    book.add_sheet(name, _PEOPLE).write_list(_PEOPLE, rows, frozen=_FROZEN)
