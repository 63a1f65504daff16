from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.roster.blanks import is_blank
from cicero_cli.domain.roster.sheet import SHEET_COLUMNS, read_roster, sheet_row
from cicero_cli.domain.roster.sheet_csv import read_csv, write_csv
from cicero_cli.domain.roster.sheet_diff import RosterDiff, compare_roster
from cicero_cli.domain.roster.sheet_text import list_bad_rows, summarise, tabulate_diff
from cicero_cli.domain.roster.users import User, normalise_user_field
from cicero_cli.errors import InputError

BUDI = User(
    user_id="85010001",
    client_id="POLRES_A",
    nama="Budi Santoso",
    title="BRIPKA",
    divisi="SAT LANTAS",
    insta="budi.s",
    tiktok="budi_s",
    whatsapp="6281234567890",
)
SITI = User(user_id="02010123", client_id="POLRES_A", nama="Siti Aminah", insta="siti")


def compare(text: str, *known: User, elsewhere: dict[str, str] | None = None) -> RosterDiff:
    roster = read_roster(read_csv(text.encode(), "a.csv"))
    return compare_roster(roster, client_id="POLRES_A", known=known, elsewhere=elsewhere or {})


def changes(diff: RosterDiff) -> dict[str, dict[str, tuple[object, object]]]:
    return {change.user.user_id: change.changes for change in diff.changed}


def reasons(diff: RosterDiff) -> list[tuple[int, str, str, str]]:
    return [(bad.line, bad.column, bad.value, bad.reason) for bad in diff.bad]


def cells(diff: RosterDiff) -> list[tuple[int, str, str, str]]:
    return [(bad.line, bad.column, bad.value, bad.reason) for bad in diff.bad_cells]


@pytest.mark.parametrize(
    "header",
    [
        "user_id,nama,title,divisi,jabatan,insta,tiktok,whatsapp,email,exception,status",
        "NRP/NIP,Nama Lengkap,Pangkat,Satuan Fungsi,JABATAN,Username IG,Username TikTok,No. HP,E-mail,Pengecualian,Aktif",
        " nip , NAME,PANGKAT/TITLE,satfung,jabatan,Instagram,tt,No WA,email,exception,STATUS",
        "id,nama,pangkat,Bagian,jabatan,ig,Tik Tok,Telepon,surel,Dikecualikan,active",
    ],
)
def test_headings_are_known_in_any_case_and_by_their_indonesian_names(header: str) -> None:
    diff = compare(f"{header}\n1,A,B,C,D,e,f,081234567890,a@b.id,ya,nonaktif\n")
    assert [change.user for change in diff.new] == [
        User(
            user_id="1",
            client_id="POLRES_A",
            nama="A",
            title="B",
            divisi="C",
            jabatan="D",
            insta="e",
            tiktok="f",
            whatsapp="6281234567890",
            email="a@b.id",
            exception=True,
            status=False,
        )
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nama,ig\nBudi,budi\n", "a.csv has no column user_id (or NRP, NIP); its first line is 'nama', 'ig'"),
        ("nrp,nama\n", "a.csv has headings but no rows; nothing was changed"),
        ("NRP,nip,nama\n1,2,Budi\n", "a.csv: the columns 'NRP' and 'nip' both mean user_id"),
    ],
)  # fmt: skip
def test_headings_that_do_not_say_enough_are_refused(text: str, expected: str) -> None:
    with pytest.raises(InputError) as caught:
        compare(text)
    assert caught.value.message == expected


def test_columns_that_nobody_knows_are_named_and_ignored() -> None:
    roster = read_roster(read_csv(b"No,nrp,nama,Alamat,\n1,8501,Budi,Jl. A,\n", "a.csv"))
    assert roster.table.ignored == ["No", "Alamat"]


def test_a_sheet_without_a_column_leaves_its_field_alone() -> None:
    assert changes(compare("nrp,pangkat\n85010001,AIPDA\n", BUDI)) == {
        "85010001": {"title": ("BRIPKA", "AIPDA")}
    }


