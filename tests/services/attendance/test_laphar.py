from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.collection.posts import UpstreamPost
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import ExitCode, InputError, SettingError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment, choose_moment, read_attendance
from cicero_cli.services.attendance.laphar import (
    Laphar,
    laphar_document,
    load_template,
    write_laphars,
)
from tests.services.fakes import at, comments, likes, set_clock, shown

INSTA, TIKTOK = Platform.INSTA, Platform.TIKTOK
DAY = date(2026, 11, 21)
NOON, NIGHT = at("2026-11-21 05:00"), at("2026-11-21 14:00")  # 12:00 and 21:00 in Jakarta
CLIENT = Client(
    client_id="POLRES_A", nama="Polres A", client_insta="polres.a", client_tiktok="polres_a"
)


@pytest.fixture
def store(store: Store) -> Store:
    """With one client and five people."""
    store.clients.add(CLIENT)
    fields = [
        {"nama": "Ani", "title": "IPTU", "divisi": "BAG OPS", "insta": "ani", "tiktok": "ani"},
        {"nama": "Budi", "title": "BRIPKA", "divisi": "BAG OPS", "insta": "budi", "tiktok": "budi"},
        {"nama": "Citra", "title": "AKP", "divisi": "SAT LANTAS", "insta": "citra"},
        {"nama": "Dewi", "title": "AIPDA", "divisi": "SAT LANTAS"},
        {"nama": "Eka", "title": "AKBP", "divisi": "PIMPINAN", "insta": "eka", "exception": True},
    ]
    for number, words in enumerate(fields, start=1):
        store.users.add(User(user_id=f"{number}", client_id="POLRES_A", **words))
    return store


def fetch(
    store: Store,
    platform: Platform,
    people: dict[str, list[str]],
    *,
    now=NOON,
    total: int | None = -1,
) -> None:
    """What a fetch leaves behind: these posts, an hour apart from 08:00 on, with these people."""
    posts: list[UpstreamPost] = [
        shown(key, f"2026-11-21 0{hour}:00", len(handles))
        for hour, (key, handles) in enumerate(people.items(), 1)
    ]
    store.posts(platform).store("POLRES_A", posts, now=now)
    store.posts(platform).remember_listing("POLRES_A", DAY, DAY, now=now)
    rows = store.connection.execute(f"SELECT post_key, post_id FROM {platform}_post").fetchall()
    for key, post_id in rows:
        engagement = likes(*people[key]) if platform is INSTA else comments(*people[key])
        if total != -1:
            engagement = replace(engagement, total=total)
        store.engagement(platform).store(post_id, engagement, now=now)


def laphars(
    store: Store, *platforms: Platform, day: str | None = None, as_of: str | None = None,
    mode: LapharMode = LapharMode.BELUM, per_konten: bool = False, now=NIGHT, templates: Path | None = None,
) -> list[Laphar]:  # fmt: skip
    return [
        *write_laphars(
            store,
            store.clients.list(),
            platforms,
            day=day,
            as_of=as_of,
            load=lambda: load_template(templates),
            mode=mode,
            per_konten=per_konten,
            now=now,
        )
    ]


def statuses(store: Store, platform: Platform = INSTA, *, as_of=None) -> dict[str, str]:
    attendance = read_attendance(store, CLIENT, platform, Moment(DAY, as_of))
    return {user.nama: f"{user.done}/{user.total} {user.status.value}" for user in attendance.users}


