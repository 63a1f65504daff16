"""The language that the command line speaks: one for the whole run, chosen before its first word."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import Any

from cicero_cli.core.terminal import harmless
from cicero_cli.words import LOCALE, Language, text_of, translate


@dataclass
class Speech:
    """What the running command speaks."""

    language: Language = Language.ENGLISH


speech = Speech()


def speak(language: Language) -> None:
    """From here on every word to the terminal is in that language, those of typer and gettext too."""
    speech.language = language
    if language is Language.ENGLISH:
        return
    import gettext

    os.environ["LANGUAGE"] = language  # where gettext looks first
    gettext.bindtextdomain("cicero", str(LOCALE))
    gettext.textdomain("cicero")


def shown(words: str, /, **params: Any) -> str:
    """The words, their parameters filled in, in the language of this run; a terminal obeys nothing in them."""
    return harmless(translate(text_of(words, **params), speech.language))
