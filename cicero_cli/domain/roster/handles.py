"""Handles: how an account's name is compared, whatever somebody typed or pasted."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from cicero_cli.errors import BadValueError

_HANDLE = re.compile(r"(?=.*[a-z0-9_])[a-z0-9._]{1,30}")
_HOSTS = ("instagram.com", "tiktok.com", "instagr.am")
_PAGES = frozenset({"p", "reel", "reels", "tv", "stories", "explore", "accounts", "tag", "t", "v"})
_UNSEEN = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u2060\u2066\u2067\u2068\u2069\ufeff"
DASHES = frozenset({"-", "--", "\u2013", "\u2014"})  # what a cell holds when it shall hold nothing
BLANKS = DASHES | frozenset(
    {
        "", "0", "n/a", "#n/a", "tidak ada", "tdk ada", "belum ada", "tidak punya", "belum punya",
        "nihil",
    }
)  # fmt: skip


def normalise_handle(text: str | None) -> str | None:
    """Lower-case, trimmed, without `@`; a profile's address becomes its handle; a blank or a dash is None.

    ValueError when it cannot be a handle.
    """
    handle = (text or "").strip().strip(_UNSEEN).strip().lower()
    if "/" in handle and handle not in BLANKS:
        handle = _from_address(handle)
    handle = handle.removeprefix("@")
    if handle in BLANKS:
        return None
    if not _HANDLE.fullmatch(handle):
        raise BadValueError(
            "expected a handle of letters, digits, dots and underscores, such as @polres.a"
        )
    return handle


def _from_address(address: str) -> str:
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    except ValueError:  # such as an unclosed bracket
        host = ""
    if host not in _HOSTS:
        raise BadValueError("expected a handle or the address of an Instagram or TikTok profile")
    handle = unquote(parts.path).strip("/").split("/")[0]
    if handle in _PAGES:
        raise BadValueError("expected the address of a profile; this one is of a post or a page")
    return handle