def test_a_laphar_says_who_has_not(store: Store) -> None:
    fetch(store, INSTA, {"p1": ["ani", "budi"], "p2": ["ani"], "p3": ["ani"]}, total=4)

    [laphar] = laphars(store, INSTA)

    assert laphar.text == (
        "Selamat malam, izin melaporkan absensi like Instagram *Polres A*.\n"
        "Sabtu, 21 November 2026, pukul 21.00 WIB\n"
        "\n"
        "*Konten: 3*\n"
        "1. https://www.instagram.com/p/p1/\n"
        "2. https://www.instagram.com/p/p2/\n"
        "3. https://www.instagram.com/p/p3/\n"
        "\n"
        "*Personel: 5*\n"
        "Sudah: 2 (40%), termasuk 1 dikecualikan\n"
        "Belum: 2\n"
        "Tanpa username: 1\n"
        "_Sudah = minimal 2 dari 3 konten._\n"
        "_Data terbaca 33,3% (4 dari 12 like); sebagian personel mungkin belum tercatat._\n"
        "\n"
        "*BELUM MELAKSANAKAN: 2 PERSONEL*\n"
        "\n"
        "*BAG OPS (1)*\n"
        "1. BRIPKA Budi (@budi) 1/3\n"
        "\n"
        "*SAT LANTAS (1)*\n"
        "1. AKP Citra (@citra) 0/3\n"
        "\n"
        "*TANPA USERNAME: 1 PERSONEL*\n"
        "\n"
        "*SAT LANTAS (1)*\n"
        "1. AIPDA Dewi\n"
        "\n"
        "*DIKECUALIKAN: 1 PERSONEL*\n"
        "\n"
        "*PIMPINAN (1)*\n"
        "1. AKBP Eka (@eka)\n"
        "\n"
        "Demikian dilaporkan, terima kasih.\n"
    )


def test_a_laphar_per_post_names_who_has_and_who_has_not(store: Store) -> None:
    fetch(store, TIKTOK, {"v1": ["ani", "ani"], "v2": []})

    [laphar] = laphars(store, TIKTOK, mode=LapharMode.SEMUA, per_konten=True)

    assert laphar.text.partition("*KONTEN 1")[2].partition("*TANPA")[0] == (
        " DARI 2* (08.00 WIB)\n"
        "https://www.tiktok.com/@polres_a/video/v1\n"
        "Sudah: 2, belum: 1\n"
        "\n"
        "_Belum:_\n"
        "*BAG OPS (1)*\n"
        "1. BRIPKA Budi (@budi)\n"
        "\n"
        "_Sudah:_\n"
        "*BAG OPS (1)*\n"
        "1. IPTU Ani (@ani)\n"
        "\n"
        "*KONTEN 2 DARI 2* (09.00 WIB)\n"
        "https://www.tiktok.com/@polres_a/video/v2\n"
        "Sudah: 1, belum: 2\n"
        "\n"
        "_Belum:_\n"
        "*BAG OPS (2)*\n"
        "1. IPTU Ani (@ani)\n"
        "2. BRIPKA Budi (@budi)\n"
        "\n"
    )


def test_on_a_day_without_posts_nobody_is_absent_and_the_report_says_so(store: Store) -> None:
    fetch(store, INSTA, {})

    [laphar] = laphars(store, INSTA)

    assert laphar.text == (
        "Selamat malam, izin melaporkan absensi like Instagram *Polres A*.\n"
        "Sabtu, 21 November 2026, pukul 21.00 WIB\n"
        "\n"
        "Tidak ada konten Instagram pada hari ini, sehingga tidak ada personel yang tercatat belum.\n"
        "\n"
        "Demikian dilaporkan, terima kasih.\n"
    )
    assert laphar.attendances[0].summary.belum == 0


def test_a_day_that_was_never_fetched_is_not_called_a_day_without_posts(store: Store) -> None:
    [laphar] = laphars(store, INSTA)

    assert "Tidak ada konten" not in laphar.text
    assert not laphar.attendances[0].is_listed


def test_a_deleted_post_leaves_the_report(store: Store) -> None:
    fetch(store, INSTA, {"p1": ["ani", "budi"], "p2": ["ani"]})
    assert statuses(store)["Budi"] == "1/2 kurang"

    for _ in range(2):  # two listings in a row lack it
        store.posts(INSTA).mark_deleted(
            "POLRES_A",
            start=at("2026-11-20 17:00"),
            end=at("2026-11-21 17:00"),
            keep=["p1"],
            now=NOON,
        )

    assert statuses(store) == {
        "Ani": "1/1 lengkap",
        "Budi": "1/1 lengkap",
        "Citra": "0/1 belum",
        "Dewi": "0/1 tanpa_username",
        "Eka": "1/1 dikecualikan",
    }


