"""What other layers say, as the page and the API say it: in Indonesian, a whole sentence, without a shell's words."""

from __future__ import annotations

from cicero_cli.errors import CiceroError, InputError
from cicero_cli.words import Language, Text, translate


def indonesian(words: str) -> str:
    """The words in Indonesian."""
    return translate(words, Language.INDONESIAN)


def sentence(words: str) -> str:
    """The words in Indonesian with a capital letter and a full stop; a name or a setting in front stays as it is."""
    said = indonesian(words).strip()
    first = said.partition(" ")[0].rstrip(",:;.")
    if first.isalpha() and first.islower():
        said = said[:1].upper() + said[1:]
    return said if not said or said[-1] in ".?!…”" else f"{said}."


def error_sentence(error: CiceroError) -> str:
    """What went wrong. Of a value that does not fit: its name and what was expected, never the value and how a shell names it."""
    option = str(error.params.get("option", "")).strip("-")
    name = option or (error.field if isinstance(error, InputError) else "")
    is_named = isinstance(error.params.get("reason"), Text) and name not in {"", "date"}
    return f"{name}: {reason_sentence(error)}" if is_named else reason_sentence(error)


def reason_sentence(error: CiceroError) -> str:
    """The same where everybody sees which value it is."""
    reason = error.params.get("reason")
    return sentence(reason if isinstance(reason, Text) else error.message)
