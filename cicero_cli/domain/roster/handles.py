"""Handles: how an account's name is compared, whatever somebody typed or pasted."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.blanks import is_blank
from cicero_cli.domain.roster.unseen import without_unseen
from cicero_cli.errors import BadValueError

_HANDLE = re.compile(r"(?=.*[a-z0-9_])[a-z0-9._]{1,30}")
_HOSTS = {
    "instagram.com": Platform.INSTA,
    "instagr.am": Platform.INSTA,
    "tiktok.com": Platform.TIKTOK,
}
# the first part of instagram.com's addresses that is no account
_PAGES = frozenset(
    {
        "about", "accounts", "api", "ar", "archive", "audio", "challenge", "create", "developer",
        "direct", "directory", "emails", "explore", "g", "guide", "guides", "invites", "legal",
        "lite", "locations", "location", "n", "nametag", "oauth", "p", "popular", "press",
        "privacy", "qr", "reel", "reels", "s", "share", "stories", "tag", "terms", "tv", "web",
        "your_activity",
    }
)  # fmt: skip

# what some write where the handle should stand: that there is one, or that it is the same as beside it
_ANSWERS = frozenset(
    {
        "ada", "aktif", "diblokir", "dihack", "facebook", "fb", "hilang", "idem", "ig", "insta", "instagram", "punya",
        "sama", "sda", "sudah", "sudah.ada", "tiktok", "tt", "ya",
    }
)  # fmt: skip
_NUMBER = re.compile(
    r"(?:0|62)8\d{7,12}|\d{8}|\d{18}"
)  # of a phone, or an NRP or NIP that slid into the column


def normalise_handle(text: str | None, platform: Platform | None = None) -> str | None:
    """Lower-case, trimmed, without `@`; a profile's address becomes its handle; a blank or a dash is None.

    ValueError when it cannot be a handle, or with `platform` none of that one.
    """
    handle = without_unseen(text or "").strip().lower()
    if is_blank(handle.removeprefix("@").strip()):
        return None
    if platform is not None and (handle in _ANSWERS or _NUMBER.fullmatch(handle)):
        raise BadValueError("{word} is hardly a handle; write @{word} if it is one", word=handle)
    if platform is not None and re.fullmatch(r"@?[\w.]+ ?/ ?@?[\w.]+", handle) and "@" in handle:
        raise BadValueError("there are two handles in this cell; expected one")
    if "/" in handle or handle.removeprefix("www.") in _HOSTS:
        handle = _from_address(handle, platform)
    handle = handle.removeprefix("@").strip()
    if is_blank(handle):
        return None
    if not _HANDLE.fullmatch(handle):
        if _looks_like_two(handle):
            raise BadValueError("there are two handles in this cell; expected one")
        if foreign := "".join(sign for sign in handle if sign.isalpha() and not sign.isascii()):
            raise BadValueError("a handle has Latin letters only, not {letters}", letters=foreign)
        raise BadValueError(
            "expected a handle of letters, digits, dots and underscores, such as @polres.a"
        )
    if platform is not None and (
        handle.endswith(".") or (".." in handle and platform is Platform.INSTA)
    ):
        raise BadValueError("no handle ends with a dot or has two in a row")
    return handle


def _looks_like_two(text: str) -> bool:
    parts = [part for part in re.split(r"[\s,;|&]+|\bdan\b|\batau\b", text) if part]
    return (
        len(parts) > 1
        and all(part.startswith("@") or _HANDLE.fullmatch(part.removeprefix("@")) for part in parts)
        and ("@" in text.removeprefix("@") or "," in text or ";" in text)
    )


def _from_address(address: str, platform: Platform | None) -> str:
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        host = re.sub(r"^(?:www|m|id-id|id)\.", "", parts.hostname or "")
    except ValueError:  # such as an unclosed bracket
        host = ""
    if host in {"vt.tiktok.com", "vm.tiktok.com"}:
        raise BadValueError("a short link does not say whose it is; open it and copy the handle")
    of = _HOSTS.get(host)
    if of is None:
        raise BadValueError("expected a handle or the address of an Instagram or TikTok profile")
    if platform is not None and of is not platform:
        raise BadValueError(
            "expected a handle of {own}; this address is of {other}",
            own=platform.label,
            other=of.label,
        )
    path = [part for part in unquote(parts.path).split("/") if part]
    if of is Platform.INSTA and path[:1] == ["_u"]:  # how apps write the address of a profile
        path = path[1:]
    name = path[0] if path else ""
    if name in _PAGES or (of is Platform.TIKTOK and name and not name.startswith("@")):
        raise BadValueError("expected the address of a profile; this one is of a post or a page")
    return name