def test_a_past_moment_has_the_same_report_whenever_it_is_asked(store: Store) -> None:
    fetch(store, INSTA, {"p1": ["ani"]}, total=3)
    asked_then = laphars(store, INSTA, as_of="12:30", now=at("2026-11-21 05:30"))

    fetch(store, INSTA, {"p1": ["ani", "budi"], "p2": ["ani"]}, now=at("2026-11-21 06:00"))

    assert laphars(store, INSTA, as_of="12:30", now=NIGHT) == asked_then
    tomorrow = at("2026-11-22 05:00")
    assert laphars(store, INSTA, day="2026-11-21", as_of="12:30", now=tomorrow) == asked_then
    assert statuses(store) != statuses(store, as_of=at("2026-11-21 05:30"))
    assert statuses(store) == statuses(store, as_of=at("2026-11-21 06:00"))


def test_both_platforms_make_one_report(store: Store) -> None:
    fetch(store, INSTA, {"p1": ["ani"]})
    fetch(store, TIKTOK, {"v1": ["budi"]})

    [laphar] = laphars(store, INSTA, TIKTOK)

    document = laphar_document(laphar)
    assert list(document) == ["client_id", "insta", "tiktok", "text"]
    assert (document["insta"]["posts"][0]["id"], document["tiktok"]["posts"][0]["id"]) == (
        "p1",
        "v1",
    )
    assert laphar.text.startswith(
        "Selamat malam, izin melaporkan absensi like Instagram dan komentar TikTok *Polres A*.\n"
    )


def test_a_units_own_template_replaces_the_wording(store: Store, tmp_path: Path) -> None:
    fetch(store, INSTA, {"p1": ["ani"]})
    (tmp_path / "laphar.txt.j2").write_text(
        "{{ greeting }} {{ client }}: {% for s in sections %}{{ s.sudah }}/{{ s.users }}{% endfor %}",
        encoding="utf-8",
    )

    assert [laphar.text for laphar in laphars(store, INSTA, templates=tmp_path)] == [
        "Selamat malam Polres A: 2/5\n"
    ]


