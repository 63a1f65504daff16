from __future__ import annotations

import json
from pathlib import Path

import pytest

from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.database.store import Store
from tests.conftest import Run


@pytest.fixture(autouse=True)
def clients(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    cicero("client", "add", "polres_b", "--nama", "Polres B")


def add(cicero: Run, user_id: str, nama: str, *words: str) -> None:
    added = cicero("user", "add", user_id, "--client", "polres_a", "--nama", nama, *words)
    assert added.exit_code == 0, added.stderr


def write(text: str) -> str:
    Path("a.csv").write_text(text, encoding="utf-8")
    return "a.csv"


def test_a_user_is_added_listed_shown_changed_and_removed(cicero: Run) -> None:
    added = cicero(
        "user", "add", "02010123", "--client", "polres_a", "--nama", "Siti Aminah",
        "--title", "BRIPDA", "--divisi", "SI HUMAS", "--jabatan", "BA", "--insta", "@Siti",
        "--tiktok", "https://www.tiktok.com/@Siti", "--whatsapp", "0812-3456-7890",
        "--email", "Siti@example.com", "--exception",
    )  # fmt: skip
    assert (added.exit_code, added.stdout) == (0, "User 02010123 added (Siti Aminah, POLRES_A).\n")
    assert cicero("user", "list").stdout == (
        "user      client    nama         title    divisi    insta    tiktok    active\n"
        "02010123  POLRES_A  Siti Aminah  BRIPDA   SI HUMAS  siti     siti      yes\n"
    )
    whole = {
        "user_id": "02010123",
        "client_id": "POLRES_A",
        "nama": "Siti Aminah",
        "title": "BRIPDA",
        "divisi": "SI HUMAS",
        "jabatan": "BA",
        "insta": "siti",
        "tiktok": "siti",
        "whatsapp": "6281234567890",
        "email": "siti@example.com",
        "exception": True,
        "status": True,
        "wa_opt_in": True,
    }
    assert json.loads(cicero("user", "list", "--client", "POLRES_A", "--json").stdout) == [whole]
    told = json.loads(cicero("user", "show", "02010123", "--json").stdout)
    assert [one["client_id"] for one in told.pop("history")] == ["POLRES_A"]
    assert told == {**whole, "extra_insta": [], "extra_tiktok": []}

    changed = cicero(
        "user", "set", "02010123", "--client", "polres_b", "--insta", "", "--whatsapp", "",
        "--no-exception", "--inactive", "--opt-out", "--json",
    )  # fmt: skip
    told = json.loads(changed.stdout)
    assert told.pop("changed")["insta"] == {"old": "siti", "new": None}
    assert told == whole | {
        "extra_insta": [],
        "extra_tiktok": [],
        "client_id": "POLRES_B",
        "insta": None,
        "whatsapp": None,
        "exception": False,
        "status": False,
        "wa_opt_in": False,
    }
    assert json.loads(cicero("user", "list", "--active", "--json").stdout) == []

    unsure = cicero("user", "remove", "02010123")
    assert (unsure.exit_code, unsure.stdout) == (1, "")
    removed = cicero("user", "remove", "02010123", "--yes")
    assert (removed.exit_code, removed.stdout) == (0, "User 02010123 removed.\n")
    assert cicero("user", "list").stderr.startswith("no user fits")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["show", "2010123"], "there is no user '2010123' (leading zeros matter; see: cicero user list)"),
        (["set", "99", "--nama", "X"], "there is no user '99' (leading zeros matter; see: cicero user list)"),
        (["remove", "bu di", "--yes"], "there is no user 'bu di' (leading zeros matter; see: cicero user list)"),
        (["set", "02010123"], "nothing to change was given (see: cicero user set --help)"),
        (["set", "02010123", "--nama", " "], "--nama ' ': expected a name; nothing was changed"),
        (["set", "02010123", "--whatsapp", "0812"], "--whatsapp '0812': this number cannot exist; expected one such as 081234567890; nothing was changed"),
        (["set", "02010123", "--client", "x"], "there is no client X (there are: POLRES_A, POLRES_B)"),
        (["set", "02010123", "--insta", "budi"], "--insta 'budi': Budi (1) has this handle, so Siti (02010123) cannot; nothing was changed (two active users of one client cannot share a handle)"),
        (["add", "1", "--client", "polres_b", "--nama", "X"], "user 1 exists already (Budi, POLRES_A) (change it with: cicero user set 1)"),
        (["add", "2", "--client", "polres_a", "--nama", "X", "--tiktok", "BUDI"], "--tiktok 'budi': Budi (1) has this handle, so X (2) cannot; nothing was changed (two active users of one client cannot share a handle)"),
        (["add", "8,5E+07", "--client", "polres_a", "--nama", "X"], "USER_ID '8,5E+07': a spreadsheet shortened this id; format its column as text and type it again; nothing was changed"),
        (["list", "--client", "x"], "there is no client X (there are: POLRES_A, POLRES_B)"),
        (["export", "--client", "x"], "there is no client X (there are: POLRES_A, POLRES_B)"),
        (["import", "a.csv", "--client", "x"], "there is no client X (there are: POLRES_A, POLRES_B)"),
        (["import", "none.csv", "--client", "polres_a"], "there is no file none.csv"),
    ],
)  # fmt: skip
def test_wrong_words_get_one_line_and_change_nothing(
    cicero: Run, words: list[str], expected: str
) -> None:
    add(cicero, "1", "Budi", "--insta", "budi", "--tiktok", "budi")
    add(cicero, "02010123", "Siti")
    before = cicero("user", "list", "--json").stdout
    result = cicero("user", *words)
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"cicero: {expected}\n")
    assert cicero("user", "list", "--json").stdout == before


