"""Nothing that a person reads is English: each reason of the other layers has its Indonesian words."""

from __future__ import annotations

from datetime import date

import pytest

from cicero_cli.domain.attendance.absensi import Group
from cicero_cli.domain.attendance.near_misses import find_near_misses
from cicero_cli.domain.attendance.percentages import percent_indonesian
from cicero_cli.domain.collection.runs import RunStatus
from cicero_cli.domain.messaging.messages import Kind, MessageStatus
from cicero_cli.domain.roster.clients import normalise_client_field
from cicero_cli.domain.roster.users import User, normalise_user_field
from cicero_cli.errors import BadValueError, InputError, NotFoundError
from cicero_cli.web.http.sentences import error_sentence, indonesian, sentence
from cicero_cli.web.pages.html import format_number
from cicero_cli.web.pages.labels import (
    FIELD_WORDS,
    GROUP_WORDS,
    MESSAGE_WORDS,
    RUN_WORDS,
)
from cicero_cli.words import Text, reason_of

BAD_VALUES = [
    ("user_id", ""), ("user_id", "list"), ("user_id", "1/2"), ("user_id", "8.1E+10"), ("user_id", "12,0"), ("user_id", "1" * 15 + "000"),
    ("nama", ""), ("nama", "x" * 300), ("title", "\x07"), ("insta", "a b"), ("insta", "https://x.test/a"),
    ("insta", "instagram.com/p/abc"), ("tiktok", "instagram.com/a"), ("whatsapp", "abc"),
    ("whatsapp", "8,1E+10"), ("whatsapp", "0812"), ("email", "budi"), ("exception", "mungkin"),
]  # fmt: skip
BAD_CLIENTS = [
    ("client_type", "FOO"),
    ("client_id", "a b"), ("nama", ""), ("client_insta", "a b"), ("client_group", "x@g.us"),
    ("client_operator", "abc"), ("timezone", "UTC"), ("threshold", 0.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), BAD_VALUES)
def test_what_is_wrong_with_a_user_is_said_in_indonesian(name: str, value: str) -> None:
    with pytest.raises(BadValueError) as refused:
        normalise_user_field(name, value)
    assert indonesian(reason_of(refused.value)) != str(refused.value)


@pytest.mark.parametrize(("name", "value"), BAD_CLIENTS)
def test_what_is_wrong_with_a_client_is_said_in_indonesian(name: str, value: object) -> None:
    with pytest.raises(BadValueError) as refused:
        normalise_client_field(name, value)
    assert indonesian(reason_of(refused.value)) != str(refused.value)


def test_why_a_handle_looks_alike_is_said_in_indonesian() -> None:
    seen = [
        "budi.santoso",
        "budisantoso1",
        "budisantsoo",
        "budisantosa",
        "budisantos",
        "xbudisantoso",
    ]
    seen += ["budisantosohalim", "budisamtozo"]
    for start in (0, 4):
        for miss in find_near_misses(
            "budisantoso", seen[start : start + 4], former=["budisantosa"]
        ):
            assert indonesian(miss.reason) != miss.reason


def test_an_error_is_told_without_the_words_of_a_shell() -> None:
    typed = InputError(
        "{option} {value!r}: {reason}; nothing was changed",
        option="--nama",
        value="x",
        reason=Text("expected a name"),
    )
    today = Text("expected a day that has come: today is {today}", today=date(2026, 11, 25))

    assert error_sentence(typed) == "nama: Nama wajib diisi."
    assert error_sentence(
        InputError("--date {typed}: {reason}", field="date", typed="x", reason=today)
    ) == ("Hari itu belum tiba; hari ini 25 November 2026.")
    assert error_sentence(
        NotFoundError("there is no client {client_id}", client_id="POLRES_A")
    ) == ("Klien POLRES_A tidak ada.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("time_range: belum diisi", "time_range: belum diisi."),
        ("Bulan itu belum tiba.", "Bulan itu belum tiba."),
        ("{file} kosong", "{file} kosong."),
        ("", ""),
    ],
)
def test_a_sentence_begins_with_a_capital_and_ends_with_a_stop(words: str, said: str) -> None:
    assert sentence(words) == said


def test_every_state_and_field_has_its_word() -> None:
    assert set(GROUP_WORDS) == {*Group, "tidak_aktif"}
    assert set(RUN_WORDS) == {each.value for each in RunStatus}
    assert set(MESSAGE_WORDS) == {each.value for each in (*MessageStatus, *Kind)}
    assert set(FIELD_WORDS) == {*User.__dataclass_fields__, "leave"}


def test_numbers_are_written_as_indonesians_do() -> None:
    assert format_number(1234567) == "1.234.567"
    assert [percent_indonesian(part, 1000) for part in (0, 1, 500, 798, 999, 1000)] == [
        "0%", "0,1%", "50%", "79,8%", "99,9%", "100%",
    ]  # fmt: skip
