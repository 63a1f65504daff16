"""Wordings as Jinja compiles them: sandboxed, and of a unit's own folder only what the caller or root put there.

A module of its own because Jinja takes 0.1 s to import, and only reports pay that.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    FunctionLoader,
    StrictUndefined,
    Template,
    TemplateNotFound,
)
from jinja2.loaders import BaseLoader, split_template_path
from jinja2.sandbox import ImmutableSandboxedEnvironment

from cicero_cli.core.trust import check_folder, read_own_text
from cicero_cli.domain.attendance.laphar import TEMPLATE_OPTIONS

_PACKAGED = Path(__file__).resolve().parents[2] / "templates"


def open_templates(own_folder: Path | None) -> Environment:
    """The wordings of this folder before cicero's own; a template reaches what it is given, and no Python behind it.

    SettingError for a folder, or later for a file in it, that somebody else could have written.
    """
    return ImmutableSandboxedEnvironment(
        loader=_loader(own_folder), undefined=StrictUndefined, **TEMPLATE_OPTIONS
    )


@lru_cache(maxsize=1024)
def of_client(template: Template, client_id: str) -> Template:
    """The client's own wording of this, from the folder that is called as the client; else this one."""
    if template.name is None or template.environment.loader is None:
        return template
    try:
        return template.environment.get_template(f"{client_id}/{template.name}")
    except TemplateNotFound:
        return template


def read_template(own_folder: Path | None, name: str) -> str:
    """The text that `open_templates` would compile."""
    return _loader(own_folder).get_source(Environment(autoescape=True), name)[0]


def _loader(own_folder: Path | None) -> ChoiceLoader:
    loaders: list[BaseLoader] = [FileSystemLoader(_PACKAGED)]
    if own_folder is not None:
        check_folder(own_folder)
        loaders.insert(0, _own_loader(own_folder))
    return ChoiceLoader(loaders)


def _own_loader(folder: Path) -> FunctionLoader:
    def load(name: str) -> str | None:
        path = folder.joinpath(*split_template_path(name))
        return read_own_text(path) if path.is_file() else None

    return FunctionLoader(load)
