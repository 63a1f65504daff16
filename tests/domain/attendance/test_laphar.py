"""The daily report as it reads on a phone: whole messages, compared as blocks of text."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from importlib.resources import files

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.attendance.absensi import Attendance, PostSummary, Standing, take_attendance
from cicero_cli.domain.attendance.laphar import (
    LAPHAR_TEMPLATE,
    TEMPLATE_OPTIONS,
    Engaged,
    render_laphar,
)
from cicero_cli.domain.attendance.laphar_lines import clean_text
from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client

DAY = date(2026, 11, 21)
NINE_PM = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
CLIENT = Client(client_id="POLRES_A", nama="Polres Contoh")
ENVIRONMENT = jinja2.Environment(undefined=jinja2.StrictUndefined, **TEMPLATE_OPTIONS)
TEMPLATE = ENVIRONMENT.from_string(
    files("cicero_cli").joinpath("templates", LAPHAR_TEMPLATE).read_text(encoding="utf-8")
)

BUDI = Standing("1", "Budi Santoso", "AKP", "SAT LANTAS", "budi.s", exception=False, done=3)
SITI = Standing("2", "Siti Aminah", "IPDA", "BAG OPS", "siti_aminah", exception=False, done=2)
JOKO = Standing("3", "Joko Susilo", "BRIPKA", "SAT LANTAS", "_joko_", exception=False, done=1)
EKO = Standing("4", "Eko Prasetyo", "BRIPTU", "Sat. Lantas", "eko", exception=False, done=0)
RINI = Standing("5", "Rini", None, None, "rini", exception=False, done=0)
ADI = Standing("6", "Adi Nugroho", "KOMPOL", "BAG OPS", None, exception=False, done=0)
TONO = Standing("7", "Tono", "AKBP", "BAG OPS", "tono", exception=True, done=0)
TEAM = [BUDI, SITI, JOKO, EKO, RINI, ADI, TONO]


def post(
    number: int,
    *,
    listed: int = 500,
    total: int | None = 500,
    read: bool = True,
    tiktok: bool = False,
) -> PostSummary:
    published_at = datetime(2026, 11, 21, 1, 5, tzinfo=UTC) + timedelta(hours=number)
    return PostSummary(
        key=f"K{number}",
        url=f"https://www.tiktok.com/@polres_a/video/730{number}"
        if tiktok
        else f"https://www.instagram.com/p/K{number}/",
        published_at=published_at,
        listed=listed,
        total=total,
        fetched_at=NINE_PM if read else None,
    )


THREE = [post(1), post(2), post(3)]


def take(
    posts: list[PostSummary],
    team: list[Standing],
    *,
    platform: Platform = Platform.INSTA,
    client: Client = CLIENT,
) -> Attendance:
    return take_attendance(client, DAY, platform, posts, team)


def render(
    *attendances: Attendance,
    mode: LapharMode = LapharMode.BELUM,
    moment: datetime = NINE_PM,
    engaged: dict[Platform, Engaged] | None = None,
    client: Client = CLIENT,
) -> str:
    return render_laphar(TEMPLATE, client, attendances, moment=moment, mode=mode, engaged=engaged)


def test_report_of_who_is_missing() -> None:
    assert (
        render(take(THREE, TEAM))
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*Konten: 3*
1. https://www.instagram.com/p/K1/
2. https://www.instagram.com/p/K2/
3. https://www.instagram.com/p/K3/

*Personel: 7*
Sudah: 3 (42,9%), termasuk 1 dikecualikan
Belum: 3
Tanpa username: 1
_Sudah = minimal 2 dari 3 konten._

*BELUM MELAKSANAKAN: 3 PERSONEL*

*SAT LANTAS (2)*
1. BRIPKA Joko Susilo (`@_joko_`) 1/3
2. BRIPTU Eko Prasetyo (@eko) 0/3

*TANPA DIVISI (1)*
1. Rini (@rini) 0/3

*TANPA USERNAME: 1 PERSONEL*

*BAG OPS (1)*
1. KOMPOL Adi Nugroho

*DIKECUALIKAN: 1 PERSONEL*

*BAG OPS (1)*
1. AKBP Tono (@tono)

Demikian dilaporkan, terima kasih.
"""
    )