def test_a_handle_may_be_that_of_an_inactive_user_or_of_another_client(cicero: Run) -> None:
    add(cicero, "1", "Budi", "--insta", "budi")
    cicero("user", "add", "2", "--client", "polres_b", "--nama", "B", "--insta", "budi")
    cicero("user", "set", "1", "--inactive")
    add(cicero, "3", "Eko", "--insta", "budi")
    back = cicero("user", "set", "1", "--active")
    assert back.stderr.startswith("cicero: --insta 'budi': Eko (3) has this handle")
    moved = cicero("user", "set", "2", "--client", "polres_a")
    assert moved.stderr.startswith("cicero: --insta 'budi': Eko (3) has this handle")


def test_a_user_with_an_id_of_former_days_can_be_changed_and_removed(
    cicero: Run, store: Store
) -> None:
    store.users.add(User(user_id="PHL-7/2", client_id="POLRES_A", nama="Hadi"))
    assert cicero("user", "set", "PHL-7/2", "--nama", "Hadi S").exit_code == 0
    assert cicero("user", "remove", "PHL-7/2", "--yes").exit_code == 0
    refused = cicero("user", "add", "PHL-7/2", "--client", "polres_a", "--nama", "Hadi")
    assert "without spaces or slashes" in refused.stderr


def test_an_import_says_what_it_did(cicero: Run) -> None:
    add(cicero, "85010001", "Budi", "--title", "BRIPKA", "--insta", "budi")
    add(cicero, "85010002", "Dewi")
    add(cicero, "85010003", "Eko")
    source = write(
        "NRP;Nama;Pangkat;IG;Foto\n85010001;Budi;AIPDA;-;\n85010002;Dewi;;;\n85010004;Fajar;;;\n"
    )
    summary = "POLRES_A: 1 new, 1 changed, 1 unchanged, 1 missing from a.csv.\n"
    changes = (
        "        user     nama  field was    will be\n"
        "changed 85010001 Budi  title BRIPKA AIPDA\n"
        "                       insta budi   -\n"
        "new     85010004 Fajar\n"
        "missing 85010003 Eko\n"
    )
    dry = cicero("user", "import", source, "--client", "polres_a", "--dry-run")
    assert (dry.exit_code, dry.stdout) == (0, f"{summary}Dry run: nothing was written.\n{changes}")
    done = cicero("user", "import", source, "--client", "polres_a")
    assert (done.exit_code, done.stdout) == (0, summary)
    assert done.stderr == "columns not known, ignored: Foto\n"
    again = cicero("user", "import", source, "--client", "polres_a", "-q")
    assert again.stdout == "POLRES_A: 0 new, 0 changed, 3 unchanged, 1 missing from a.csv.\n"
    assert again.stderr == ""


