"""What the pages say, against what the services know."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from cicero_cli.domain.attendance.scopes import LapharMode
from cicero_cli.domain.collection.posts import UpstreamPost
from cicero_cli.domain.collection.runs import Failure, Run, RunStatus
from cicero_cli.domain.messaging.messages import Kind, NewMessage
from cicero_cli.domain.periods import format_time_indonesian
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.attendance.absensi import Moment
from cicero_cli.services.attendance.laphar import draft_laphar, load_template
from cicero_cli.words import Text
from tests.services.fakes import at, likes
from tests.web.pages.conftest import DAY, People, Visitor, text_of

JAKARTA = ZoneInfo("Asia/Jakarta")
DAY_PAGE = f"/klien/POLRES_A?hari={DAY}"


def names(visitor: Visitor, words: str) -> list[str]:
    page = visitor.get(f"/klien/POLRES_A/personel?hari={DAY}&{words}").text
    return [name for name in ("Ani", "Budi", "Citra", "Dewi", "Eka") if f">{name}</a>" in page]


def test_a_days_attendance(people: People, unit: Store) -> None:
    text = text_of(people.viewer.get(DAY_PAGE))
    assert "Rabu, 14 Januari 2026" in text
    assert "2 dari 5 personel sudah 40%" in text
    assert "Sudah 2 Belum melaksanakan 2 kurang 1 0 konten 1 Tanpa username 1" in text
    assert "Lihat 2 yang belum melaksanakan" in text
    assert (
        "Sudah = paling sedikit 2 dari 3 konten; di antaranya 1 lengkap dan 1 dikecualikan." in text
    )
    assert "Data terbaca 41,7% (5 dari 12 like); sebagian personel mungkin belum tercatat." in text
    assert "BAG OPS 1/2 50% SAT LANTAS 0/2 0% PIMPINAN 1/1 100%" in text
    assert "1 dari 5 personel sudah 20%" not in text  # TikTok: Ani, and Eka who is exempt
    assert "TikTok @polres_a Data per 12.00 WIB 2 dari 5 personel sudah 40%" in text


def test_a_day_that_was_never_fetched_is_not_a_day_without_posts(
    people: People, unit: Store
) -> None:
    for path, words in (
        ("", "Data tanggal ini belum pernah diambil dari Instagram"),
        ("/konten", "Data tanggal ini belum pernah diambil dari TikTok"),
        ("/personel", "data tanggal ini belum pernah diambil"),
    ):
        assert words in people.viewer.get(f"/klien/POLRES_A{path}?hari=2026-01-13").text
    assert (
        "Data hari ini belum pernah diambil dari Instagram"
        in people.viewer.get("/klien/POLRES_A").text
    )
    day = datetime(2026, 1, 13, tzinfo=UTC).date()
    unit.posts(Platform.INSTA).remember_listing("POLRES_A", day, day, now=at("2026-01-13 05:00"))
    page = people.viewer.get("/klien/POLRES_A?hari=2026-01-13").text
    assert "Tidak ada konten pada tanggal ini, jadi tidak ada yang tercatat belum." in page


def test_a_month_is_the_sum_of_its_days(people: People, unit: Store) -> None:
    text = text_of(people.viewer.get("/klien/POLRES_A/bulan?bulan=2026-01"))
    assert "Absensi bulanan Januari 2026" in text
    assert "Sudah = paling sedikit 2 dari 3 konten bulan ini" in text
    assert "Rab, 14 Jan 3 2 · 40% 1 2 · 40%" in text
    users = text_of(people.viewer.get("/klien/POLRES_A/bulan/personel?bulan=2026-01"))
    assert "Ani IPTU · 85010001 BAG OPS · @ani BAG OPS @ani 3/3 Sudah lengkap" in users
    assert "Bulan itu belum tiba" in people.viewer.get("/klien/POLRES_A/bulan?bulan=2999-01").text


def test_the_users_by_status_division_and_search(people: People, unit: Store) -> None:
    assert names(people.viewer, "") == ["Ani", "Budi", "Citra", "Dewi", "Eka"]
    assert names(people.viewer, "status=lengkap") == ["Ani"]
    assert names(people.viewer, "status=kurang") == ["Budi"]
    assert names(people.viewer, "status=nol") == ["Citra"]
    assert names(people.viewer, "status=belum") == ["Budi", "Citra"]
    assert names(people.viewer, "status=tanpa_username") == ["Dewi"]
    assert names(people.viewer, "status=dikecualikan") == ["Eka"]
    assert names(people.viewer, "status=sudah") == ["Ani", "Eka"]
    assert names(people.viewer, "status=nonsense") == ["Ani", "Budi", "Citra", "Dewi", "Eka"]
    assert names(people.viewer, "divisi=BAG+OPS") == ["Ani", "Budi"]
    assert names(people.viewer, "cari=%40CITRA") == ["Citra"]
    assert names(people.viewer, "cari=85010004") == ["Dewi"]
    assert names(people.viewer, "platform=tiktok&status=lengkap") == ["Ani"]
    assert names(people.viewer, "cari=nobody") == []


def test_the_list_says_of_each_what_the_laphar_says(people: People, unit: Store) -> None:
    text = text_of(people.viewer.get(f"/klien/POLRES_A/personel?hari={DAY}"))
    for line in (
        "@ani 3/3 Sudah lengkap",
        "@budi 1/3 Belum melaksanakan kurang",
        "@citra 0/3 Belum melaksanakan 0 konten",
        "SAT LANTAS - 0/3 Tanpa username",
        "@eka 3/3 Dikecualikan",
    ):
        assert line in text
    client, day = unit.clients.get("POLRES_A"), date.fromisoformat(DAY)
    assert client is not None
    draft = draft_laphar(
        unit,
        client,
        [Platform.INSTA],
        Moment(day, None),
        template=load_template(None),
        per_konten=False,
        now=at(f"{DAY} 14:00"),
    )
    laphar = draft.word(LapharMode.BELUM).text
    for line in ("Sudah: 2 (40%)", "Belum: 2", "Tanpa username: 1", "Data terbaca 41,7% (5 dari"):
        assert line in laphar


def test_a_search_does_not_mind_blanks_and_knows_numbers(people: People, unit: Store) -> None:
    unit.connection.execute(
        "UPDATE \"user\" SET nama = 'Ani  Sri', whatsapp = '6281234567890' WHERE user_id = '85010001'"
    )
    assert "Ani  Sri" in people.viewer.get("/klien/POLRES_A/personel?cari=+ani+++sri+").text
    for typed in ("0812-3456-7890", "%2B62812345", "34567890"):
        path = f"/klien/POLRES_A/personel?cari={typed}"
        assert "Ani  Sri" in people.operator.get(path).text
        assert "Ani  Sri" not in people.viewer.get(path).text


def test_who_is_not_active_any_more_can_be_found(people: People, unit: Store) -> None:
    unit.connection.execute("UPDATE \"user\" SET status = false WHERE user_id = '85010002'")
    assert names(people.viewer, "") == ["Ani", "Budi", "Citra", "Dewi", "Eka"]  # of a past day
    assert ">Budi</a>" not in people.viewer.get("/klien/POLRES_A/personel").text
    assert names(people.viewer, "status=tidak_aktif") == ["Budi"]
    assert names(people.viewer, "status=tidak_aktif&cari=ani") == []
    text = text_of(people.viewer.get("/klien/POLRES_A/personel?status=tidak_aktif"))
    assert "1 personel tidak aktif" in text
    assert "BAG OPS @budi - Tidak aktif" in text


def test_the_chosen_day_or_month_goes_along_from_tab_to_tab(people: People, unit: Store) -> None:
    for path in (
        f"?hari={DAY}",
        f"/konten?hari={DAY}",
        f"/personel?hari={DAY}",
        f"/penjelasan?personel=85010003&hari={DAY}",
    ):
        page = people.viewer.get(f"/klien/POLRES_A{path}").text
        for link in (f"?hari={DAY}", f"/konten?hari={DAY}", f"/personel?hari={DAY}"):
            assert f'href="/klien/POLRES_A{link}"' in page
        assert 'href="/klien/POLRES_A/bulan?bulan=2026-01"' in page
    for path in ("/bulan?bulan=2026-01", "/bulan/personel?bulan=2026-01"):
        page = people.viewer.get(f"/klien/POLRES_A{path}").text
        assert 'href="/klien/POLRES_A/bulan/personel?bulan=2026-01"' in page
        assert 'href="/klien/POLRES_A?hari=2026-01-31"' in page
    today = people.viewer.get("/klien/POLRES_A/konten").text
    assert 'href="/klien/POLRES_A/personel"' in today


def test_from_a_months_list_to_a_person_and_back(people: People, unit: Store) -> None:
    page = people.viewer.get("/klien/POLRES_A/bulan/personel?bulan=2026-01").text
    link = "/klien/POLRES_A/penjelasan?personel=85010003&amp;bulan=2026-01"
    assert f'href="{link}"' in page
    page = people.viewer.get(link.replace("&amp;", "&")).text
    assert "Sabtu, 31 Januari 2026" in page
    assert 'href="/klien/POLRES_A/bulan/personel?bulan=2026-01">' in page
    assert f'href="{link}&amp;hari=2026-01-30"' in page
    page = people.viewer.get(f"/klien/POLRES_A/penjelasan?personel=85010003&hari={DAY}").text
    assert f'href="/klien/POLRES_A/personel?hari={DAY}">' in page


def test_a_step_goes_to_the_days_and_months_beside_it(people: People, unit: Store) -> None:
    page = people.viewer.get("/klien/POLRES_A?hari=2026-01-01").text
    assert 'hari=2025-12-31" rel="prev"' in page
    assert 'hari=2026-01-02" rel="next"' in page
    assert 'rel="next"' not in people.viewer.get("/klien/POLRES_A").text
    page = people.viewer.get("/klien/POLRES_A/bulan?bulan=2025-12").text
    assert 'bulan=2025-11" rel="prev"' in page
    assert 'bulan=2026-01" rel="next"' in page
    assert 'rel="next"' not in people.viewer.get("/klien/POLRES_A/bulan").text


def test_one_users_explanation(people: People, unit: Store) -> None:
    path = f"/klien/POLRES_A/penjelasan?personel=85010003&hari={DAY}"
    text = text_of(people.viewer.get(path))
    assert "Citra AKP · 85010003 · SAT LANTAS" in text
    assert "Instagram @citra Belum melaksanakan 0 dari 3 konten, perlu 2" in text
    assert "Tidak terlihat Tanpa keterangan Terbit 14 Jan 10.00 WIB." in text
    assert "2 dari 4 like terbaca, 14 Jan 12.00 WIB. 2 lainnya tidak terbaca" in text
    assert "Username yang mirip di konten ini: @citra.x: lebih satu huruf (x)" in text
    assert "Perbaiki username" not in text  # a viewer cannot
    assert "Perbaiki username" in text_of(people.operator.get(path))
    assert "Belum ada username, jadi tidak ada yang dapat dicocokkan." in text
    assert "TikTok Tanpa username 0 dari 1 konten Belum ada username" in text
    exempt = text_of(people.viewer.get(path.replace("85010003", "85010005")))
    assert "Instagram @eka Dikecualikan 0 dari 3 konten" in exempt
    seen = text_of(people.viewer.get(path.replace("85010003", "85010001")))
    assert "Instagram @ani Sudah 3 dari 3 konten, perlu 2" in seen
    assert "Terlihat sejak 14 Jan 12.00 WIB" in seen
    assert people.viewer.get(path.replace("85010003", "8501000B")).status_code == 404


def test_not_being_seen_proves_nothing_where_not_all_was_read(people: People, unit: Store) -> None:
    path = f"/klien/POLRES_A/penjelasan?personel=85010003&hari={DAY}"
    unit.connection.execute("UPDATE insta_post SET total = NULL WHERE post_key = 'p1'")
    unit.connection.execute("UPDATE insta_post SET fetched_at = NULL WHERE post_key = 'p2'")
    unit.connection.execute("UPDATE insta_post SET listed = 4 WHERE post_key = 'p3'")
    text = text_of(people.viewer.get(path))
    hidden, unread = "Tidak diketahui apakah semuanya terbaca", "belum dibaca. Jadi ini belum bukti"
    assert hidden in text
    assert unread in text
    assert text.count("belum bukti") == 2
    dewi = people.viewer.get(path.replace("85010003", "85010004"))
    assert "Tidak terlihat" not in dewi.text
    assert "belum bukti" not in dewi.text


def test_an_earlier_handle_stands_apart(people: People, unit: Store) -> None:
    unit.connection.execute("UPDATE \"user\" SET insta = 'citra.b' WHERE user_id = '85010003'")
    text = text_of(people.viewer.get(f"/klien/POLRES_A/penjelasan?personel=85010003&hari={DAY}"))
    assert "perlu 2 Username sebelumnya: @citra." in text


def test_who_was_removed_is_explained_on_past_days_and_not_to_be_changed(
    people: People, unit: Store
) -> None:
    path = f"/klien/POLRES_A/penjelasan?personel=85010003&hari={DAY}"
    unit.connection.execute("DELETE FROM \"user\" WHERE user_id = '85010003'")
    page = people.operator.get(path)
    assert "Instagram @citra Belum melaksanakan 0 dari 3 konten, perlu 2" in text_of(page)
    assert "personel/ubah" not in page.text


def test_the_posts_of_a_day(people: People, unit: Store) -> None:
    page = people.viewer.get(f"/klien/POLRES_A/konten?hari={DAY}")
    assert 'href="https://www.instagram.com/p/p1/"' in page.text
    assert 'href="https://www.tiktok.com/@polres_a/video/75"' in page.text
    assert "14 Jan 08.00 WIB 2 2 dari 4 · 50%" in text_of(page)


def test_the_first_page_says_the_same_as_the_client_s(people: People, unit: Store) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - the server's own clock says what today is
    post = UpstreamPost(post_key="today", published_at=now - timedelta(seconds=1), like_count=4)
    unit.posts(Platform.INSTA).store("POLRES_A", [post], now=now)
    hidden = UpstreamPost(post_key="hidden", published_at=now - timedelta(seconds=1))
    unit.posts(Platform.INSTA).store("POLRES_A", [hidden], now=now)
    for key, people_of in (("today", likes("ani", total=4)), ("hidden", likes("ani", total=None))):
        [[post_id]] = unit.connection.execute(
            "SELECT post_id FROM insta_post WHERE post_key = %s", [key]
        ).fetchall()
        unit.engagement(Platform.INSTA).store(post_id, people_of, now=now)
    text = text_of(people.viewer.get("/"))
    assert "Polres A POLRES_A Instagram 2 dari 5 sudah" in text
    assert "Konten 2 Belum melaksanakan 2 Tanpa username 1 Data terbaca 25%" in text
    assert "Polres B" not in text
    assert "Polres B" in text_of(people.admin.get("/"))
    day = text_of(people.viewer.get("/klien/POLRES_A"))
    assert "Data terbaca 25% (1 dari 4 like)" in day


def test_many_clients_are_shown_page_by_page_and_found_by_name(people: People, unit: Store) -> None:
    for number in range(70):
        unit.clients.add(Client(client_id=f"POLSEK_{number:02}", nama=f"Polsek {number:02}"))
    first, second = (people.admin.get(f"/?halaman={page}").text for page in (1, 2))
    assert (first.count('class="card"'), second.count('class="card"')) == (60, 12)
    found = people.admin.get("/?cari=polsek 69").text
    assert found.count('class="card"') == 1
    assert "Polsek 69" in found


def test_messages_show_no_number_to_a_viewer(people: People, unit: Store) -> None:
    now = at(f"{DAY} 05:00")
    unit.outbox.add(
        [
            NewMessage(
                dedupe_key=f"{client_id} {recipient}",
                kind=Kind.LAPHAR,
                recipient=recipient,
                body="rahasia",
                expires_at=now + timedelta(hours=1),
                client_id=client_id,
            )
            for client_id, recipient in (
                ("POLRES_A", "6281234567890"),
                ("POLRES_A", "120363012345678901@g.us"),
                ("POLRES_B", "6281299990000"),
            )
        ],
        now=now,
    )
    masked = people.viewer.get("/klien/POLRES_A/pesan")
    assert "6281234567890" not in masked.text
    assert "120363012345678901" not in masked.text
    assert "••••7890" in masked.text
    assert "Grup WhatsApp" in masked.text
    shown = people.operator.get("/klien/POLRES_A/pesan")
    assert "6281234567890" in shown.text
    assert "6281299990000" not in shown.text
    assert "6281299990000" in people.admin.get("/pesan").text
    assert "6281234567890" not in people.admin.get("/klien/POLRES_A/pesan?status=read").text
    for page in (masked, shown):
        assert "rahasia" not in page.text


def test_the_state_shows_only_ones_own_clients(people: People, unit: Store) -> None:
    unit.clients.update(Client(client_id="POLRES_B", nama="Polres B", client_insta="polres.b"))
    now = datetime.now(UTC)  # noqa: TID251 - as above
    run_id = unit.runs.start("POLRES_A", Platform.INSTA, now=now)
    unit.runs.finish(
        run_id,
        Run(
            client_id="POLRES_A",
            platform=Platform.INSTA,
            status=RunStatus.FAILED,
            error=Text("GET {path} at {host}", path="/v1/posts", host="a.test"),
            error_code="upstream_status",
        ),
        now=now,
    )
    text = text_of(people.operator.get("/status"))
    assert "POLRES_A Instagram" in text
    assert "Gagal Sumber data sedang bermasalah. Dicoba lagi pada jadwal berikutnya" in text
    assert "Keterangan asli GET /v1/posts di a.test" in text
    assert "Like/komentar baru" in text
    assert "POLRES_B" not in text
    assert "POLRES_B" in text_of(people.admin.get("/status"))
    assert "502" not in text_of(people.viewer.get("/status"))
    unit.gateway_states.pause("waha", code="scan_qr_code", hint="scan the code", now=now)
    text = text_of(people.admin.get("/status"))
    assert "Pengiriman WhatsApp berhenti sejak" in text
    assert "Tautkan lagi nomornya: pindai kode QR di halaman WhatsApp" in text
    assert "Keterangan asli waha: scan_qr_code scan the code" in text
    assert "scan_qr_code" not in text_of(people.operator.get("/status"))


def test_a_fetch_that_failed_is_not_called_one_that_cron_forgot(
    people: People, unit: Store
) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - as above
    words = Text("TikTok knows no account {username}", username="polres_a")
    unknown = Failure("account_unknown", words)
    for platform in Platform:
        tell_run(unit, platform, RunStatus.FAILED, unknown, now=now)
    text = text_of(people.operator.get("/status"))
    assert "akun @polres_a" in text
    assert "Terlambat" not in text
    for platform in Platform:
        tell_run(unit, platform, RunStatus.DONE, None, now=now - timedelta(days=2))
    assert "Terlambat" in text_of(people.operator.get("/status"))
    assert "2 pengambilan belum dimulai" in text_of(people.operator.get("/status"))
    assert "Periksa cron" not in text_of(people.operator.get("/status"))
    assert "Periksa cron" in text_of(people.admin.get("/status"))


def test_the_first_page_tells_what_needs_a_hand(people: People, unit: Store) -> None:
    assert "Perlu ditangani" in people.viewer.get("/").text  # nothing was ever fetched
    now = datetime.now(UTC)  # noqa: TID251 - as above
    private = Failure("account_private", Text("the account is private"))
    tell_run(unit, Platform.TIKTOK, RunStatus.FAILED, private, now=now)
    tell_run(unit, Platform.INSTA, RunStatus.DONE, None, now=now)
    text = text_of(people.viewer.get("/"))
    assert "1 pengambilan gagal: POLRES_A TikTok (akun privat)." in text
    clock = format_time_indonesian(now, JAKARTA)
    assert f"TikTok Gagal {clock}: akun privat" in text
    assert f"Data per {clock}" in text
    day = text_of(people.viewer.get("/klien/POLRES_A"))
    assert f"Gagal {clock}: akun privat" in day
    tell_run(unit, Platform.TIKTOK, RunStatus.DONE, None, now=now)
    assert "Perlu ditangani" not in people.viewer.get("/").text


def test_each_sees_of_the_troubles_what_is_his(people: People, unit: Store) -> None:
    now = datetime.now(UTC)  # noqa: TID251 - as above
    unit.gateway_states.pause("waha", code="scan_qr_code", hint="scan the code", now=now)
    unit.outbox.add(
        [
            NewMessage(
                dedupe_key=client_id,
                kind=Kind.LAPHAR,
                recipient="6281234567890",
                body="rahasia",
                expires_at=now + timedelta(hours=1),
                client_id=client_id,
            )
            for client_id in ("POLRES_A", "POLRES_B")
        ],
        now=now,
    )
    unit.connection.execute("UPDATE outbox SET status = 'failed'")
    viewer, admin = people.viewer.get("/"), people.admin.get("/")
    assert "1 laphar Polres A gagal terkirim hari ini." in text_of(viewer)
    assert 'href="/klien/POLRES_A/pesan?jenis=laphar&amp;status=failed"' in viewer.text
    assert "Polres B" not in text_of(viewer)
    assert "WhatsApp" not in text_of(viewer)
    assert "2 laphar gagal terkirim hari ini." in text_of(admin)
    assert 'href="/pesan?jenis=laphar&amp;status=failed"' in admin.text
    assert "Pengiriman WhatsApp berhenti. Tautkan lagi nomornya" in text_of(admin)


def test_a_client_without_users_says_so_and_where_they_come_in(people: People, unit: Store) -> None:
    unit.connection.execute('DELETE FROM "user"')
    unit.connection.execute("TRUNCATE user_history, user_handle")
    assert "Belum ada personel. Impor dari lembar kerja" in text_of(people.operator.get("/"))
    assert 'href="/klien/POLRES_A/impor"' in people.operator.get("/").text
    assert "Belum ada personel." in text_of(people.viewer.get("/"))
    assert "impor" not in people.viewer.get("/").text
    day = text_of(people.operator.get(DAY_PAGE))
    assert "Di klien ini belum ada personel yang terdaftar. Impor dari lembar kerja" in day
    assert "Instagram @polres.a Data per 12.00 WIB 3 konten. TikTok" in day


def test_a_client_that_is_not_active_is_not_lost_to_admins(people: People, unit: Store) -> None:
    unit.connection.execute("UPDATE clients SET client_status = false WHERE client_id = 'POLRES_A'")
    text = text_of(people.admin.get("/"))
    assert "Tampilkan 1 klien yang tidak aktif Polres A POLRES_A" in text
    assert "tidak aktif" not in text_of(people.viewer.get("/"))
    assert people.admin.get("/klien/POLRES_A").status_code == 200


def tell_run(
    store: Store, platform: Platform, status: RunStatus, failure: Failure | None, *, now: datetime
) -> None:
    run_id = store.runs.start("POLRES_A", platform, now=now)
    code, words = failure or (None, None)
    run = Run(client_id="POLRES_A", platform=platform, status=status, error=words, error_code=code)
    store.runs.finish(run_id, run, now=now)


def test_what_people_typed_is_shown_as_text(people: People, unit: Store) -> None:
    unit.connection.execute(
        "UPDATE \"user\" SET nama = '<b>Ani</b>', divisi = '\"><img src=x>' WHERE user_id = '85010001'"
    )
    unit.connection.execute("UPDATE insta_post SET caption = '<script>alert(1)</script>'")
    for path in (
        DAY_PAGE,
        f"/klien/POLRES_A/personel?hari={DAY}&cari=<b>",
        f"/klien/POLRES_A/konten?hari={DAY}",
        f"/klien/POLRES_A/penjelasan?personel=85010001&hari={DAY}",
    ):
        page = people.viewer.get(path).text
        assert not any(word in page for word in ("<b>", "<img", "<script")), path
