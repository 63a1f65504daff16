"""`cicero recipient`: who gets a client's reports beside its own columns."""

from __future__ import annotations

import json

import pytest

from cicero_cli.repositories.database.store import Store
from tests.conftest import Run

KASAT = ("recipient", "set", "kasat lantas", "--client", "polres_a")


@pytest.fixture(autouse=True)
def unit(cicero: Run) -> None:
    cicero("client", "add", "polres_a", "--nama", "Polres A", "--operator", "081211110001")
    cicero("user", "add", "1", "--client", "polres_a", "--nama", "Ani", "--divisi", "Sat Lantas")
    added = cicero(
        "recipient", "add", "0812-1111-0002", "--client", "polres_a", "--divisi", "SATLANTAS",
        "--name", " Kasat  Lantas ",
    )  # fmt: skip
    assert added.stdout == "Kasat Lantas gets laphar, rekap of POLRES_A: Sat Lantas.\n"


def test_a_recipient_is_added_listed_changed_and_removed(cicero: Run, store: Store) -> None:
    group = "120363000000000001@g.us"
    cicero("recipient", "add", group, "--client", "polres_a", "--what", "tugas, laphar")
    assert cicero("recipient", "list").stdout == (
        "client    name          recipient                what          divisi        mode    at\n"
        "POLRES_A  Kasat Lantas  6281211110002            laphar rekap  Sat Lantas\n"
        "POLRES_A                120363000000000001@g.us  laphar tugas\n"
    )
    changed = cicero(*KASAT, "--at", "21:00,7:00", "--mode", "akumulasi", "--divisi", "")
    assert changed.stdout == (
        "Kasat Lantas of POLRES_A changed:\n"
        "  divisi: Sat Lantas > ''\n"
        "  mode: - > akumulasi\n"
        "  at: - > 07:00,21:00\n"
    )
    assert "Nothing is different" in cicero(*KASAT, "--at", "07:00,21:00").stdout
    (mended,) = json.loads(cicero("recipient", "list", "--client", "POLRES_A", "--json").stdout)[:1]
    assert (mended["mode"], mended["at"], mended["what"]) == (
        "akumulasi", "07:00,21:00", ["laphar", "rekap"],
    )  # fmt: skip
    assert json.loads(cicero("client", "show", "polres_a", "--json").stdout)["recipients"] == 2
    gone = cicero("recipient", "remove", "+62 812 1111 0002", "--client", "polres_a", "--json")
    assert json.loads(gone.stdout) == {"removed": "6281211110002"}
    actions = store.connection.execute(
        "SELECT action, details::text FROM audit_log WHERE action LIKE 'recipient.%' ORDER BY 1"
    ).fetchall()
    assert [action for action, _ in actions] == [
        "recipient.added", "recipient.added", "recipient.changed", "recipient.removed",
    ]  # fmt: skip
    assert not any("1111" in details for _, details in actions), "no number stands in the log"
    cicero("client", "remove", "polres_a", "--yes")
    assert cicero("recipient", "list").stderr.startswith("there are none yet")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "0812", "--client", "polres_a"), "NUMBER: this number cannot exist"),
        (("add", " ", "--client", "polres_a"), "NUMBER is empty"),
        (("add", "081211110001", "--client", "polres_a"), "has as --operator"),
        (("add", "081211110002", "--client", "polres_a"), "is a recipient of POLRES_A already"),
        (("add", "081211110003", "--client", "polres_b"), "there is no client POLRES_B"),
        (("add", "081211110003", "--client", "polres_a", "--divisi", "SPKT"), "its divisions: Sat Lantas"),
        (("add", "081211110003", "--client", "polres_a", "--name", "kasat lantas"), "of this name"),
        (("add", "081211110003", "--client", "polres_a", "--what", "laporan"), "laphar, rekap, tugas"),
        ((*KASAT[1:], "--what", "peringkat"), "is about all divisions"),
        ((*KASAT[1:], "--what", "rekap", "--at", "07:00"), "are about the laphar"),
        ((*KASAT[1:], "--mode", "apa"), "expected one of belum, sudah, semua, akumulasi"),
        ((*KASAT[1:], "--at", "24:00"), "expected times of the day"),
        (KASAT[1:], "nothing to change was given"),
        (("remove", "kasat", "--client", "polres_a"), "by name there are: Kasat Lantas"),
        (("list", "--client", "polres_b"), "there is no client POLRES_B"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_typed_wrongly_gets_one_line_and_changes_nothing(
    cicero: Run, store: Store, words: tuple[str, ...], said: str
) -> None:
    before = store.recipients.list()
    refused = cicero("recipient", *words)
    assert (refused.exit_code, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)
    assert said in refused.stderr
    assert store.recipients.list() == before
