"""Fields of a form about one record: what is shown, what was typed, what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from cicero_cli.errors import CiceroError, InputError
from cicero_cli.web.http.sentences import sentence
from cicero_cli.web.pages.forms import Form
from cicero_cli.words import reason_of

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. `options` make it a choice; `suggestions` are only offered.

    `error` says what is wrong with the value, `warning` what is odd about it, `present` what somebody else stored meanwhile.
    """

    name: str
    label: str
    kind: Literal["text", "tel", "email", "percent", "box"] = "text"
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[str, ...] = ()
    is_required: bool = False
    value: str = ""
    error: str = ""
    warning: str = ""
    present: str = ""
    has_focus: bool = False

    @property
    def is_checked(self) -> bool:
        return self.value == "ya"

    @property
    def value_words(self) -> str:
        """The value as one says it."""
        if self.kind == "box":
            return "ya" if self.is_checked else "tidak"
        return dict(self.options).get(self.value, self.value) or "kosong"


def filled(fields: Sequence[Field], record: DataclassInstance) -> list[Field]:
    """The fields with the values of a record."""
    return [replace(field, value=_text(field, getattr(record, field.name))) for field in fields]


def typed(fields: Sequence[Field], form: Form) -> list[Field]:
    """The fields as they were sent."""
    return [
        replace(
            field,
            value=("ya" if form.is_checked(field.name) else "")
            if field.kind == "box"
            else form.get(field.name),
        )
        for field in fields
    ]


def judged(
    fields: Sequence[Field], normalise: Callable[[str, object], object]
) -> tuple[list[Field], dict[str, Any]]:
    """The fields with what is wrong, and what to store of those that are right."""
    result, values = [], {}
    for field in fields:
        try:
            value = field.is_checked if field.kind == "box" else normalise(field.name, field.value)
        except ValueError as error:
            result.append(replace(field, error=sentence(reason_of(error))))
            continue
        values[field.name] = value
        result.append(field)
    return result, values


def compared(
    fields: Sequence[Field], values: Mapping[str, Any], record: DataclassInstance
) -> list[Field]:
    """The judged fields, each that would change the record with what is on file now."""
    return [
        field
        if field.name in values and values[field.name] == getattr(record, field.name)
        else replace(field, present=stored.value_words)
        for field, stored in zip(fields, filled(fields, record), strict=True)
    ]


def blame(fields: Sequence[Field], error: CiceroError, words: str) -> list[Field]:
    """The fields with a service's error at the one that it names; none when it names none of them."""
    name = error.field if isinstance(error, InputError) else ""
    if name not in {field.name for field in fields}:
        return []
    return [replace(field, error=words) if field.name == name else field for field in fields]


def focused(fields: Sequence[Field]) -> list[Field]:
    """The fields, with the cursor in the first that somebody has to look at."""
    first = next((field for field in fields if field.error or field.present), None)
    return [replace(field, has_focus=field is first) for field in fields]


def words_of(fields: Sequence[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """What a service is told of these values: text as it was typed, for it normalises itself and not twice."""
    return {
        field.name: field.value
        if isinstance(values[field.name], str | None)
        else values[field.name]
        for field in fields
        if field.name in values
    }


def fingerprint(record: DataclassInstance) -> str:
    """What a form repeats, so that it does not write over what somebody else changed meanwhile."""
    return hashlib.sha256(repr(sorted(asdict(record).items())).encode()).hexdigest()[:24]


def _text(field: Field, value: Any) -> str:
    """A stored value as one would type it."""
    if isinstance(value, bool):
        return "ya" if value else ""
    if value is None:
        return ""
    if field.kind == "percent":
        return f"{value * 100:.6g}"
    if field.kind == "tel" and value.isdigit():
        return f"+{value}"  # or 8190… would be read as an Indonesian 08190…
    return str(value)