def test_an_empty_cell_leaves_its_field_alone_and_a_dash_clears_it() -> None:
    diff = compare("nrp,nama,instagram,tiktok,hp\n85010001,,-,,belum ada\n", BUDI)
    assert diff.bad == []
    assert changes(diff) == {"85010001": {"insta": ("budi.s", None)}}
    no_number = compare("nrp,hp\n85010001,0\n", BUDI)
    assert (changes(no_number), no_number.unchanged) == ({}, 1)


def test_a_dash_ends_an_exception_and_clears_neither_name_nor_status() -> None:
    exempt = replace(BUDI, exception=True)
    assert changes(compare("nrp,exception\n85010001,-\n", exempt)) == {
        "85010001": {"exception": (True, False)}
    }
    assert reasons(compare("nrp,nama,status\n85010001,-,-\n", BUDI)) == [
        (2, "nama", "-", "this field cannot be cleared"),
        (2, "status", "-", "this field cannot be cleared"),
    ]


def test_who_refused_reminders_stays_refused_whatever_the_sheet_says() -> None:
    refused = replace(BUDI, wa_opt_in=False)
    assert compare("nrp,wa_opt_in\n85010001,ya\n", refused).unchanged == 1
    withdrawn = compare("nrp,wa_opt_in\n85010001,tidak\n", BUDI)
    assert changes(withdrawn) == {"85010001": {"wa_opt_in": (True, False)}}


def test_users_whom_the_sheet_lacks_are_missing_and_a_bad_row_is_not_missing() -> None:
    diff = compare("nrp,nama,hp\n02010123,Siti,0812\n", BUDI, SITI)
    assert [user.user_id for user in diff.missing] == ["85010001"]


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("1,Budi,,,mungkin", "exception", "mungkin", "expected ya or tidak (or aktif, nonaktif, true, false, 1, 0, x)"),
        ("1,B\0di,,,", "nama", "B\0di", "it holds a character that is no text (U+0000)"),
        ("1,,,,", "nama", "", "this user is new and needs a name"),
        (",Budi,,,", "nrp", "", "it is empty; every row needs an NRP, NIP or id"),
        ("1 Budi,,,,", "nrp", "1 Budi", "expected an NRP, an NIP or another id without spaces or slashes, such as 85010001"),
        ("2010123,Siti,,,", "nrp", "2010123", "02010123 is on file: a spreadsheet may have dropped the zeros"),
        ("9000,Lain,,,", "nrp", "9000", "this user belongs to client POLRES_B"),
        ("85.010.009,Budi,,,", "nrp", "85.010.009", "an id has no dots: is it 85010009?"),
        ("85060010.,Budi,,,", "nrp", "85060010.", "an id has no dots: is it 85060010?"),
        ("19850301.201001.1.002,Budi,,,", "nrp", "19850301.201001.1.002", "an id has no dots: is it 198503012010011002?"),
        ("02.010.123,Siti,,,", "nrp", "02.010.123", "it may be 02010123 (Siti Aminah), who is on file: write the id as it is there"),
        ("02010123.,Siti,,,", "nrp", "02010123.", "it may be 02010123 (Siti Aminah), who is on file: write the id as it is there"),
        ("2010123.0,Siti,,,", "nrp", "2010123.0", "expected an id without decimals; format its column as text; it may be 02010123 (Siti Aminah)"),
        ("1,Gita, S.H.,,", "", "1, Gita,  S.H., ,", "S.H. belongs to the name: a value with a comma needs quotes"),
        ("1,Gita, S.H.,,,", "", "1, Gita,  S.H., , ,", "it has 6 cells where the headings are 5: a value with a comma needs quotes"),
    ],
)  # fmt: skip
def test_a_bad_row_is_named_by_line_column_value_and_reason(
    row: str, column: str, value: str, reason: str
) -> None:
    text = f"nrp,nama,instagram,hp,exception\n7,Good,,,\n{row}\n"
    diff = compare(text, SITI, elsewhere={"9000": "POLRES_B"})
    assert reasons(diff) == [(3, column, value, reason)]
    assert [change.user.user_id for change in diff.new] == ["7"]


