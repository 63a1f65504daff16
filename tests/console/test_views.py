"""Every list takes the same options: which columns, in which order, which rows."""

from __future__ import annotations

import json

import pytest

from cicero_cli.console.options import View
from cicero_cli.console.views import see
from cicero_cli.errors import InputError
from tests.conftest import Run

ROWS = [
    {"user_id": "10", "nama": "Ani", "posts": 1200},
    {"user_id": "9", "nama": "budi", "posts": None},
    {"user_id": "8", "nama": "Candra", "posts": 30},
]


def ids(view: View) -> list[str]:
    return [row["user_id"] for row in see(ROWS, {"user_id": "user", "nama": "nama"}, view).rows]


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        (View(sort="nama"), ["10", "9", "8"]),
        (View(sort="-nama"), ["8", "9", "10"]),
        (View(sort="posts"), ["8", "10", "9"]),
        (View(sort="-posts"), ["10", "8", "9"]),  # a blank stands at the end
        (View(search="AN"), ["10", "8"]),
        (View(search="1,200"), ["10"]),
        (View(sort="user", search="an", limit=1), ["10"]),
    ],
)
def test_rows_are_chosen_and_sorted(*, view: View, expected: list[str]) -> None:
    assert ids(view) == expected


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError) as refused:
        ids(View(columns="nam"))
    assert refused.value.line == (
        "there is no column 'nam'; there are user_id, nama, posts (is it nama?)"
    )


def test_a_list_takes_them_in_every_output(cicero: Run) -> None:
    for name in ("polres_b", "polres_a"):
        cicero("client", "add", name, "--nama", name.title(), "--insta", name)

    options = ("--columns", "nama,client", "--sort", "-client", "--limit", "1")
    listed = cicero("client", "list", *options)

    assert listed.stdout == "nama      client\nPolres_B  POLRES_B\n"
    assert listed.stderr == "1 of 2 rows\n"
    assert json.loads(cicero("client", "list", *options, "--json").stdout) == [
        {"nama": "Polres_B", "client_id": "POLRES_B"}
    ]
    assert cicero("client", "list", *options, "--output", "csv").stdout == (
        "nama,client_id\nPolres_B,POLRES_B\n"
    )
    assert cicero("client", "list", "--search", "polres_c").stderr == "no row holds 'polres_c'\n"
    assert cicero("client", "list", "--sort", "foo").exit_code == 2
    assert cicero("client", "list").stdout.count("\n") == 3  # nothing stays from the call before
