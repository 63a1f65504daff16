"""Fields of a form about one record: what is shown, what was typed, what is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from cicero_cli.web.pages.forms import Form
from cicero_cli.web.pages.words import translate

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field. `options` make it a choice, a `kind` of `box` a tick; `error` says what is wrong with the value."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()
    is_required: bool = False
    value: str = ""
    error: str = ""

    @property
    def is_checked(self) -> bool:
        return self.value == "ya"


def filled(fields: Sequence[Field], values: Mapping[str, str]) -> list[Field]:
    """The fields with these values."""
    return [replace(field, value=values.get(field.name, field.value)) for field in fields]


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
            result.append(replace(field, error=translate(str(error))))
            continue
        values[field.name] = value
        result.append(field)
    return result, values


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
