"""What may stand in a field that a person filled in."""

from __future__ import annotations

import unicodedata

from cicero_cli.errors import BadValueError


def check_text(value: str) -> None:
    """ValueError for a character that is no text: it would garble a terminal, or the database refuses it."""
    for character in "" if value.isprintable() else value:
        if unicodedata.category(character) in {"Cc", "Cs"} and character not in "\t\n\r":
            raise BadValueError(
                "it holds a character that is no text (U+{number:04X})", number=ord(character)
            )