def test_a_bad_row_keeps_everything_out_until_it_is_skipped(cicero: Run) -> None:
    source = write("nrp,nama,ig\n1/2,Budi,budi\n2,Siti,siti\n")
    refused = cicero("user", "import", source, "--client", "polres_a")
    line = "a.csv line 2, nrp '1/2': expected an NRP, an NIP or another id without spaces or slashes, such as 85010001\n"
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert refused.stderr == (
        f"{line}nothing was imported: correct 1 bad row, or import the others with --skip-bad\n"
    )
    dry = cicero("user", "import", source, "--client", "polres_a", "--dry-run")
    assert (dry.exit_code, dry.stderr) == (2, refused.stderr)
    assert dry.stdout.startswith("POLRES_A: 1 new, 0 changed")
    assert json.loads(cicero("user", "list", "--json").stdout) == []

    skipped = cicero("user", "import", source, "--client", "polres_a", "--skip-bad")
    assert skipped.exit_code == 3
    assert skipped.stdout.startswith("POLRES_A: 1 new, 0 changed")
    assert skipped.stderr == f"{line}1 bad row left out: correct it and import again\n"


def test_a_bad_cell_costs_that_cell_and_is_named(cicero: Run) -> None:
    source = write("nrp,nama,ig,hp\n1,Budi,budi s,081234567890\n2,Siti,siti,\n")
    words = ("user", "import", source, "--client", "polres_a")
    told = (
        "a.csv line 2, ig 'budi s': expected a handle of letters, digits, dots and underscores, such as @polres.a\n"
        "1 bad cell not read: what is on file stays; the rest of the row counts\n"
    )
    dry = cicero(*words, "--dry-run", "--rejects", "left.csv")
    assert (dry.exit_code, dry.stderr, Path("left.csv").exists()) == (3, told, False)
    done = cicero(*words, "--rejects", "left.csv")
    assert (done.exit_code, done.stdout) == (
        3,
        "POLRES_A: 2 new, 0 changed, 0 unchanged, 0 missing from a.csv.\n",
    )
    assert done.stderr == f"to mend and import again: left.csv\n{told}"
    left = Path("left.csv").read_text(encoding="utf-8-sig")
    assert left == (
        "alasan_ditolak,nrp,nama,ig,hp\n"
        '"ig: expected a handle of letters, digits, dots and underscores, such as @polres.a",'
        "1,Budi,budi s,'081234567890\n"
    )
    Path("left.csv").write_text(left.replace("budi s,", "budi.s,"), encoding="utf-8")
    again = cicero("user", "import", "left.csv", "--client", "polres_a")
    assert (again.exit_code, again.stderr) == (0, "")
    assert json.loads(cicero("user", "show", "1", "--json").stdout)["insta"] == "budi.s"


def test_a_column_that_looks_known_stops_an_import_until_it_is_left_out(cicero: Run) -> None:
    source = write("nrp,nama,instragam\n1,Budi,budi\n")
    asked = cicero("user", "import", source, "--client", "polres_a")
    assert (asked.exit_code, asked.stdout) == (2, "")
    assert "'instragam' (is it insta?)" in asked.stderr
    done = cicero("user", "import", source, "--client", "polres_a", "--ignore-column", "Instragam")
    assert (done.exit_code, done.stderr) == (0, "columns not known, ignored: instragam\n")


def test_an_id_with_dots_is_refused_wherever_it_is_typed(cicero: Run) -> None:
    add(cicero, "85010001", "Budi")
    for user_id in ("85.010.001", "85010001."):
        refused = cicero("user", "add", user_id, "--client", "polres_a", "--nama", "Budi")
        assert refused.exit_code == 2
        assert "it may be 85010001 (Budi), who is on file" in refused.stderr
        source = write(f"nrp,nama\n{user_id},Budi\n")
        imported = cicero("user", "import", source, "--client", "polres_a")
        assert imported.exit_code == 2
        assert "it may be 85010001 (Budi), who is on file" in imported.stderr
    fresh = cicero("user", "add", "85.010.002", "--client", "polres_a", "--nama", "Siti")
    assert "an id has no dots: is it 85010002?" in fresh.stderr