@pytest.mark.parametrize(
    ("row", "column", "value", "reason"),
    [
        ("85010001,budi s,", "instagram", "budi s", "expected a handle of letters, digits, dots and underscores, such as @polres.a"),
        ('85010001,,"8,12E+10"', "hp", "8,12E+10", "a spreadsheet shortened this number; format its column as text and type it again"),
        ("85010001,,0812", "hp", "0812", "this number cannot exist; expected one such as 081234567890"),
    ],
)  # fmt: skip
def test_a_bad_handle_or_number_costs_that_cell(
    row: str, column: str, value: str, reason: str
) -> None:
    diff = compare(f"nrp,instagram,hp,pangkat\n{row},AIPDA\n", BUDI)
    assert (reasons(diff), cells(diff)) == ([], [(2, column, value, reason)])
    assert changes(diff) == {"85010001": {"title": ("BRIPKA", "AIPDA")}}
    new = compare(f"nrp,instagram,hp,nama\n{row},Budi\n")
    assert [change.user for change in new.new] == [
        User(user_id="85010001", client_id="POLRES_A", nama="Budi")
    ]


def test_every_bad_cell_of_a_row_is_named() -> None:
    text = "nrp,nama,ig,wa,status\n1,Budi,b b,0812,{}\n"
    diff = compare(text.format("aktif"))
    assert (diff.bad, [bad.column for bad in diff.bad_cells]) == ([], ["ig", "wa"])
    left_out = compare(text.format("mungkin"))
    assert [bad.column for bad in left_out.bad] == ["status", "ig", "wa"]
    assert (left_out.bad_lines, left_out.bad_cells) == (1, [])


def test_who_stands_in_a_row_that_lacks_empty_cells_or_has_more_is_read() -> None:
    diff = compare("nrp,nama,ig,hp\n1,Budi\n2,Siti,siti,,,,\n3\n", replace(BUDI, user_id="3"))
    assert (diff.bad, diff.unchanged) == ([], 1)
    assert [(change.user.user_id, change.user.insta) for change in diff.new] == [
        ("1", None),
        ("2", "siti"),
    ]


def test_a_row_of_nothing_but_a_running_number_is_nobody() -> None:
    diff = compare("No,NRP,Nama\n1,85010002,Budi\n2,,\n3,,\n")
    assert (diff.bad, len(diff.new)) == ([], 1)


def test_a_row_with_a_doubtful_id_names_its_other_faults_too() -> None:
    diff = compare("nrp,nama,ig\n85.010.009,Budi,b b\n")
    assert [(bad.line, bad.column) for bad in diff.bad] == [(2, "nrp"), (2, "ig")]
    assert diff.bad_cells == []


def test_who_may_be_meant_by_a_spoilt_id_is_not_missing() -> None:
    for written in ("02.010.123", "2010123", "2010123.0", '"02,010,123"'):
        assert compare(f"nrp\n{written}\n", SITI).missing == []


def test_a_row_of_another_client_is_refused() -> None:
    diff = compare("nrp,nama,client_id\n1,Budi,polres_a\n2,Siti,POLRES_B\n")
    assert reasons(diff) == [(3, "client_id", "POLRES_B", "this import is for client POLRES_A")]


def test_an_id_in_two_rows_is_bad_in_both() -> None:
    diff = compare('nrp,nama\n1,Budi\n="1",Budi\n2,Siti\n')
    assert reasons(diff) == [
        (2, "nrp", "1", "this id stands in line 3 as well"),
        (3, "nrp", '="1"', "this id stands in line 2 as well"),
    ]
    assert [change.user.user_id for change in diff.new] == ["2"]


def test_two_rows_with_one_handle_are_both_bad_and_shown_with_both_names() -> None:
    diff = compare("nrp,nama,ig\n1,Joko,joko\n2,Kiki,@JOKO\n")
    assert reasons(diff) == [
        (2, "ig", "joko", "Joko (1) and Kiki (2, line 3) cannot both have this handle"),
        (3, "ig", "joko", "Kiki (2) and Joko (1, line 2) cannot both have this handle"),
    ]


