"""The command line in Indonesian: remarks, tables, questions and errors; what a script reads stays as it is."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Run


@pytest.fixture(autouse=True)
def indonesian(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("LANG", "id_ID.UTF-8")
    for name in ("CICERO_LANG", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def polres_a(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--insta", "polres.a")
    cicero("user", "add", "85010001", "--client", "polres_a", "--nama", "Budi", "--insta", "budi")


def test_what_was_done_and_what_comes_next(cicero: Run) -> None:
    added = cicero("client", "add", "polres_a", "--nama", "Polres A")

    assert (added.exit_code, added.stdout, added.stderr) == (
        0,
        "Klien POLRES_A ditambahkan (Polres A, Asia/Jakarta).\n",
        "berikutnya: cicero user import people.xlsx --client POLRES_A\n",
    )


@pytest.mark.usefixtures("polres_a")
def test_a_table_has_indonesian_headings_and_yes(cicero: Run) -> None:
    assert cicero("client", "list").stdout == (
        "klien     nama      aktif    insta       tiktok  zona waktu\n"
        "POLRES_A  Polres A  ya       polres.a            Asia/Jakarta\n"
    )


def test_h_is_help_here_too(cicero: Run) -> None:
    asked = cicero("user", "list", "-h")
    assert (asked.exit_code, asked.stderr) == (0, "")
    assert "-h, --help" in asked.stdout
    assert asked.stdout == cicero("user", "list", "--help").stdout


@pytest.mark.usefixtures("polres_a")
@pytest.mark.parametrize(
    ("words", "exit_code", "line"),
    [
        (("client", "show", "polres_b"), 2, "klien POLRES_B tidak ada (yang ada: POLRES_A)"),
        (
            ("user", "add", "85010001", "--client", "polres_a", "--nama", "Budi"),
            2,
            "NRP/NIP 85010001 sudah terdaftar: Budi, klien POLRES_A"
            " (ubah dengan: cicero user set 85010001)",
        ),
        (
            ("user", "set", "85010001", "--insta", "b udi"),
            2,
            "--insta 'b udi': isi dengan username, misalnya @polres.a: huruf, angka, titik, dan garis bawah;"
            " tidak ada yang diubah",
        ),
        (
            ("absensi", "show", "insta", "--client", "polres_a", "--date", "2026-02-30"),
            2,
            "--date 2026-02-30: tanggal 2026-02-30 tidak ada",
        ),
        (("client", "list", "--foo"), 2, "tidak ada opsi --foo (lihat: cicero client list --help)"),
        (("outbox", "show"), 2, "MESSAGE_ID belum diisi (lihat: cicero outbox show --help)"),
        (
            ("outbox", "show", "x"),
            2,
            "MESSAGE_ID: isi dengan bilangan bulat (lihat: cicero outbox show --help)",
        ),
        (
            ("outbox", "list", "--limit", "0"),
            2,
            "--limit: isi dengan angka dari 1 sampai 10000 (lihat: cicero outbox list --help)",
        ),
        (
            ("client", "list", "--json=3"),
            2,
            "--json tidak memakai nilai (lihat: cicero --help)",
        ),
        (
            ("client", "add", "--nama"),
            2,
            "--nama memerlukan nilai (lihat: cicero --help)",
        ),
        (("bogus",), 2, "Tidak ada perintah 'bogus'. (lihat: cicero --help)"),
        (
            ("client", "list", "extra"),
            2,
            "ada satu kata terlalu banyak; teks yang memuat spasi harus diapit tanda kutip"
            " (lihat: cicero client list --help)",
        ),
        (
            ("client", "remove", "polres_a"),
            1,
            "Hapus POLRES_A (Polres A) dan personelnya mulai hari ini?"
            " Tidak ada yang dikerjakan (ulangi perintahnya dengan --yes)",
        ),
    ],
)
def test_every_kind_of_error_is_one_indonesian_line(
    words: tuple[str, ...], exit_code: int, line: str, cicero: Run
) -> None:
    result = cicero(*words)

    assert (result.exit_code, result.stdout, result.stderr) == (exit_code, "", f"cicero: {line}\n")


@pytest.mark.usefixtures("polres_a")
def test_a_script_reads_the_same_codes_keys_and_values(cicero: Run) -> None:
    refused = json.loads(cicero("client", "show", "polres_b", "--json").stderr)
    shown = json.loads(cicero("client", "show", "polres_a", "--json").stdout)

    assert refused == {
        "error": {
            "code": "not_found",
            "message": "klien POLRES_B tidak ada",
            "hint": "yang ada: POLRES_A",
            "params": {"client_id": "POLRES_B"},
        }
    }
    assert (shown["client_id"], shown["client_status"]) == ("POLRES_A", True)
    csv = cicero("client", "list", "--output", "csv").stdout.splitlines()[0]
    assert csv.startswith("client_id,nama,")
