"""What somebody has settled about headings: `--map 'Kolom Sheet=divisi'`, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from cicero_cli.domain.roster.heading_words import FIELDS, field_of, heading_words
from cicero_cli.errors import InputError


def read_choices(
    texts: Sequence[str],
    fields: Sequence[str] = FIELDS,
    meaning: Callable[[str], str | None] = field_of,
) -> dict[str, str | None]:
    """The field of each heading, None where a choice shall be forgotten; InputError for what is no choice.

    Headings are as they are compared (`heading_words`); a field may be called as a sheet calls it.
    """
    choices: dict[str, str | None] = {}
    for text in texts:
        heading, equals, name = text.rpartition("=")
        words = heading_words(heading)
        field = name.strip().lower() if name.strip().lower() in fields else meaning(name)
        if not equals or not words:
            raise InputError(
                "expected a heading and what it is, not {text!r}",
                hint="such as --map 'Kolom Sheet=divisi'; --map 'Kolom Sheet=' forgets",
                text=text,
            )
        if name.strip() and field is None:
            raise InputError(
                "there is no field {name!r}",
                hint="there are: {fields}",
                name=name.strip(),
                fields=", ".join(fields),
            )
        choices[words] = field if name.strip() else None
    return choices


def settle(remembered: Mapping[str, str], choices: Mapping[str, str | None]) -> dict[str, str]:
    """What holds: the new choices over the old ones."""
    return {heading: field for heading, field in {**remembered, **choices}.items() if field}
