"""The account that a call names."""

from __future__ import annotations

from cicero_cli.domain.roster.handles import normalise_handle
from cicero_cli.errors import InputError
from cicero_cli.words import reason_of

_NONE = {"", "-"}


def read_username(typed: str | None) -> str | None:
    """Its handle, None when the call names none; InputError for what is no handle, as a sheet's words for none are."""
    words = (typed or "").strip()
    try:
        handle = normalise_handle(words)
    except ValueError as error:
        raise InputError("username: {reason}", field="username", reason=reason_of(error)) from error
    if handle is None and words not in _NONE:
        raise InputError("username: belum diisi dengan username")
    return handle
