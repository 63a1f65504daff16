"""Where each setting's value comes from, and which names mean nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from cicero_cli.core.env_file import read_env_file
from cicero_cli.core.setting_list import SETTINGS, Setting

_OURS = "CICERO_"
_ENV_FILE = "CICERO_ENV_FILE"  # names the file itself, so it is no setting in it


@dataclass(frozen=True)
class SourcedValue:
    """A setting as it holds: `source` is environment, file, default or unset; a secret's value is not shown."""

    name: str
    value: str
    source: str


def list_values(environ: Mapping[str, str]) -> list[SourcedValue]:
    """Every setting as it holds, in the order of the documents. SettingError for a file that cannot be read."""
    in_file = read_env_file(environ)
    return [_sourced(setting, environ, in_file) for setting in SETTINGS]


def list_unknown(environ: Mapping[str, str]) -> dict[str, str]:
    """Names of ours that no setting has, each with the one that it is most like, or nothing."""
    known = {_ENV_FILE, *(name for setting in SETTINGS for name in _names(setting))}
    given = {name for name in (*environ, *read_env_file(environ)) if name.startswith(_OURS)}
    return {
        name: next(iter(get_close_matches(name, known, n=1, cutoff=0.8)), "")
        for name in sorted(given - known)
    }


def _names(setting: Setting) -> list[str]:
    return [setting.name, f"{setting.name}_FILE"] if setting.is_secret else [setting.name]


def _sourced(
    setting: Setting, environ: Mapping[str, str], in_file: Mapping[str, str]
) -> SourcedValue:
    for source, values in (("environment", environ), ("file", in_file)):
        for name in _names(setting):
            if name in values and (values[name].strip() or setting.may_be_blank):
                is_hidden = setting.is_secret and name == setting.name
                return SourcedValue(name, "***" if is_hidden else values[name].strip(), source)
    if setting.default is not None:
        return SourcedValue(setting.name, setting.default, "default")
    return SourcedValue(setting.name, "", "unset")