def test_the_json_of_an_import_is_what_scripts_rely_on(cicero: Run) -> None:
    add(cicero, "85010001", "Budi", "--insta", "budi")
    add(cicero, "85010002", "Dewi")
    source = write(
        "nrp,nama,ig,x\n85010001,Budi S,@Budi,\n3,Eko,eko,\n4/5,Fajar,f f,\n6,Gita,g g\n"
    )
    result = cicero("user", "import", source, "--client", "polres_a", "--skip-bad", "--json")
    assert result.exit_code == 3
    told = json.loads(result.stdout)
    assert told == {
        "client_id": "POLRES_A",
        "source": "a.csv",
        "import_id": 1,
        "digest": told["digest"],
        "dry_run": False,
        "new": 2,
        "changed": 1,
        "unchanged": 0,
        "missing": 1,
        "deactivated": 0,
        "transferred": 0,
        "refused": 1,
        "doubtful": 0,
        "written": 3,
        "bad": [
            {
                "line": 4,
                "column": "nrp",
                "value": "4/5",
                "reason": "expected an NRP, an NIP or another id without spaces or slashes, such as 85010001",
            }
        ],
        "bad_cells": [
            {
                "line": 5,
                "column": "ig",
                "value": "g g",
                "reason": "expected a handle of letters, digits, dots and underscores, such as @polres.a",
            }
        ],
        "changes": [
            {
                "user_id": "3",
                "nama": "Eko",
                "line": 3,
                "new": True,
                "changes": {
                    "nama": [None, "Eko"],
                    "insta": [None, "eko"],
                    "exception": [None, False],
                    "status": [None, True],
                    "wa_opt_in": [None, True],
                },
            },
            {
                "user_id": "6",
                "nama": "Gita",
                "line": 5,
                "new": True,
                "changes": {
                    "nama": [None, "Gita"],
                    "exception": [None, False],
                    "status": [None, True],
                    "wa_opt_in": [None, True],
                },
            },
            {
                "user_id": "85010001",
                "nama": "Budi S",
                "line": 2,
                "new": False,
                "changes": {"nama": ["Budi", "Budi S"]},
            },
        ],
        "doubts": [],
        "missing_users": [{"user_id": "85010002", "nama": "Dewi", "status": True}],
        "ignored_columns": ["x"],
        "mapped_columns": {},
        "lines_passed_over": [],
        "other_tabs": [],
    }


def test_new_ids_that_lack_a_zero_are_doubted(cicero: Run) -> None:
    source = write("nrp,nama\n2010123,Siti\n85010001,Budi\n")
    result = cicero("user", "import", source, "--client", "polres_a", "--dry-run")
    assert result.stderr == (
        "a.csv line 2, Siti (2010123): 7 digits where others have 8: did a spreadsheet drop a leading zero?\n"
    )
    tried = cicero("user", "import", source, "--client", "polres_a", "--dry-run", "--json")
    [doubt] = json.loads(tried.stdout)["doubts"]
    assert (doubt["line"], doubt["user_id"]) == (2, "2010123")


def test_an_export_is_a_sheet_that_spreadsheets_leave_alone(cicero: Run) -> None:
    add(
        cicero, "02010123", "Siti", "--whatsapp", "081234567890", "--jabatan", "=1+1", "--exception"
    )
    sheet = (
        "user_id,nama,title,divisi,jabatan,insta,tiktok,whatsapp,email,exception,status,wa_opt_in\n"
        "'02010123,Siti,,,'=1+1,,,'+6281234567890,,ya,aktif,ya\n"
    )
    assert cicero("user", "export", "--client", "polres_a").stdout == sheet
    assert cicero("user", "export", "--client", "polres_a", "--output", "csv").stdout == sheet
    rows = json.loads(cicero("user", "export", "--client", "polres_a", "--json").stdout)
    assert (rows[0]["user_id"], rows[0]["jabatan"]) == ("02010123", "=1+1")

    words = ("user", "export", "--client", "polres_a", "--file", "out.csv")
    dry = cicero(*words, "--dry-run")
    assert (dry.stdout, Path("out.csv").exists()) == (
        "1 user would be written to out.csv.\n",
        False,
    )
    assert cicero(*words).stdout == "1 user written to out.csv.\n"
    assert Path("out.csv").read_text(encoding="utf-8-sig") == sheet
    assert Path("out.csv").stat().st_mode & 0o777 == 0o600
    again = cicero("user", "import", "out.csv", "--client", "polres_a")
    assert again.stdout == "POLRES_A: 0 new, 0 changed, 1 unchanged, 0 missing from out.csv.\n"


