from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.domain.roster.sheet import Roster, read_roster
from cicero_cli.domain.roster.sheet_csv import read_csv, write_rows
from cicero_cli.domain.roster.sheet_diff import RosterDiff, compare_roster
from cicero_cli.domain.roster.sheet_rejects import list_rejects
from cicero_cli.domain.roster.users import User

HEADER = ["NRP", "NAMA", "IG", "NO HP", "STATUS", "KET"]


def imported(rows: Sequence[Sequence[str]], known: Mapping[str, User]) -> tuple[Roster, RosterDiff]:
    roster = read_roster(read_csv(write_rows(rows).encode(), "a.csv"))
    users = list(known.values())
    return roster, compare_roster(roster, client_id="A", known=users, elsewhere={})


def written(diff: RosterDiff, known: Mapping[str, User]) -> dict[str, User]:
    return {**known, **{c.user.user_id: c.user for c in (*diff.new, *diff.changed)}}


def test_rows_that_were_left_out_stand_under_their_headings_with_reasons() -> None:
    rows = [
        HEADER,
        ["1", "Budi", "b b", "0812", "aktif", "=1+1"],
        ["2", "Siti", "siti", "", "", ""],
        ["85.010.001", "Joko", "-", "+6281234567890", "mungkin", ""],
        ["3", "Gita", " S.H.", "", "", "", "x"],
    ]
    assert list_rejects(*imported(rows, {})) == [
        ["alasan_ditolak", *HEADER],
        [
            "IG: expected a handle of letters, digits, dots and underscores, such as @polres.a; "
            "NO HP: this number cannot exist; expected one such as 081234567890",
            *("1", "Budi", "b b", "'0812", "aktif", "'=1+1"),
        ],
        [
            "NRP: an id has no dots: is it 85010001?; "
            "STATUS: expected aktif or nonaktif, or why: pensiun, mutasi, pindah, meninggal; cuti, sakit, dik, BKO",
            *("85.010.001", "Joko", "'-", "'+6281234567890", "mungkin", ""),
        ],
        [
            "it has 7 cells where the headings are 6: a value with a comma needs quotes",
            *("3", "Gita", "S.H.", "", "", "", "x"),
        ],
    ]


def test_rejects_of_rejects_have_one_reason() -> None:
    rows = [["alasan_ditolak", "NRP", "NAMA", "IG"], ["old", "1", "Budi", "b b"]]
    [header, row] = list_rejects(*imported(rows, {}))
    assert (header, row[1:]) == (rows[0], ["1", "Budi", "b b"])
    assert row[0].startswith("IG: expected a handle")


_BAD = {
    "IG": st.sampled_from(["b b", "https://instagram.com/p/x", "a, b"]),
    "NO HP": st.sampled_from(["0812", "8,12E+10", "0812345678901/081234567891"]),
    "STATUS": st.sampled_from(["mungkin", "?!x"]),
    "NAMA": st.just("B\x01di"),
}


@given(st.data(), st.integers(1, 6))
def test_mended_rejects_give_what_the_mended_sheet_gives(data: st.DataObject, people: int) -> None:
    mended, spoilt = [HEADER], [HEADER]
    for number in range(people):
        good = dict(
            zip(HEADER, [f"1{number}", f"Nama {number}", f"u{number}", f"0812345678{number}0", "aktif", "=1"], strict=True)
        )  # fmt: skip
        faults = data.draw(st.sets(st.sampled_from([*_BAD]), max_size=3))
        bad = good | {name: data.draw(_BAD[name]) for name in sorted(faults)}
        mended.append([good[name] for name in HEADER])
        spoilt.append([bad[name] for name in HEADER])
    known = {
        "10": replace(User(user_id="10", client_id="A", nama="Old"), insta="old", status=False)
    }
    whole = written(imported(mended, known)[1], known)

    roster, diff = imported(spoilt, known)
    first = written(diff, known)
    rejects = list_rejects(roster, diff)
    by_id = {row[0]: row for row in mended}
    again = [rejects[0], *([row[0], *by_id[row[1]]] for row in rejects[1:])]
    second = written(imported(again, first)[1], first) if len(again) > 1 else first
    assert second == whole