def test_report_of_who_has_done() -> None:
    assert (
        render(take(THREE, TEAM), mode=LapharMode.SUDAH)
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*Konten: 3*
1. https://www.instagram.com/p/K1/
2. https://www.instagram.com/p/K2/
3. https://www.instagram.com/p/K3/

*Personel: 7*
Sudah: 3 (42,9%), termasuk 1 dikecualikan
Belum: 3
Tanpa username: 1
_Sudah = minimal 2 dari 3 konten._

*SUDAH MELAKSANAKAN: 2 PERSONEL*

*BAG OPS (1)*
1. IPDA Siti Aminah (@siti_aminah) 2/3

*SAT LANTAS (1)*
1. AKP Budi Santoso (@budi.s) 3/3

*DIKECUALIKAN: 1 PERSONEL*

*BAG OPS (1)*
1. AKBP Tono (@tono)

Demikian dilaporkan, terima kasih.
"""
    )


def test_report_with_both_lists() -> None:
    assert (
        render(take(THREE, TEAM), mode=LapharMode.SEMUA)
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*Konten: 3*
1. https://www.instagram.com/p/K1/
2. https://www.instagram.com/p/K2/
3. https://www.instagram.com/p/K3/

*Personel: 7*
Sudah: 3 (42,9%), termasuk 1 dikecualikan
Belum: 3
Tanpa username: 1
_Sudah = minimal 2 dari 3 konten._

*BELUM MELAKSANAKAN: 3 PERSONEL*

*SAT LANTAS (2)*
1. BRIPKA Joko Susilo (`@_joko_`) 1/3
2. BRIPTU Eko Prasetyo (@eko) 0/3

*TANPA DIVISI (1)*
1. Rini (@rini) 0/3

*SUDAH MELAKSANAKAN: 2 PERSONEL*

*BAG OPS (1)*
1. IPDA Siti Aminah (@siti_aminah) 2/3

*SAT LANTAS (1)*
1. AKP Budi Santoso (@budi.s) 3/3

*TANPA USERNAME: 1 PERSONEL*

*BAG OPS (1)*
1. KOMPOL Adi Nugroho

*DIKECUALIKAN: 1 PERSONEL*

*BAG OPS (1)*
1. AKBP Tono (@tono)

Demikian dilaporkan, terima kasih.
"""
    )


def test_day_that_was_never_fetched_is_not_called_a_day_without_posts() -> None:
    attendance = take_attendance(CLIENT, DAY, Platform.INSTA, [], TEAM, is_listed=False)
    assert "belum berhasil diambil, sehingga belum dapat dinilai." in render(attendance)


