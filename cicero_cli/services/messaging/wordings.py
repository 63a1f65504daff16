"""The wordings as they hold: cicero's or the unit's own, tried on made-up days before they are sent."""

from __future__ import annotations

import os
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


def list_files(own_folder: Path | None) -> list[tuple[Wording, str, Path | None]]:
    """Each wording with its name and its file (None: cicero's own), and after it those of clients, `POLRES_A/laphar.txt.j2`."""
    found: list[tuple[Wording, str, Path | None]] = []
    for wording in WORDINGS:
        path = None if own_folder is None else own_folder / wording.name
        found.append((wording, wording.name, path if path and path.is_file() else None))
        if own_folder is not None:
            found += [
                (wording, f"{path.parent.name}/{path.name}", path)
                for path in sorted(own_folder.glob(f"*/{wording.name}"))
            ]
    return found


def name_for(wording: Wording, client_id: str | None, own_folder: Path | None) -> str:
    """The name of the template that holds for a client, or for those that have none of their own."""
    name = f"{client_id}/{wording.name}"
    return name if name in {each for _, each, _ in list_files(own_folder)} else wording.name


def read_source(wording: Wording, own_folder: Path | None = None, name: str = "") -> str:
    """The template's text as it holds. SettingError for one that is not to be believed or read."""
    # here, because Jinja takes its time to import
    from cicero_cli.services.attendance.template_folder import read_template

    with template_errors(wording.name):
        return read_template(own_folder, name or wording.name)


def render_example(wording: Wording, own_folder: Path | None, name: str = "") -> str:
    """The message of an ordinary day of a made-up unit."""
    template = load_template(own_folder, name or wording.name)
    with template_errors(wording.name):
        return tidy_lines(template.render(**next(wording.examples()))) + "\n"


def check_wordings(own_folder: Path | None) -> dict[str, CiceroError | None]:
    """By template what is wrong with it, when it is rendered for every kind of day; None: nothing."""
    return {name: _check(wording, name, own_folder) for wording, name, _ in list_files(own_folder)}


def export_wordings(wordings: Sequence[Wording], folder: Path) -> list[Path]:
    """Write cicero's own texts into a folder, to be changed there; InputError before any when one is there already.

    Only the owner can write to them, else they would not be believed.
    """
    paths = [folder / wording.name for wording in wordings]
    try:
        for path in paths:
            if os.path.lexists(path):
                raise InputError(
                    "{path} is there already",
                    hint="move it away, or name another folder",
                    path=path,
                )
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


def _check(wording: Wording, name: str, own_folder: Path | None) -> CiceroError | None:
    if name != wording.name and not _is_client_id(name.partition("/")[0]):
        return SettingError(
            "no client is called so, in capital letters, so the template {name} is not used",
            name=name,
        )
    try:
        template = load_template(own_folder, name)
        with template_errors(name):
            is_blank = not all(template.render(**example).strip() for example in wording.examples())
    except CiceroError as error:
        return error
    return (
        SettingError("the template {name} makes an empty message on some days", name=name)
        if is_blank
        else None
    )


def _is_client_id(text: str) -> bool:
    return text == text.upper()
