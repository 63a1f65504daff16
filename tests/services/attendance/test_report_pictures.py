"""Pictures say what the texts say, and anything can be drawn that can be on file."""

from __future__ import annotations

import struct
from datetime import date, timedelta

import pytest

from cicero_cli.domain.attendance.pictures import (
    Bars,
    HeatMap,
    Line,
    Lines,
    Picture,
    Ranked,
    Row,
    Sum,
    rank_bars,
)
from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment
from cicero_cli.services.attendance.laphar import load_template, write_laphar
from cicero_cli.services.attendance.picture_drawing import draw_picture
from cicero_cli.services.attendance.picture_letters import Letters
from cicero_cli.services.attendance.report_pictures import plan_laphar
from tests.services.attendance.test_laphar_workbook import DAY, NIGHT, directorate

__all__ = ["directorate"]
NASTY = "$x$ \U0001f693 \u202e\u0627\u0644 \u4e2d =1+1 " + "Panjang " * 30


def size_of(png: bytes) -> tuple[int, int]:
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_the_picture_of_a_laphar_says_what_its_text_says(store: Store, directorate: Client) -> None:
    def plan(unit: str | None = None) -> Picture:
        laphar = write_laphar(
            store,
            directorate,
            [*Platform],
            Moment(DAY, None),
            template=load_template(None),
            mode=LapharMode.SEMUA,
            per_konten=False,
            now=NIGHT,
            unit=unit,
        )
        assert "Sudah: 3 (60%), termasuk 1 dikecualikan\nBelum: 1\nTanpa username: 1" in laphar.text
        return plan_laphar(laphar)

    picture = plan()
    assert (picture.unit, picture.title, picture.when) == (
        "Dit Binmas",
        "Laphar Instagram dan TikTok",
        "Sabtu, 21 November 2026, pukul 21.00 WIB",
    )
    assert picture.sums == (
        Sum(heading="Instagram", figure="60%", remark="3 dari 5 sudah, belum 1, tanpa username 1"),
        Sum(heading="TikTok", figure="—", remark="data belum berhasil diambil"),
    )
    [bars] = picture.panels
    assert isinstance(bars, Bars)
    assert [(bar.name, bar.figure, bar.counts) for bar in bars.bars] == [
        ("Polres A", "60%", "3/5"),
        ("Polres B", "—", ""),
    ]
    [own] = plan("polres_a").panels
    assert isinstance(own, Bars)
    assert [(bar.name, bar.figure, bar.counts) for bar in own.bars] == [
        ("BAG OPS", "100%", "2/2"),
        ("SAT LANTAS", "50%", "1/2"),
        ("Tanpa divisi", "0%", "0/1"),
    ]
    assert size_of(draw_picture(picture))[0] == 1080


@pytest.mark.parametrize("count", [0, 1, 60])
def test_any_names_numbers_and_days_are_drawn_without_a_warning(count: int) -> None:
    days = tuple(date(2026, 1, 1) + timedelta(days=number) for number in range(max(1, count)))
    missing = tuple(day.day == 3 for day in days)
    shares = tuple(None if is_missing else 0.5 for is_missing in missing)
    picture = Picture(
        unit=NASTY,
        title=NASTY,
        when=f"{NASTY}\n{NASTY}",
        sums=(Sum(heading="Instagram", figure="—", remark=NASTY),) * 2,
        panels=(
            rank_bars(NASTY, [Ranked(NASTY, number, 120) for number in range(count)]),
            Lines(
                heading=NASTY,
                days=days,
                missing=missing,
                lines=(Line(name=NASTY, shares=shares),) * 2,
                goal=1.0,
            ),
            HeatMap(
                heading=NASTY,
                days=days,
                missing=missing,
                rows=(Row(name=NASTY, shares=shares),) * 3,
            ),
        ),
    )
    width, height = size_of(draw_picture(picture))
    assert width == 1080
    assert 1000 < height < 6000


def test_letters_that_the_font_has_not_are_left_out_and_long_texts_are_cut() -> None:
    letters = Letters()
    assert letters.known("Budi \U0001f693 Santoso") == "Budi Santoso"
    assert letters.known("\U0001f693") == "?"
    lines = letters.wrap("Polsek Pelabuhan Bakauheni Selatan", 30, 250, lines=2)
    assert lines == ["Polsek", "Pelabuhan Ba…"]
    assert all(letters.width(line, 30) <= 250 for line in lines)
    assert letters.wrap("Polsek", 30, 300, lines=2) == ["Polsek"]