def test_day_without_posts_accuses_nobody() -> None:
    assert (
        render(take([], TEAM))
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

Tidak ada konten Instagram pada hari ini, sehingga tidak ada personel yang tercatat belum.

Demikian dilaporkan, terima kasih.
"""
    )


def test_both_platforms_in_one_message() -> None:
    comments = take([post(1, tiktok=True)], [EKO, RINI._replace(done=1)], platform=Platform.TIKTOK)
    assert (
        render(take([post(1)], [EKO, RINI]), comments)
        == """\
Selamat malam, izin melaporkan absensi like Instagram dan komentar TikTok *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*INSTAGRAM*
*Konten: 1*
1. https://www.instagram.com/p/K1/

*Personel: 2*
Sudah: 0 (0%)
Belum: 2
_Sudah = seluruh konten._

*BELUM MELAKSANAKAN: 2 PERSONEL*

*SAT. LANTAS (1)*
1. BRIPTU Eko Prasetyo (@eko) 0/1

*TANPA DIVISI (1)*
1. Rini (@rini) 0/1

*TIKTOK*
*Konten: 1*
1. https://www.tiktok.com/@polres_a/video/7301

*Personel: 2*
Sudah: 1 (50%)
Belum: 1
_Sudah = seluruh konten._

*BELUM MELAKSANAKAN: 1 PERSONEL*

*SAT. LANTAS (1)*
1. BRIPTU Eko Prasetyo (@eko) 0/1

Demikian dilaporkan, terima kasih.
"""
    )


def test_one_platform_without_posts_beside_one_with() -> None:
    assert (
        render(take([post(1)], [EKO]), take([], [EKO], platform=Platform.TIKTOK))
        == """\
Selamat malam, izin melaporkan absensi like Instagram dan komentar TikTok *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*INSTAGRAM*
*Konten: 1*
1. https://www.instagram.com/p/K1/

*Personel: 1*
Sudah: 0 (0%)
Belum: 1
_Sudah = seluruh konten._

*BELUM MELAKSANAKAN: 1 PERSONEL*

*SAT. LANTAS (1)*
1. BRIPTU Eko Prasetyo (@eko) 0/1

*TIKTOK*
Tidak ada konten TikTok pada hari ini, sehingga tidak ada personel yang tercatat belum.

Demikian dilaporkan, terima kasih.
"""
    )


def test_everyone_has_done_it() -> None:
    assert (
        render(take(THREE, [BUDI, SITI]))
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*Konten: 3*
1. https://www.instagram.com/p/K1/
2. https://www.instagram.com/p/K2/
3. https://www.instagram.com/p/K3/

*Personel: 2*
Sudah: 2 (100%)
Belum: 0
_Sudah = minimal 2 dari 3 konten._

Seluruh personel sudah melaksanakan.

Demikian dilaporkan, terima kasih.
"""
    )


def test_everyone_with_a_handle_has_done_it() -> None:
    assert (
        render(take(THREE, [BUDI, ADI]))
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*Konten: 3*
1. https://www.instagram.com/p/K1/
2. https://www.instagram.com/p/K2/
3. https://www.instagram.com/p/K3/

*Personel: 2*
Sudah: 1 (50%)
Belum: 0
Tanpa username: 1
_Sudah = minimal 2 dari 3 konten._

Seluruh personel yang memiliki username sudah melaksanakan.

*TANPA USERNAME: 1 PERSONEL*

*BAG OPS (1)*
1. KOMPOL Adi Nugroho

Demikian dilaporkan, terima kasih.
"""
    )


def test_nobody_has_done_it() -> None:
    assert (
        render(take([post(1)], [EKO]), mode=LapharMode.SUDAH)
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*Konten: 1*
1. https://www.instagram.com/p/K1/

*Personel: 1*
Sudah: 0 (0%)
Belum: 1
_Sudah = seluruh konten._

Belum ada personel yang melaksanakan.

Demikian dilaporkan, terima kasih.
"""
    )