def test_a_folder_without_that_template_leaves_the_wording_as_it_is(
    store: Store, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()

    assert laphars(store, INSTA, templates=tmp_path / "empty") == laphars(store, INSTA)


@pytest.mark.parametrize(
    ("wording", "message"),
    [
        (
            "Halo\n{% if client %}\n",
            "the template laphar.txt.j2, line 2 cannot be used: Unexpected end of template. Jinja was looking"
            " for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be"
            " closed is 'if'.",
        ),
        ("{{ klien }}", "the template laphar.txt.j2 cannot be used: 'klien' is undefined"),
    ],
)
def test_a_template_that_cannot_be_used_is_a_wrong_setting(
    wording: str, message: str, store: Store, tmp_path: Path
) -> None:
    (tmp_path / "laphar.txt.j2").write_text(wording, encoding="utf-8")

    with pytest.raises(SettingError) as caught:
        laphars(store, INSTA, templates=tmp_path)

    assert (caught.value.message, caught.value.hint, caught.value.exit_code) == (
        message,
        "mend it in the folder of CICERO_TEMPLATES",
        ExitCode.SETTING,
    )


@pytest.mark.parametrize(
    "wording",
    [
        "{{ ''.__class__.__mro__ }}",
        "{{ client['__class__'] }}",
        "{{ client|attr('__class__') }}",
        "{{ [client]|map(attribute='__class__')|first }}",
        "{{ client|attr('format')|attr('__self__') }}",
        "{{ '{0.__class__}'.format(client) }}",
        "{{ '{x.__class__}'.format_map({'x': client}) }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ lipsum.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ sections[0].__init__.__globals__ }}",
        "{% set own = sections[0].posts %}{{ own.__reduce_ex__(2) }}",
        "{{ {}.update({}) }}",
        "{% import 'laphar.txt.j2' as me %}{{ me.__init__.__globals__ }}",
    ],
)
def test_a_template_reaches_nothing_of_python(wording: str, store: Store, tmp_path: Path) -> None:
    fetch(store, INSTA, {"p1": ["ani"]})
    (tmp_path / "laphar.txt.j2").write_text(
        f"{{% if greeting %}}{wording}{{% endif %}}", encoding="utf-8"
    )

    with pytest.raises(SettingError, match=r"^the template laphar\.txt\.j2.* cannot be used: "):
        laphars(store, INSTA, templates=tmp_path)


def test_a_template_that_others_can_write_is_not_believed(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "laphar.txt.j2"
    path.write_text("Laporan", encoding="utf-8")
    path.chmod(0o666)

    with pytest.raises(SettingError, match=f"^{path} can be written to by others, so it is not"):
        laphars(store, INSTA, templates=tmp_path)


def test_a_part_that_others_can_write_is_not_believed(store: Store, tmp_path: Path) -> None:
    (tmp_path / "laphar.txt.j2").write_text("{% include 'parts/end.j2' %}", encoding="utf-8")
    parts = tmp_path / "parts"
    parts.mkdir()
    parts.chmod(0o777)
    (parts / "end.j2").write_text("Demikian", encoding="utf-8")

    with pytest.raises(SettingError, match=f"^the folder {parts} can be written to by others"):
        laphars(store, INSTA, templates=tmp_path)


def test_a_folder_that_others_can_write_is_not_believed_even_empty(
    store: Store, tmp_path: Path
) -> None:
    tmp_path.chmod(0o770)

    with pytest.raises(SettingError) as caught:
        laphars(store, INSTA, templates=tmp_path)

    assert (caught.value.message, caught.value.hint) == (
        f"the folder {tmp_path} can be written to by others, so what is in it is not believed",
        "keep it in a folder that only you or root can write to",
    )


def test_each_client_is_reported_on_its_own_day(store: Store) -> None:
    store.clients.add(replace(CLIENT, client_id="POLRES_B", timezone="Asia/Jayapura"))

    days = {
        laphar.client.client_id: laphar.attendances[0].day
        for laphar in laphars(store, INSTA, now=at("2026-11-21 16:00"))
    }

    assert days == {"POLRES_A": date(2026, 11, 21), "POLRES_B": date(2026, 11, 22)}


def test_what_is_wrong_with_the_date_is_said_before_the_first_report(store: Store) -> None:
    store.clients.add(replace(CLIENT, client_id="POLRES_B", timezone="Asia/Jayapura"))

    with pytest.raises(
        InputError, match=r"^--date 2026-11-22: expected a day that has come: today is"
    ):
        laphars(store, INSTA, day="2026-11-22", now=at("2026-11-21 16:00"))


@pytest.mark.parametrize(
    ("day", "as_of", "expected"),
    [
        (None, None, Moment(DAY, None)),
        ("2026-11-20", None, Moment(date(2026, 11, 20), None)),
        ("2026-11-20", "18:00", Moment(date(2026, 11, 20), at("2026-11-20 11:00"))),
        (None, "18:00", Moment(DAY, at("2026-11-21 11:00"))),
        (None, "2026-11-20T18:00", Moment(date(2026, 11, 20), at("2026-11-20 11:00"))),
        ("2026-11-19", "2026-11-20T18:00", Moment(date(2026, 11, 19), at("2026-11-20 11:00"))),
    ],
)
def test_a_date_and_a_moment_are_of_the_clients_zone(
    day: str | None, as_of: str | None, expected: Moment
) -> None:
    assert choose_moment(CLIENT, day, as_of, now=NIGHT) == expected


@pytest.mark.parametrize(
    ("day", "as_of", "message"),
    [
        (
            "2026-11-22",
            None,
            "--date 2026-11-22: expected a day that has come: today is 2026-11-21",
        ),
        ("2026-02-30", None, "--date 2026-02-30: there is no day 2026-02-30"),
        ("kemarin", None, "--date kemarin: expected a day written YYYY-MM-DD, such as 2026-11-21"),
        (
            None,
            "21:01",
            "--as-of 21:01: expected a moment that has come: it is 2026-11-21 21:00 WIB",
        ),
        (None, "25:00", "--as-of 25:00: there is no time 25:00"),
    ],
)
def test_a_date_or_moment_that_is_none_is_named(
    day: str | None, as_of: str | None, message: str
) -> None:
    with pytest.raises(InputError) as caught:
        choose_moment(CLIENT, day, as_of, now=NIGHT)

    assert caught.value.message == message


class TestDirectorates:
    """Polda over Ditbinmas over A and B; each directorate has one post, which Ani of A likes."""

    @pytest.fixture
    def tree(self, store: Store) -> Store:
        store.connection.execute("DELETE FROM clients")
        set_clock(store, "2026-11-21 01:00")
        store.clients.add(Client(client_id="POLDA", nama="Polda", audience="own+below"))
        store.clients.add(
            Client(client_id="DIT", nama="Ditbinmas", audience="below", under="POLDA")
        )
        for unit in "AB":
            store.clients.add(Client(client_id=unit, nama=f"Polres {unit}", under="DIT"))
        for unit, nama in (("A", "Ani"), ("A", "Budi"), ("B", "Citra"), ("DIT", "Staf")):
            store.users.add(User(user_id=nama, client_id=unit, nama=nama, insta=nama.lower()))
        for client_id in ("POLDA", "DIT"):
            for day in (21, 22):
                key = f"{client_id}{day}"
                store.posts(INSTA).store(client_id, [shown(key, f"2026-11-{day} 02:00")], now=NOON)
        for (post_id,) in store.connection.execute("SELECT post_id FROM insta_post").fetchall():
            store.engagement(INSTA).store(post_id, likes("ani"), now=NOON)
        return store

    def lines(self, store: Store, client_id: str, day: str, **given: str) -> list[str]:
        """A line for each unit."""
        laphar = self.write(store, client_id, day, **given)
        found = laphar.text.partition("*Peringkat satuan: ")[2].partition("\n\n")[0]
        return found.splitlines()[1:]

    def write(self, store: Store, client_id: str, day: str, **given: str) -> Laphar:
        (laphar,) = write_laphars(
            store,
            [store.clients.get(client_id)],
            [INSTA],
            day=day,
            as_of=given.pop("as_of", None),
            load=lambda: load_template(None),
            mode=LapharMode.BELUM,
            per_konten=False,
            now=at("2026-11-22 14:00"),
            **given,
        )
        return laphar

    def test_a_directorate_below_a_directorate_is_a_unit_and_seen_through(
        self, tree: Store
    ) -> None:
        assert self.lines(tree, "POLDA", "2026-11-21") == [
            "1. Polres A: 1/2 (50%), belum 1",
            "2. Polres B: 0/1 (0%), belum 1",
            "2. Ditbinmas: 0/1 (0%), belum 1",
            "4. Polda: belum ada personel",
        ]
        assert self.lines(tree, "DIT", "2026-11-21") == [
            "1. Polres A: 1/2 (50%), belum 1",
            "2. Polres B: 0/1 (0%), belum 1",
        ]

    def test_a_unit_taken_out_of_the_tree_stays_in_the_reports_of_before(self, tree: Store) -> None:
        set_clock(tree, "2026-11-22 03:00")
        client = tree.clients.get("B")
        tree.clients.update(replace(client, under=None, nama="Polresta B"))

        for client_id in ("DIT", "POLDA"):
            before = self.lines(tree, client_id, "2026-11-21")
            assert "2. Polres B: 0/1 (0%), belum 1" in before
            assert "Polres" not in "".join(self.lines(tree, client_id, "2026-11-22")[1:])
        earlier = self.lines(tree, "DIT", "2026-11-22", as_of="2026-11-22T09:30")
        assert len(earlier) == 2
        assert "Personel: 1" in self.write(tree, "DIT", "2026-11-21", unit="b").text
        with pytest.raises(InputError, match="no unit of DIT on 2026-11-22"):
            self.write(tree, "DIT", "2026-11-22", unit="b")

    def test_somebody_of_two_audiences_is_judged_by_each_ones_own_posts(self, tree: Store) -> None:
        tree.clients.add(Client(client_id="LANTAS", nama="Ditlantas"))
        tree.audiences.assign("Ani", "LANTAS", None, None)
        tree.posts(INSTA).store("LANTAS", [shown("l", "2026-11-21 02:00")], now=NOON)

        assert self.lines(tree, "LANTAS", "2026-11-21") == [
            "1. Polres A: 0/1 (0%), belum 1",
            "2. Ditlantas: belum ada personel",
        ]
        assert self.lines(tree, "DIT", "2026-11-21")[0] == "1. Polres A: 1/2 (50%), belum 1"
