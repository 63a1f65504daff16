"""The words of cicero: texts that remember their templates, and the catalogue that has each of them in Indonesian."""

from __future__ import annotations

import string
from datetime import date, timedelta
from typing import Any

import pytest
import typer
from babel.dates import get_day_names, get_month_names
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from cicero_cli.cli import build_app, main
from cicero_cli.domain.periods import format_day_indonesian
from cicero_cli.errors import BadValueError, InputError
from cicero_cli.words import (
    LOCALE,
    MONTHS_INDONESIAN,
    Language,
    Text,
    choose_language,
    join_texts,
    reason_of,
    translate,
)
from docs._words import collect_help_texts, collect_texts, update_catalogue

CATALOGUE = LOCALE / "id" / "LC_MESSAGES" / "cicero.po"


def indonesian(words: str) -> str:
    return translate(words, Language.INDONESIAN)


def names_in(template: str) -> list[tuple[str, bool]]:
    """The parameters of a template, and whether each stands in quotes (`!r`)."""
    return sorted(
        (name, conversion == "r")
        for _, name, _, conversion in string.Formatter().parse(template)
        if name is not None
    )


def entries() -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    with CATALOGUE.open("rb") as file:
        messages = [message for message in read_po(file, locale="id") if message.id]
    return [
        (
            (message.id,) if isinstance(message.id, str) else tuple(message.id),
            (message.string,) if isinstance(message.string, str) else tuple(message.string),
        )
        for message in messages
    ]


def test_a_text_is_its_english_sentence_and_remembers_what_it_is_made_of() -> None:
    text = Text("there is no client {client_id}", client_id="POLRES_A")

    assert text == "there is no client POLRES_A"
    assert (text.template, text.params) == (
        "there is no client {client_id}",
        {"client_id": "POLRES_A"},
    )
    assert indonesian(text) == "klien POLRES_A tidak ada"


def test_a_text_inside_a_text_is_translated_with_it() -> None:
    inner = BadValueError("expected at most {longest} characters, not {count}", longest=2, count=3)
    outer = InputError(
        "{option} {value!r}: {reason}; nothing was changed",
        option="--nama",
        value="Adi",
        reason=reason_of(inner),
    )

    assert (
        outer.message == "--nama 'Adi': expected at most 2 characters, not 3; nothing was changed"
    )
    assert indonesian(outer.message) == (
        "--nama 'Adi': paling panjang 2 karakter; ini 3; tidak ada yang diubah"
    )


def test_the_number_decides_on_the_plural_and_is_written_as_the_language_does() -> None:
    one, many = (
        Text("{count:,} bad row", plural="{count:,} bad rows", count=count) for count in (1, 1234)
    )

    assert (one, many) == ("1 bad row", "1,234 bad rows")
    assert (indonesian(one), indonesian(many)) == ("1 baris salah", "1.234 baris salah")


def test_a_day_is_written_as_the_language_does() -> None:
    text = Text("expected a day that has come: today is {today}", today=date(2026, 8, 17))

    assert text == "expected a day that has come: today is 2026-08-17"
    assert indonesian(text) == "hari itu belum tiba; hari ini 17 Agustus 2026"


def test_what_no_catalogue_knows_stays_as_it_is() -> None:
    assert indonesian("Polres Kota {x") == "Polres Kota {x"
    assert indonesian("") == ""


@given(st.text(), st.text())
def test_what_stands_in_a_parameter_is_never_read_as_a_template(one: str, other: str) -> None:
    text = join_texts([Text("{value}", value=one), other])

    assert text == indonesian(text) == f"{one}, {other}"


def test_months_and_days_have_the_names_that_babel_gives_them() -> None:
    assert list(MONTHS_INDONESIAN) == list(get_month_names(locale="id").values())
    monday = date(2026, 11, 23)
    names = get_day_names(locale="id")
    assert [
        format_day_indonesian(monday + timedelta(days=index)).split(",")[0] for index in range(7)
    ] == [names[index] for index in range(7)]


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({}, "en"),
        ({"LANG": "C"}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "id"}, "id"),
        ({"LANG": "id_ID.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "C", "LC_MESSAGES": "id_ID"}, "id"),
        ({"LANG": "id_ID", "LC_ALL": ""}, "id"),
        ({"LANG": "C", "LC_ALL": "C", "CICERO_LANG": "id"}, "id"),
        ({"LANG": "id_ID.UTF-8", "CICERO_LANG": "en"}, "en"),
    ],
)
def test_the_language_is_ciceros_setting_else_the_locales(
    environ: dict[str, str], language: str
) -> None:
    assert choose_language(environ) == language


@pytest.mark.parametrize("entry", entries(), ids=lambda entry: entry[0][0][:40])
def test_every_translation_has_the_parameters_of_its_text(
    entry: tuple[tuple[str, ...], tuple[str, ...]],
) -> None:
    sources, translations = entry

    for translation in translations:
        assert translation
        assert names_in(translation) == names_in(sources[-1])


def test_the_catalogue_has_neither_places_nor_dates() -> None:
    text = CATALOGUE.read_text(encoding="utf-8")

    assert "\n#: " not in text
    assert "Date" not in text


def test_the_catalogue_is_current_and_knows_every_text() -> None:
    text, compiled = update_catalogue(Language.INDONESIAN)

    assert text == CATALOGUE.read_text(encoding="utf-8")
    assert compiled == CATALOGUE.with_suffix(".mo").read_bytes()
    known = {source for sources, _ in entries() for source in sources}
    assert set(collect_texts()) <= known


def leaves(command: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    children = getattr(command, "commands", {})
    return [path, *(leaf for name in children for leaf in leaves(children[name], (*path, name)))]


@pytest.mark.parametrize("path", leaves(typer.main.get_command(build_app())), ids=" ".join)
def test_the_help_of_every_command_is_indonesian(
    path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LANGUAGE", "")
    monkeypatch.setenv("CICERO_LANG", "id")

    main([*path, "--help"])

    shown = " ".join(capsys.readouterr().out.split())
    assert shown.startswith("Pemakaian: cicero")
    english = {" ".join(text.split()) for text in collect_help_texts() if " " in text}
    assert {text for text in english if text in shown} == set()