def test_client_without_users() -> None:
    assert (
        render(take(THREE, []))
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

Konten: 3. Belum ada personel yang terdaftar.

Demikian dilaporkan, terima kasih.
"""
    )


def test_report_per_post() -> None:
    engaged: dict[Platform, Engaged] = {Platform.INSTA: {"K1": frozenset({"1", "2"})}}
    assert (
        render(take([post(1), post(2)], TEAM), engaged=engaged)
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*Konten: 2*

*Personel: 7*
Sudah: 4 (57,1%), termasuk 1 dikecualikan
Belum: 2
Tanpa username: 1
_Sudah = minimal 1 dari 2 konten._

*KONTEN 1 DARI 2* (09.05 WIB)
https://www.instagram.com/p/K1/
Sudah: 3, belum: 3

_Belum:_
*SAT LANTAS (2)*
1. BRIPKA Joko Susilo (`@_joko_`)
2. BRIPTU Eko Prasetyo (@eko)

*TANPA DIVISI (1)*
1. Rini (@rini)

*KONTEN 2 DARI 2* (10.05 WIB)
https://www.instagram.com/p/K2/
Sudah: 1, belum: 5

_Belum:_
*BAG OPS (1)*
1. IPDA Siti Aminah (@siti_aminah)

*SAT LANTAS (3)*
1. AKP Budi Santoso (@budi.s)
2. BRIPKA Joko Susilo (`@_joko_`)
3. BRIPTU Eko Prasetyo (@eko)

*TANPA DIVISI (1)*
1. Rini (@rini)

*TANPA USERNAME: 1 PERSONEL*

*BAG OPS (1)*
1. KOMPOL Adi Nugroho

*DIKECUALIKAN: 1 PERSONEL*

*BAG OPS (1)*
1. AKBP Tono (@tono)

Demikian dilaporkan, terima kasih.
"""
    )


