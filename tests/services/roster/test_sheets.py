from __future__ import annotations

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.sheet import SHEET_COLUMNS
from cicero_cli.domain.roster.sheet_csv import write_csv
from cicero_cli.domain.roster.users import User
from cicero_cli.errors import BusyError, ExitCode, InputError, NotFoundError, TryLaterError
from cicero_cli.repositories.database.store import Store, connect
from cicero_cli.repositories.roster.users import UserRepository
from cicero_cli.services.roster.imported import Imported
from cicero_cli.services.roster.sheets import (
    check_rejects,
    export_users,
    import_users,
    write_rejects,
    write_sheet,
)
from tests.services.fakes import BY

PAYLOADS = Path(__file__).parents[2] / "payloads" / "users"
SITI = User(user_id="02010123", client_id="POLRES_A", nama="Siti", whatsapp="6281211112222")


@pytest.fixture(autouse=True)
def clients(store: Store) -> None:
    for client_id in ("POLRES_A", "POLRES_B"):
        store.clients.add(Client(client_id=client_id, nama=client_id))


def write(text: str, name: str = "a.csv") -> str:
    Path(name).write_text(text, encoding="utf-8")
    return name


def counts(imported: Imported) -> tuple[int, int, int, int, int]:
    diff = imported.diff
    return len(diff.new), len(diff.changed), diff.unchanged, len(diff.missing), diff.bad_lines


def test_a_sheet_from_an_indonesian_excel_is_imported(store: Store) -> None:
    imported = import_users(store, "polres_a", str(PAYLOADS / "excel_id.csv"), by=BY)
    assert (counts(imported), imported.written) == ((3, 0, 0, 0, 0), 3)
    assert store.users.list() == [
        User(
            user_id="02010123",
            client_id="POLRES_A",
            nama="Siti Aminah",
            title="BRIPDA",
            divisi="SI HUMAS",
            insta="siti",
            exception=True,
        ),
        User(
            user_id="198503012010011002",
            client_id="POLRES_A",
            nama="Agus, S.H.",
            title="PENATA",
            divisi="BAG SDM",
            whatsapp="6281234567891",
            status=False,
        ),
        User(
            user_id="85010001",
            client_id="POLRES_A",
            nama="Budi Santoso",
            title="BRIPKA",
            divisi="SAT LANTAS",
            insta="budi.s",
            tiktok="budi_s",
            whatsapp="6281234567890",
        ),
    ]


def test_the_second_import_of_a_sheet_changes_nothing(store: Store) -> None:
    source = str(PAYLOADS / "excel_id.csv")
    import_users(store, "polres_a", source, by=BY)
    again = import_users(store, "polres_a", source, by=BY)
    assert (counts(again), again.written, again.exit_code) == ((0, 0, 3, 0, 0), 0, ExitCode.OK)


def test_one_bad_row_and_nothing_is_written(store: Store) -> None:
    store.users.add(SITI)
    store.users.add(User(user_id="9000", client_id="POLRES_B", nama="Lain"))
    before = store.users.list()
    imported = import_users(store, "polres_a", str(PAYLOADS / "bad_rows.csv"), by=BY)
    assert (imported.exit_code, imported.written) == (ExitCode.USAGE, 0)
    assert [(bad.line, bad.column) for bad in imported.diff.bad] == [
        (2, "exception"),
        (2, "hp"),
        (3, "nrp"),
        (5, "nrp"),
        (6, "nrp"),
        (8, ""),
        (9, "nrp"),
        (10, "nama"),
        (11, "nrp"),
        (12, "instagram"),
        (13, "instagram"),
        (14, "nrp"),
    ]
    assert [(bad.line, bad.column) for bad in imported.diff.bad_cells] == [(4, "instagram")]
    assert store.users.list() == before


def test_bad_rows_are_left_out_when_that_was_asked_for(store: Store) -> None:
    store.users.add(SITI)
    store.users.add(User(user_id="9000", client_id="POLRES_B", nama="Lain"))
    imported = import_users(store, "polres_a", str(PAYLOADS / "bad_rows.csv"), skip_bad=True, by=BY)
    assert (imported.exit_code, imported.written) == (ExitCode.PARTIAL, 3)
    assert [user.user_id for user in store.users.list(["POLRES_A"])] == [
        "02010123",
        "85010009",
        "85010011",
        "85010016",
    ]


def test_what_was_left_out_is_written_mended_and_imported(store: Store) -> None:
    source = write("nrp,nama,ig,status\n1,Budi,b b,\n2,Siti,siti,mungkin\n3,Joko,joko,\n")
    imported = import_users(store, "polres_a", source, skip_bad=True, by=BY)
    assert (write_rejects(imported, "rejects.csv"), imported.written) == (2, 2)
    text = Path("rejects.csv").read_text(encoding="utf-8-sig")
    assert [line.partition(",")[0] for line in text.splitlines()] == [
        "alasan_ditolak",
        '"ig: expected a handle of letters',
        '"status: expected aktif or nonaktif',
    ]
    assert Path("rejects.csv").stat().st_mode & 0o777 == 0o600
    mended = write(text.replace("b b", "budi").replace(",mungkin", ",aktif"), "mended.csv")
    again = import_users(store, "polres_a", mended, by=BY)
    assert (again.exit_code, counts(again)) == (ExitCode.OK, (1, 1, 0, 1, 0))
    assert [(user.user_id, user.insta) for user in store.users.list()] == [
        ("1", "budi"),
        ("2", "siti"),
        ("3", "joko"),
    ]


