from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cicero_cli.domain.attendance.tugas import (
    NOTHING_TOLD,
    Doubt,
    Task,
    TaskList,
    ToldTasks,
    compare_tasks,
)
from cicero_cli.domain.attendance.tugas_text import TUGAS_TEMPLATE, render_tasks, shorten
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.services.attendance.laphar import load_template
from tests.services.fakes import at

CLIENT = Client(client_id="A", nama="Polres *A*\n_x_")
DAY = date(2026, 11, 21)
NOON = at("2026-11-21 05:16")
TEMPLATE = load_template(None, TUGAS_TEMPLATE)


def task(
    key: str, time: str, caption: str = "", platform: Platform = Platform.INSTA, day: str = "21"
) -> Task:
    return Task(
        platform=platform,
        key=key,
        published_at=at(f"2026-11-{day} {time}"),
        caption=caption,
        url=f"https://{platform.label.lower()}.test/{key}",
    )


APEL = task(
    "p",
    "01:05",
    "Kapolres memimpin *apel*\n\npagi di halaman Mapolres bersama seluruh personel #polri",
)
LALU = task("q", "05:00", "Satlantas mengatur lalu lintas")
VIDEO = task("v", "03:30", platform=Platform.TIKTOK)


def render(tasks: TaskList, moment: datetime = NOON) -> str:
    return render_tasks(TEMPLATE, tasks, moment=moment)


def test_the_first_list_of_a_day() -> None:
    tasks = compare_tasks(CLIENT, DAY, (APEL, LALU, VIDEO), NOTHING_TOLD)
    assert render(tasks) == (
        "Selamat siang, rekan-rekan *Polres A x*.\n"
        "Sabtu, 21 November 2026, 12.16 WIB\n"
        "\n"
        "*TUGAS HARI INI: 3 KONTEN*\n"
        "\n"
        "*Like Instagram (2)*\n"
        "\n"
        "1. 08.05 WIB\n"
        "_Kapolres memimpin apel pagi di halaman Mapolres bersama seluruh…_\n"
        "https://instagram.test/p\n"
        "\n"
        "2. 12.00 WIB\n"
        "_Satlantas mengatur lalu lintas_\n"
        "https://instagram.test/q\n"
        "\n"
        "*Komentar TikTok (1)*\n"
        "\n"
        "1. 10.30 WIB\n"
        "https://tiktok.test/v\n"
        "\n"
        "Mohon segera dikerjakan. Terima kasih.\n"
    )


def test_a_later_list_begins_with_what_is_new_and_gone() -> None:
    gone = task("g", "00:10", "Salah unggah")
    tasks = compare_tasks(
        CLIENT,
        DAY,
        (APEL, LALU, VIDEO),
        ToldTasks(1, (APEL, gone)),
        (Doubt(Platform.INSTA, unreadable=2),),
    )
    assert render(tasks) == (
        "Selamat siang, rekan-rekan *Polres A x*.\n"
        "Sabtu, 21 November 2026, 12.16 WIB\n"
        "\n"
        "*2 KONTEN BARU*\n"
        "\n"
        "1. Like Instagram, 12.00 WIB\n"
        "_Satlantas mengatur lalu lintas_\n"
        "https://instagram.test/q\n"
        "\n"
        "2. Komentar TikTok, 10.30 WIB\n"
        "https://tiktok.test/v\n"
        "\n"
        "*1 KONTEN TIDAK BERLAKU LAGI*\n"
        "1. Instagram, 07.10 WIB\n"
        "_Salah unggah_\n"
        "\n"
        "*SELURUH TUGAS HARI INI: 3 KONTEN*\n"
        "\n"
        "*Like Instagram (2)*\n"
        "1. 08.05 WIB\n"
        "https://instagram.test/p\n"
        "2. 12.00 WIB *(baru)*\n"
        "https://instagram.test/q\n"
        "\n"
        "*Komentar TikTok (1)*\n"
        "1. 10.30 WIB *(baru)*\n"
        "https://tiktok.test/v\n"
        "\n"
        "_2 konten Instagram tidak terbaca._\n"
        "\n"
        "Mohon segera dikerjakan. Terima kasih.\n"
    )


def test_a_list_from_which_everything_has_gone() -> None:
    assert render(compare_tasks(CLIENT, DAY, (), ToldTasks(1, (VIDEO,)))) == (
        "Selamat siang, rekan-rekan *Polres A x*.\n"
        "Sabtu, 21 November 2026, 12.16 WIB\n"
        "\n"
        "*1 KONTEN TIDAK BERLAKU LAGI*\n"
        "1. TikTok, 10.30 WIB\n"
        "\n"
        "Tidak ada lagi tugas konten hari ini.\n"
    )


def test_a_day_without_posts_says_whether_that_is_known() -> None:
    doubts = (Doubt(Platform.INSTA), Doubt(Platform.TIKTOK, is_listed=False))
    later = at("2026-11-22 13:00")
    assert render(compare_tasks(CLIENT, DAY, (), NOTHING_TOLD, doubts), later) == (
        "Selamat malam, rekan-rekan *Polres A x*.\n"
        "Sabtu, 21 November 2026 (data per Minggu, 22 November 2026, pukul 20.00 WIB)\n"
        "\n"
        "Tidak ada tugas konten pada hari tersebut.\n"
        "\n"
        "_Konten TikTok belum berhasil diambil._\n"
    )


def test_a_post_of_the_evening_before_names_its_day() -> None:
    late = task("l", "14:55", day="20")
    assert "1. Jumat 21.55 WIB\n" in render(compare_tasks(CLIENT, DAY, (late,), NOTHING_TOLD))
    papua = replace(CLIENT, timezone="Asia/Jayapura")
    assert "1. Jumat 23.55 WIT\n" in render(compare_tasks(papua, DAY, (late,), NOTHING_TOLD))


@pytest.mark.parametrize(
    ("caption", "shown"),
    [
        ("Apel pagi", "Apel pagi"),
        ("", ""),
        (" \n\t ", ""),
        ("*Sikat*_habis_ ~x~ `y`\n> @semua", "Sikat habis x y semua"),
        ("abu\u202edaba\u200b\u2066!", "abudaba!"),  # turns the writing round, or is seen by nobody
        ("Buka evil.example dan t.me/x", "Buka evil. example dan t. me/x"),
        ("a" * 80, "a" * 69 + "…"),
        ("Berani, " + "kata " * 20, "Berani, " + "kata " * 11 + "kata…"),
        ("🙏" * 80, "🙏" * 69 + "…"),
        ("x" * 68 + "👍🏽" * 9, "x" * 68 + "…"),  # no hand without its colour
        ("🇮🇩" * 40, "🇮🇩" * 34 + "…"),  # no half of a flag
        ("y" * 69 + "é" + "z" * 9, "y" * 69 + "…"),
        ("Z\u0301\u0302\u0303\u0304\u0305algo", "Z\u0301\u0302algo"),
        ("Selesai. " + "k" * 70, "Selesai. " + "k" * 60 + "…"),
    ],
)  # fmt: skip
def test_a_caption_is_one_short_line(caption: str, shown: str) -> None:
    assert shorten(caption) == shown


@settings(max_examples=50)
@given(st.text(max_size=200))
def test_no_caption_breaks_the_message(caption: str) -> None:
    line = shorten(caption)
    assert len(line) <= 71
    assert not set(line) & set("*_~`>@\n\r\u2028\u202e\u200f")
    assert not unicodedata.combining((line or "x")[-1]) or line == shorten(line)