def test_who_has_a_handle_on_file_keeps_it() -> None:
    diff = compare("nrp,nama,ig\n02010123,Siti,siti\n2,Kiki,siti\n", SITI)
    assert reasons(diff) == [
        (3, "ig", "siti", "Kiki (2) and Siti (02010123, line 2) cannot both have this handle")
    ]
    missing = compare("nrp,nama,ig\n2,Kiki,siti\n", SITI)
    assert reasons(missing) == [
        (2, "ig", "siti", "Kiki (2) and Siti Aminah (02010123, on file) cannot both have this handle")
    ]  # fmt: skip


def test_two_users_may_swap_their_handles_in_one_sheet() -> None:
    diff = compare("nrp,ig\n85010001,siti\n02010123,budi.s\n", BUDI, SITI)
    assert diff.bad == []
    assert len(diff.changed) == 2


def test_a_swap_with_a_bad_half_is_bad_as_a_whole() -> None:
    diff = compare("nrp,ig,status\n85010001,siti,\n02010123,budi.s,mungkin\n", BUDI, SITI)
    assert [(bad.line, bad.column) for bad in diff.bad] == [(2, "ig"), (3, "status")]
    assert diff.changed == []


def test_a_handle_is_free_when_its_user_is_inactive_and_contested_when_active_again() -> None:
    leaver = replace(SITI, status=False)
    assert compare("nrp,nama,ig\n2,Kiki,siti\n", leaver).bad == []
    kiki = User(user_id="2", client_id="POLRES_A", nama="Kiki", insta="siti")
    back = compare("nrp,status\n02010123,aktif\n", leaver, kiki)
    assert reasons(back) == [
        (2, "insta", "siti", "Siti Aminah (02010123) and Kiki (2, on file) cannot both have this handle")
    ]  # fmt: skip


def test_who_would_share_a_handle_with_a_bad_row_is_bad_too() -> None:
    diff = compare("nrp,nama,ig,status\n1,Joko,joko,mungkin\n2,Kiki,joko,\n3,Lala,lala,\n")
    assert [(bad.line, bad.column) for bad in diff.bad] == [(2, "status"), (2, "ig"), (3, "ig")]
    assert [change.user.user_id for change in diff.new] == ["3"]


def test_a_chain_of_handles_that_hangs_on_a_bad_row_falls_with_it() -> None:
    known = [User(user_id=str(i), client_id="POLRES_A", nama=f"U{i}", insta=f"u{i}") for i in range(1000, 3000)]  # fmt: skip
    rows = [f"{i},u{i + 1},{'mungkin' if i == 2999 else ''}" for i in range(1000, 3000)]
    diff = compare("\n".join(["nrp,ig,status", *rows]), *known)
    assert diff.bad_lines == 2000
    assert diff.changed == []


def test_the_diff_fits_a_terminal_and_long_lists_are_cut() -> None:
    long = "Budi Santoso Wirawan Hadikusumo"
    rows = [f"{i},User {i},," for i in range(1, 1001)]
    text = f"nrp,nama,jabatan,ig\n85010001,{long},Kepala Urusan Pembinaan Operasional,budi.santoso.wirawan\n"
    diff = compare(text + "\n".join(rows), BUDI, SITI)
    assert summarise(diff, "POLRES_A", "a.csv") == (
        "POLRES_A: 1,000 new, 1 changed, 0 unchanged, 1 missing from a.csv."
    )
    lines = tabulate_diff(diff).splitlines()
    assert max(map(len, lines)) <= 80
    assert len(lines) == 42
    assert lines[:5] == [
        "        user     nama                 field   was          will be",
        "changed 85010001 Budi Santoso Wirawa… nama    Budi Santoso Budi Santoso Wirawan…",
        "                                      jabatan -            Kepala Urusan Pembin…",
        "                                      insta   budi.s       budi.santoso.wirawan",
        "new     1        User 1",
    ]
    assert lines[-1] == "… and 964 more lines; --json has all of them"


