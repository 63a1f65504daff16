"""Handles: how an account's name is compared, whatever somebody typed or pasted."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

_HANDLE = re.compile(r"[a-z0-9._]{1,30}")
_HOSTS = ("instagram.com", "tiktok.com", "instagr.am")
_BLANKS = frozenset({"", "-", "--", "—", "n/a", "tidak ada", "belum ada"})


def normalise_handle(text: str | None) -> str | None:
    """Lower-case, trimmed, without `@`; a profile's address becomes its handle; a blank or a dash is None.

    ValueError when it cannot be a handle.
    """
    handle = (text or "").strip().strip("\u200b\u200e\u200f\ufeff").strip().lower()
    if handle in _BLANKS:
        return None
    if "/" in handle:
        handle = _from_address(handle)
    handle = handle.removeprefix("@")
    if not _HANDLE.fullmatch(handle):
        raise ValueError(
            "expected a handle of letters, digits, dots and underscores, such as @polres.a"
        )
    return handle


def _from_address(address: str) -> str:
    parts = urlsplit(address if "://" in address else f"https://{address}")
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.")
    if host not in _HOSTS:
        raise ValueError("expected a handle or the address of an Instagram or TikTok profile")
    return unquote(parts.path).strip("/").split("/")[0]
