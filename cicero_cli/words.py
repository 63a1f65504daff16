"""Words that people read: English sentences as the source, the same in another language from its catalogue.

A `Text` is its English sentence, so it goes wherever a string goes; it keeps what it was made of, so that whoever shows it
may show it in another language. The catalogues are gettext's (docs/contributing.md, Words).
"""

from __future__ import annotations

import string
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from gettext import GNUTranslations
from pathlib import Path
from typing import Any

LOCALE = Path(__file__).parent / "locale"


class Language(StrEnum):
    """A language that people read; the codes of gettext."""

    ENGLISH = "en"
    INDONESIAN = "id"


class Text(str):
    """An English sentence together with its template and the template's parameters, which may be texts themselves.

    The template is written as for `str.format`. `plural` is the template for a `count` other than 1.
    """

    __slots__ = ("params", "plural", "template")
    template: str
    plural: str
    params: Mapping[str, Any]

    def __new__(cls, template: str, /, *, plural: str = "", **params: Any) -> Text:
        wanted = plural if plural and params["count"] != 1 else template
        text = super().__new__(cls, wanted.format(**params) if params else wanted)
        text.template, text.plural, text.params = template, plural, params
        return text


def template(words: str, /) -> str:
    """Marks an English template that somebody else fills in, for the catalogue's sake."""
    return words


def text_of(words: str, /, **params: Any) -> Text:
    """Words as a text; one that is a text already has its own parameters."""
    return words if isinstance(words, Text) else Text(words, **params)


def reason_of(error: BaseException) -> str:
    """What an error says, still a text when it was raised with one."""
    said = error.args[0] if error.args else ""
    return said if isinstance(said, Text) else str(error)


def text_record(words: str) -> Any:
    """A text as JSON, for a table: its template and parameters; words that are no text as they are."""
    if not isinstance(words, Text):
        return str(words)
    params = {name: _parameter_record(value) for name, value in words.params.items()}
    record = {"text": words.template, "plural": words.plural, "params": params}
    return {name: part for name, part in record.items() if part}


def read_text(record: Any) -> str:
    """What `text_record` made."""
    if not isinstance(record, Mapping):
        return str(record)
    params = {name: _read_parameter(value) for name, value in record.get("params", {}).items()}
    return Text(record["text"], plural=record.get("plural", ""), **params)


def _parameter_record(value: Any) -> Any:
    match value:
        case Text():
            return text_record(value)
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case None | bool() | int() | float():
            return value
    return str(value)


def _read_parameter(record: Any) -> Any:
    match record:
        case {"text": _}:
            return read_text(record)
        case {"moment": moment}:
            return datetime.fromisoformat(moment)
        case {"day": day}:
            return date.fromisoformat(day)
    return record


def translate(words: str, language: Language) -> str:
    """The words in that language; those of outside, of which no catalogue knows, as they are."""
    if language is Language.ENGLISH or not words:
        return str(words)
    if not isinstance(words, Text):
        return _catalogue(language).gettext(words)
    if words.plural:
        found = _catalogue(language).ngettext(words.template, words.plural, words.params["count"])
    else:
        found = _catalogue(language).gettext(words.template)
    return _Filler(language).vformat(found, (), words.params) if words.params else found


def choose_language(environ: Mapping[str, str]) -> Language:
    """What CICERO_LANG says, else the first of LC_ALL, LC_MESSAGES and LANG that is set; English unless it is Indonesian."""
    names = ("CICERO_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    said = next((value for name in names if (value := environ.get(name, "").strip())), "")
    code = said.partition(".")[0].partition("_")[0].lower()
    return Language.INDONESIAN if code == Language.INDONESIAN else Language.ENGLISH


@cache
def _catalogue(language: Language) -> GNUTranslations:
    with (LOCALE / language / "LC_MESSAGES" / "cicero.mo").open("rb") as compiled:
        return GNUTranslations(compiled)


class _Filler(string.Formatter):
    """Fills a template in as `str.format` does, parameters and numbers in the language."""

    def __init__(self, language: Language) -> None:
        self._language = language

    def convert_field(self, value: Any, conversion: Any) -> Any:
        shown = translate(value, self._language) if isinstance(value, Text) else value
        return super().convert_field(shown, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if type(value) is date and not format_spec:
            return day_indonesian(value)
        filled = str(super().format_field(value, format_spec))
        return filled.translate(_NUMBER_MARKS) if isinstance(value, int | float) else filled


_NUMBER_MARKS = str.maketrans(",.", ".,")
MONTHS_INDONESIAN = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
"""As Babel has them; importing Babel would cost each start 20 ms (docs/adr/0014)."""


def day_indonesian(day: date) -> str:
    """21 November 2026."""
    return f"{day.day} {MONTHS_INDONESIAN[day.month - 1]} {day.year}"


def join_texts(texts: Sequence[str], separator: str = ", ") -> Text:
    """Texts one after another, as one text."""
    names = [f"part{index}" for index in range(len(texts))]
    template = separator.join(f"{{{name}}}" for name in names)
    return Text(template, **dict(zip(names, texts, strict=True)))