def test_a_long_list_of_bad_rows_is_cut() -> None:
    rows = [f"{i},U,b b" for i in range(1, 201)]
    lines = list_bad_rows(compare("\n".join(["nrp,nama,ig", *rows])).bad_cells, "a.csv")
    assert len(lines) == 51
    assert lines["… and 150 more"] == "--json has all of them"


_WORDS = st.text(st.characters(codec="utf-8"), max_size=20) | st.sampled_from(
    ["=1+1", "+62", "-", "@x", "'=x", "'0", "''", '="1"', "A, B", 'A "B" C', "A;B", "\tA", "A\nB"]
)
_HANDLES = st.none() | st.from_regex(
    r"[a-z_][a-z0-9]{0,4}[._]?[a-z0-9_]{1,4}", fullmatch=True
).filter(lambda handle: not is_blank(handle))


@st.composite
def _users(draw: st.DrawFn) -> list[User]:
    users = []
    for user_id in draw(st.sets(st.from_regex(r"[0-9A-Z]{1,8}|[0-9]{18}", fullmatch=True), max_size=5)):  # fmt: skip
        words = {name: draw(_WORDS) for name in ("nama", "title", "divisi", "jabatan")}
        try:
            normalise_user_field("user_id", user_id)
            fields = {name: normalise_user_field(name, text) for name, text in words.items()}
        except ValueError:
            continue
        fields |= {
            "insta": draw(_HANDLES),
            "tiktok": draw(_HANDLES),
            "whatsapp": draw(st.sampled_from([None, "6281234567890", "819012345678", "6591234567"])),
            "email": draw(st.sampled_from([None, "a@b.id", "+a@b.id"])),
            "exception": draw(st.booleans()),
            "status": draw(st.booleans()),
            "wa_opt_in": draw(st.booleans()),
        }  # fmt: skip
        users.append(User(user_id=user_id, client_id="POLRES_A", **fields))  # type: ignore[arg-type]
    return [user for user in users if _is_alone(user, users)]


def _is_alone(user: User, users: Sequence[User]) -> bool:
    others = [other for other in users if other is not user]
    return not any(
        (user.insta and user.insta == other.insta) or (user.tiktok and user.tiktok == other.tiktok)
        for other in others
    )


@given(_users().filter(bool), st.randoms(use_true_random=False))
def test_an_export_imports_as_unchanged_whatever_saved_it(
    users: list[User], shuffle: random.Random
) -> None:
    columns = [*SHEET_COLUMNS]
    shuffle.shuffle(columns)
    text = write_csv(columns, [sheet_row(user) for user in users])
    for saved in (text.encode(), text.encode("utf-8-sig"), text.replace("\n", "\r\n").encode()):
        roster = read_roster(read_csv(saved, "a.csv"))
        diff = compare_roster(roster, client_id="POLRES_A", known=users, elsewhere={})
        assert (diff.bad, diff.changed, diff.missing) == ([], [], [])
        assert diff.unchanged == len(users)
        fresh = compare_roster(roster, client_id="POLRES_A", known=[], elsewhere={})
        assert [change.user for change in fresh.new] == users


@given(
    st.permutations(["nrp", "nama", "ig", "hp"]),
    st.sampled_from(",;\t"),
    st.sampled_from(["utf-8", "utf-8-sig"]),
)
def test_order_delimiter_and_byte_order_mark_change_nothing(
    order: list[str], delimiter: str, encoding: str
) -> None:
    row = {"nrp": "1", "nama": "Budi", "ig": "@Budi", "hp": "081234567890"}
    text = f"{delimiter.join(order)}\n{delimiter.join(row[name] for name in order)}\n"
    table = read_csv(text.encode(encoding), "a.csv")
    diff = compare_roster(read_roster(table), client_id="A", known=[], elsewhere={})
    assert [change.user for change in diff.new] == [
        User(user_id="1", client_id="A", nama="Budi", insta="budi", whatsapp="6281234567890")
    ]
