"""The wordings as they hold: cicero's or the unit's own, tried on made-up days before they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path

from cicero_cli.domain.attendance.laphar import tidy_lines
from cicero_cli.domain.messaging.wordings import WORDINGS, Wording
from cicero_cli.errors import CiceroError, InputError, NotFoundError, SettingError
from cicero_cli.services.attendance.laphar import load_template, template_errors

_SUFFIX = ".txt.j2"


def choose_wording(name: str) -> Wording:
    """By its file's name, or the part before the dot; NotFoundError names the nearest."""
    wanted = name.strip().lower().removesuffix(_SUFFIX)
    known = {wording.name.removesuffix(_SUFFIX): wording for wording in WORDINGS}
    if wanted not in known:
        near = get_close_matches(wanted, known, n=1, cutoff=0.5) or [*known]
        raise NotFoundError(
            "there is no template {name}", hint=", ".join(near) + "?", name=name.strip()
        )
    return known[wanted]


def own_file(wording: Wording, own_folder: Path | None) -> Path | None:
    """The unit's own file of this wording; None where cicero's holds."""
    path = None if own_folder is None else own_folder / wording.name
    return path if path is not None and path.is_file() else None


def read_source(wording: Wording, own_folder: Path | None = None) -> str:
    """The template's text as it holds. SettingError for one that is not to be believed or read."""
    # here, because Jinja takes its time to import
    from cicero_cli.services.attendance.template_folder import read_template

    with template_errors(wording.name):
        return read_template(own_folder, wording.name)


def render_example(wording: Wording, own_folder: Path | None) -> str:
    """The message of an ordinary day of a made-up unit."""
    template = load_template(own_folder, wording.name)
    with template_errors(wording.name):
        return tidy_lines(template.render(**next(wording.examples()))) + "\n"


def check_wordings(own_folder: Path | None) -> dict[str, CiceroError | None]:
    """By template what is wrong with it, when it is rendered for every kind of day; None: nothing."""
    return {wording.name: _check(wording, own_folder) for wording in WORDINGS}


def export_wordings(wordings: Sequence[Wording], folder: Path) -> list[Path]:
    """Write cicero's own texts into a folder, to be changed there; InputError before any when one is there already.

    Only the owner can write to them, else they would not be believed.
    """
    paths = [folder / wording.name for wording in wordings]
    for path in paths:
        if path.exists() or path.is_symlink():
            raise InputError(
                "{path} is there already", hint="move it away, or name another folder", path=path
            )
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        for wording, path in zip(wordings, paths, strict=True):
            with path.open("x", encoding="utf-8") as file:
                file.write(read_source(wording))
            path.chmod(0o644)
    except OSError as error:
        raise InputError(
            "{path} cannot be written: {reason}", path=folder, reason=error.strerror
        ) from error
    return paths


def _check(wording: Wording, own_folder: Path | None) -> CiceroError | None:
    try:
        template = load_template(own_folder, wording.name)
        with template_errors(wording.name):
            is_blank = not all(template.render(**example).strip() for example in wording.examples())
    except CiceroError as error:
        return error
    return (
        SettingError("the template {name} makes an empty message on some days", name=wording.name)
        if is_blank
        else None
    )