def test_no_csv_holds_a_formula(cicero: Run) -> None:
    add(cicero, "1", "=HYPERLINK(1)", "--jabatan", "+1", "--title", "@x", "--divisi", "-SIE")
    listed = cicero("user", "list", "--output", "csv").stdout
    assert listed.splitlines()[1] == "1,POLRES_A,'=HYPERLINK(1),'@x,'-SIE,'+1,,,,,no,yes,yes"
    shown = cicero("user", "show", "1", "--output", "csv").stdout
    assert "nama,'=HYPERLINK(1)\n" in shown
    again = cicero("user", "import", write(listed), "--client", "polres_a", "--json")
    assert (again.exit_code, json.loads(again.stdout)["unchanged"]) == (0, 1)


def test_the_csv_of_a_list_imports_as_unchanged_too(cicero: Run) -> None:
    add(cicero, "02010123", "Siti, S.H.", "--whatsapp", "081234567890", "--insta", "siti")
    listed = cicero("user", "list", "--output", "csv").stdout
    assert listed.startswith("user_id,client_id,nama,")
    again = cicero("user", "import", write(listed), "--client", "polres_a", "--json")
    assert (again.exit_code, json.loads(again.stdout)["unchanged"]) == (0, 1)


def test_a_mistyped_id_is_replaced_and_what_was_done_stays(cicero: Run, store: Store) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    cicero("user", "add", "85010001", "--client", "polres_a", "--nama", "Budi", "--insta", "budi")
    cicero("user", "add", "85010002", "--client", "polres_a", "--nama", "Ani")

    renamed = cicero("user", "set", "85010001", "--id", "85010009", "--nama", "Budi S", "--json")
    taken = cicero("user", "set", "85010009", "--id", "85010002")

    assert json.loads(renamed.stdout)["user_id"] == "85010009"
    assert cicero("user", "show", "85010001").exit_code == 2
    assert (taken.exit_code, taken.stderr) == (
        2,
        "cicero: user 85010002 exists already (Ani, POLRES_A)\n",
    )
    assert [entry.action for entry in store.audit.list(name=None, limit=2)] == [
        "user.changed",
        "user.renamed",
    ]


def test_set_takes_a_name_or_handle_and_says_what_it_changed(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A")
    cicero("user", "add", "85010001", "--client", "polres_a", "--nama", "Budi", "--insta", "budi")
    cicero("user", "add", "85010002", "--client", "polres_a", "--nama", "Budiman")

    changed = cicero("user", "set", "@budi", "--insta", "budi.baru", "--whatsapp", "0812 3456 7890")
    same = cicero("user", "set", "budi", "--insta", "budi.baru")
    mended = cicero("user", "set", "budi", "--active", "--from", "2026-11-01")
    script = cicero("user", "set", "budi", "--insta", "", "--exception", "--json")
    several = cicero("user", "set", "bud", "--insta", "x")
    client = cicero("client", "set", "polres_a", "--threshold", "0.8")

    assert changed.stdout == (
        "85010001 (Budi) changed:\n  insta: budi > budi.baru\n  whatsapp: - > 6281234567890\n"
    )
    assert same.stdout == "Nothing is different: that is on file already.\n"
    assert mended.stdout == "85010001 (Budi) changed:\n  days mended: 2026-11-01..\n"
    document = json.loads(script.stdout)
    assert (document["user_id"], document["insta"]) == ("85010001", None)
    assert document["changed"] == {
        "insta": {"old": "budi.baru", "new": None},
        "exception": {"old": False, "new": True},
    }
    assert (several.exit_code, several.stdout) == (2, "")
    assert client.stdout == "POLRES_A (Polres A) changed:\n  threshold: 0.5 > 0.8\n"
