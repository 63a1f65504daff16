"""The `.env` file: settings that are not in the environment. Only one that the caller or root wrote is believed."""

from __future__ import annotations

import io
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cicero_cli.core.trust import read_own_text
from cicero_cli.errors import SettingError
from cicero_cli.words import Language, choose_language, reason_of

_LANGUAGE = "CICERO_LANG"


def read_env_file(environ: Mapping[str, str]) -> dict[str, str]:
    """What the file of CICERO_ENV_FILE, else `.env`, says; nothing when there is none. SettingError when it is unreadable."""
    text = _read_text(environ)
    if not text:
        return {}
    from dotenv import dotenv_values  # most runs have no such file; it costs 10 ms

    read = dotenv_values(stream=io.StringIO(text), interpolate=False).items()
    return {name: value for name, value in read if value is not None}


def read_spoken_language(environ: Mapping[str, str]) -> Language:
    """The language that the command line speaks; what is wrong with the file is said by whoever needs its settings."""
    said = {}
    if not environ.get(_LANGUAGE):
        with suppress(SettingError):
            if _LANGUAGE in _read_text(environ):
                said = {_LANGUAGE: read_env_file(environ).get(_LANGUAGE, "")}
    return choose_language({**environ, **said})


def _read_text(environ: Mapping[str, str]) -> str:
    named = environ.get("CICERO_ENV_FILE", "").strip()
    path = Path(named or ".env")
    try:
        is_there = path.is_file()
    except OSError:  # one may not look into the folder, as after `sudo -u cicero` in a home
        is_there = False
    if not is_there:
        if named:
            raise SettingError("CICERO_ENV_FILE={named} is not a file", named=named)
        return ""
    try:
        return read_own_text(path)
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(
            "{path} cannot be read ({reason})", path=path, reason=reason_of(error)
        ) from error
