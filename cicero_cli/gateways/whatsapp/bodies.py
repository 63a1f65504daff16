"""What lies in a body of any shape: a missing key, a page of HTML and half a JSON are all just nothing."""

from __future__ import annotations

from typing import Any

import msgspec


def decode(body: bytes) -> Any:
    """The JSON in a body, or None when it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def dig(data: Any, *keys: str) -> Any:
    """What lies under these keys, or None when one is missing on the way."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data


def words(data: Any, *keys: str) -> str:
    """The text under these keys, or "" when there is none."""
    found = dig(data, *keys)
    return found if isinstance(found, str) else ""