@pytest.mark.parametrize("path", ["./a.csv", "none/rejects.csv", "."])
def test_rejects_go_into_a_file_of_their_own(path: str) -> None:
    source = write("nrp,nama\n1,Budi\n")
    with pytest.raises(InputError, match=r"is the sheet itself|cannot be written"):
        check_rejects(path, source)


def test_when_every_row_is_bad_the_import_has_failed(store: Store) -> None:
    imported = import_users(store, "polres_a", write("nrp,nama\n,Budi\n"), skip_bad=True, by=BY)
    assert imported.exit_code is ExitCode.FAILED


def test_a_dry_run_says_the_same_and_writes_nothing(store: Store) -> None:
    source = str(PAYLOADS / "excel_id.csv")
    dry = import_users(store, "polres_a", source, dry_run=True, by=BY)
    assert (counts(dry), dry.written, store.users.list()) == ((3, 0, 0, 0, 0), 0, [])
    assert dry.diff == import_users(store, "polres_a", source, by=BY).diff


def test_a_half_filled_sheet_wipes_neither_handles_nor_numbers_nor_refusals(store: Store) -> None:
    known = replace(SITI, insta="siti", tiktok="siti", email="s@example.com", wa_opt_in=False)
    store.users.add(known)
    import_users(
        store, "polres_a", write("nrp,nama,ig,hp,wa_opt_in\n02010123,Siti A,,,ya\n"), by=BY
    )
    assert store.users.list() == [replace(known, nama="Siti A")]


def test_missing_users_are_kept(store: Store) -> None:
    store.users.add(SITI)
    imported = import_users(store, "polres_a", write("nrp,nama\n1,Budi\n"), by=BY)
    assert imported.diff.missing == [SITI]
    assert store.users.get(SITI.user_id) == SITI


def test_an_export_imports_as_unchanged_and_restores_another_database(store: Store) -> None:
    import_users(store, "polres_a", str(PAYLOADS / "excel_id.csv"), by=BY)
    store.users.add(
        replace(SITI, user_id="=1", nama="=1+1", whatsapp="819012345678", wa_opt_in=False)
    )
    users, rows = export_users(store, "polres_a")
    write_sheet(write_csv(SHEET_COLUMNS, rows), "out.csv")
    again = import_users(store, "polres_a", "out.csv", skip_bad=True, by=BY)
    assert counts(again) == (0, 0, 3, 0, 1)  # only the id that no import would have let in
    for user in users:
        store.users.remove(user.user_id)
    import_users(store, "polres_a", "out.csv", skip_bad=True, by=BY)
    assert store.users.list() == [user for user in users if user.user_id != "=1"]


def test_standard_input_is_a_source(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"nrp,nama\n1,Budi\n")))
    imported = import_users(store, "polres_a", "-", by=BY)
    assert (imported.source, imported.written) == ("standard input", 1)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("none.csv", "there is no file none.csv"),
        (".", ". is a folder, not a sheet"),
        ("/proc/self/mem", "/proc/self/mem cannot be read: Input/output error"),
        ("/dev/zero", "/dev/zero is larger than 64 MB; is it the right file?"),
        ("a\0b", "'a\\x00b' cannot be read: embedded null byte"),
        ("a" * 300, f"{'a' * 300} cannot be read: File name too long"),
    ],
)
def test_a_source_that_cannot_be_read_says_why(store: Store, source: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        import_users(store, "polres_a", source, by=BY)
    assert caught.value.message == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("latin1.csv", "line 3 is not UTF-8: byte 0xE9 after '85010002,Ren'"),
    ],
)
def test_another_encoding_is_named_with_its_line(store: Store, name: str, expected: str) -> None:
    with pytest.raises(InputError, match=expected):
        import_users(store, "polres_a", str(PAYLOADS / name), by=BY)


def test_the_unicode_text_of_excel_is_read(store: Store) -> None:
    imported = import_users(store, "polres_a", str(PAYLOADS / "utf16.csv"), by=BY)
    assert imported.exit_code is ExitCode.OK


def test_an_unknown_client_is_said_before_the_file_is_read(store: Store) -> None:
    with pytest.raises(NotFoundError, match="there is no client POLRES_X"):
        import_users(store, "polres_x", "none.csv", by=BY)


def test_a_second_import_for_the_same_client_waits_for_nobody(store: Store, database: str) -> None:
    source = write("nrp,nama\n1,Budi\n")
    with (
        connect(database, hint="") as other,
        Store(other).job_lock("user import --client POLRES_A"),
    ):
        import_users(store, "polres_b", source, by=BY)
        with pytest.raises(BusyError, match="another `cicero user import --client POLRES_A`"):
            import_users(store, "polres_a", source, by=BY)


def test_a_user_who_is_added_elsewhere_meanwhile_stops_the_import(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.users.add(User(user_id="1", client_id="POLRES_B", nama="Lain"))
    monkeypatch.setattr(UserRepository, "clients_elsewhere", lambda *_: {})
    with pytest.raises(TryLaterError, match="to another client just now"):
        import_users(store, "polres_a", write("nrp,nama\n1,Budi\n2,Siti\n"), by=BY)
    assert [user.user_id for user in store.users.list()] == ["1"]


def test_a_file_that_cannot_be_written_says_why() -> None:
    with pytest.raises(InputError, match=r"none/a\.csv cannot be written: No such file"):
        write_sheet("", "none/a.csv")