def test_report_per_post_with_both_lists() -> None:
    engaged: dict[Platform, Engaged] = {Platform.INSTA: {"K1": frozenset({"1", "4"})}}
    text = render(take([post(1)], [BUDI, EKO, JOKO]), mode=LapharMode.SEMUA, engaged=engaged)
    assert (
        text
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*Konten: 1*

*Personel: 3*
Sudah: 2 (66,7%)
Belum: 1
_Sudah = seluruh konten._

*KONTEN 1 DARI 1* (09.05 WIB)
https://www.instagram.com/p/K1/
Sudah: 2, belum: 1

_Belum:_
*SAT LANTAS (1)*
1. BRIPKA Joko Susilo (`@_joko_`)

_Sudah:_
*SAT LANTAS (2)*
1. AKP Budi Santoso (@budi.s)
2. BRIPTU Eko Prasetyo (@eko)

Demikian dilaporkan, terima kasih.
"""
    )


def test_past_day_is_told_from_the_moment_of_the_report() -> None:
    next_morning = datetime(2026, 11, 22, 1, 0, tzinfo=UTC)
    assert (
        render(take([], TEAM), moment=next_morning)
        == """\
Selamat pagi, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026 (data per Minggu, 22 November 2026, pukul 08.00 WIB)

Tidak ada konten Instagram pada hari tersebut, sehingga tidak ada personel yang tercatat belum.

Demikian dilaporkan, terima kasih.
"""
    )


def test_time_is_that_of_the_clients_zone() -> None:
    client = Client(client_id="POLRES_P", nama="Polres Papua", timezone="Asia/Jayapura")
    text = render(take([post(1)], [EKO], client=client), client=client)
    assert text.splitlines()[:2] == [
        "Selamat malam, izin melaporkan absensi like Instagram *Polres Papua*.",
        "Sabtu, 21 November 2026, pukul 23.00 WIT",
    ]


@pytest.mark.parametrize(
    ("posts", "line"),
    [
        (
            [post(1, listed=9_890, total=10_000)],
            "_Data terbaca 98,9% (9.890 dari 10.000 like); sebagian personel mungkin belum tercatat._",
        ),
        (
            [post(1, listed=9_999, total=10_000), post(2, listed=12_000, total=10_000)],
            "_Data terbaca 99,9% (19.999 dari 20.000 like); sebagian personel mungkin belum tercatat._",
        ),
        (
            [post(1), post(2, listed=0, total=None, read=False)],
            "_1 konten belum terbaca; sebagian personel mungkin belum tercatat._",
        ),
        ([post(1), post(2, total=None)], "_Jumlah like pada 1 konten disembunyikan._"),
        (
            [
                post(1, listed=50, total=100),
                post(2, listed=0, total=100, read=False),
                post(3, total=None),
            ],
            "_Data terbaca 25% (50 dari 200 like); 1 konten belum terbaca; jumlah like pada 1 konten disembunyikan;"
            " sebagian personel mungkin belum tercatat._",
        ),
    ],
)
def test_what_could_not_be_read_is_said_in_one_line(posts: list[PostSummary], line: str) -> None:
    lines = render(take(posts, [BUDI, EKO])).splitlines()
    assert [found for found in lines if found.startswith("_") and "Sudah =" not in found] == [line]


def test_posts_that_cannot_be_read_are_told_so_that_nobody_is_judged_by_the_others_alone() -> None:
    line = "_1 konten tidak terbaca; sebagian personel mungkin belum tercatat._"
    some = take_attendance(CLIENT, DAY, Platform.INSTA, [post(1)], [BUDI], unreadable=1)
    none = take_attendance(CLIENT, DAY, Platform.INSTA, [], [BUDI], unreadable=1)

    assert line in render(some).splitlines()
    assert [text for text in render(none).splitlines() if text][-3:-1] == [
        "Data konten Instagram untuk hari ini belum berhasil diambil, sehingga belum dapat dinilai.",
        line,
    ]


def test_full_coverage_is_not_worth_a_line() -> None:
    assert "terbaca" not in render(take([post(1, listed=501, total=500)], [EKO]))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Budi *Santoso*", "Budi Santoso"),
        ("Budi_Santoso", "Budi Santoso"),
        ("Budi\nSantoso\r\n", "Budi Santoso"),
        ("~Budi~ `S`", "Budi S"),
        ("Budi\u2028Santoso\x85", "Budi Santoso"),
        ("Ma'ruf, S.H.", "Ma'ruf, S.H."),
        (
            'Drs. Budi "Bang" S, S.I.K., M.Si, A.Md, M.Kom',
            'Drs. Budi "Bang" S, S.I.K., M.Si, A.Md, M.Kom',
        ),
        ("> Budi", "Budi"),
        (">>Budi\n> Santoso", "Budi Santoso"),
        ("Budi https://evil.example/x?y=1", "Budi https evil. example/x?y=1"),
        ("www.evil.com Budi", "www. evil. com Budi"),
        ("EVIL.COM", "EVIL. COM"),
        ("wa.me/6281234567890 t.me/x bit.ly", "wa. me/6281234567890 t. me/x bit. ly"),
        ("my-x.com x.co", "my-x. com x. co"),
        ("budi@evil.id @6281234567890", "budi evil. id 6281234567890"),
        ("\u202eidub\u202c \u2066Budi\u2069", "idub Budi"),
        ("Bu\u200bdi\u00ad \ufeffSan\u2060toso\u180e", "Budi Santoso"),
        ("Budi\u3164\u2800\u00a0\U000e0041Santoso", "Budi Santoso"),
        ("Moh.Ali", "Moh. Ali"),
    ],
)
def test_name_cannot_break_the_mark_up(text: str, clean: str) -> None:
    assert clean_text(text) == clean
    report = render(take([post(1)], [EKO._replace(nama=text, title=text, divisi=text)]))
    assert f"*{clean.upper()} (1)*\n1. {clean} {clean} (@eko) 0/1\n" in report


@pytest.mark.parametrize(
    ("username", "shown"),
    [
        ("budi", "@budi"),
        ("budi_santoso", "@budi_santoso"),
        ("budi_santoso_polri", "@budi_santoso_polri"),
        ("budi_", "@budi_"),
        ("_budi_", "`@_budi_`"),
        ("_budi_santoso_", "`@_budi_santoso_`"),
        ("b._udi_.s", "`@b._udi_.s`"),
        ("budi__", "@budi__"),
    ],
)
def test_handle_keeps_its_underscores(username: str, shown: str) -> None:
    report = render(take([post(1)], [EKO._replace(username=username)]))
    assert f"1. BRIPTU Eko Prasetyo ({shown}) 0/1\n" in report


def test_a_directorates_report_ranks_its_units_and_names_them_in_the_lists() -> None:
    team = [
        BUDI._replace(client_id="POLRES_A"),
        ADI._replace(client_id="POLRES_A"),
        SITI._replace(client_id="POLRES_B"),
        JOKO._replace(client_id="POLRES_C"),
        EKO._replace(client_id="POLRES_C"),
    ]
    units = {f"POLRES_{name}": f"Polres *{name}*" for name in "ABCD"}
    whole = take_attendance(CLIENT, DAY, Platform.INSTA, THREE, team, units=units)

    assert (
        render(whole, client=CLIENT)
        == """\
Selamat malam, izin melaporkan absensi like Instagram *Polres Contoh*.
Sabtu, 21 November 2026, pukul 21.00 WIB

*Konten: 3*
1. https://www.instagram.com/p/K1/
2. https://www.instagram.com/p/K2/
3. https://www.instagram.com/p/K3/

*Peringkat satuan: 4*
1. Polres B: 1/1 (100%), belum 0
2. Polres A: 1/2 (50%), belum 0, tanpa username 1
3. Polres C: 0/2 (0%), belum 2
4. Polres D: belum ada personel

*Personel: 5*
Sudah: 2 (40%)
Belum: 2
Tanpa username: 1
_Sudah = minimal 2 dari 3 konten._

*BELUM MELAKSANAKAN: 2 PERSONEL*

*POLRES C, SAT LANTAS (2)*
1. BRIPKA Joko Susilo (`@_joko_`) 1/3
2. BRIPTU Eko Prasetyo (@eko) 0/3

*TANPA USERNAME: 1 PERSONEL*

*POLRES A, BAG OPS (1)*
1. KOMPOL Adi Nugroho

Demikian dilaporkan, terima kasih.
"""
    )
    per_post = render(whole, engaged={Platform.INSTA: {"K1": frozenset({"1"})}})
    assert "*Konten: 3*\n\n*Peringkat satuan: 4*\n1. Polres B" in per_post
    assert "*POLRES C, SAT LANTAS (2)*" in per_post.partition("*KONTEN 1")[2]


def test_unit_may_word_its_own_report() -> None:
    own = ENVIRONMENT.from_string(
        "{{ client }} {{ day }}\n\n\n\n"
        "{% for section in sections %}{{ section.platform }} {{ section.belum }}/{{ section.users }}\n{% endfor %}\n\n"
    )
    text = render_laphar(own, CLIENT, [take(THREE, TEAM)], moment=NINE_PM)
    assert text == "Polres Contoh Sabtu, 21 November 2026\n\nInstagram 3/7\n"


def test_template_that_asks_for_what_there_is_not_is_an_error() -> None:
    with pytest.raises(jinja2.UndefinedError, match="'polres' is undefined"):
        render_laphar(
            ENVIRONMENT.from_string("{{ polres }}"), CLIENT, [take([], [])], moment=NINE_PM
        )


@given(
    st.lists(
        st.builds(
            Standing,
            st.text("0123456789", min_size=1, max_size=6),
            st.text("ab *_~`\n", min_size=1, max_size=8),
            st.sampled_from([None, "AKP", "BRIPDA"]),
            st.sampled_from([None, "BAG OPS", "bag ops", "SPKT"]),
            st.sampled_from([None, "budi", "_x_"]),
            st.booleans(),
            st.integers(0, 3),
        ),
        max_size=15,
        unique_by=lambda one: one.user_id,
    ),
    st.integers(1, 3),
)
def test_report_with_both_lists_names_everyone_once(team: list[Standing], posts: int) -> None:
    text = render(take(THREE[:posts], team), mode=LapharMode.SEMUA)
    people = [line for line in text.splitlines() if line[0:1].isdigit() and "https" not in line]
    assert len(people) == len(team)
    assert "\n\n\n" not in text
