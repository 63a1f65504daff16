"""What lies in a body of any shape: a missing key, a page of HTML and half a JSON are all just nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

_MILLISECONDS = 10**11  # as seconds, this is the year 5138
_DIGITS = 14  # more than milliseconds have


def decode(body: bytes) -> Any:
    """The JSON in a body, or None when it is none."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
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


def read_moment(stamp: object) -> datetime | None:
    """A time as gateways tell it: seconds or milliseconds, as a number or as text, or RFC 3339; None for anything else."""
    if isinstance(stamp, str):
        if not (stamp.isascii() and stamp.isdecimal() and len(stamp) < _DIGITS):
            try:
                moment = datetime.fromisoformat(stamp)
            except ValueError:
                return None
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        stamp = int(stamp)
    if not isinstance(stamp, int | float) or isinstance(stamp, bool) or not 0 < stamp < 10**_DIGITS:
        return None
    return datetime.fromtimestamp(stamp / 1000 if stamp >= _MILLISECONDS else stamp, UTC)


def cloud_values(body: bytes, *, phone_id: str) -> Iterator[dict[str, Any]]:
    """What Meta reports of our number, in one body or several parts of it."""
    for entry in dicts_in(dig(decode(body), "entry")):
        for change in dicts_in(entry.get("changes")):
            value = change.get("value")
            if isinstance(value, dict) and words(value, "metadata", "phone_number_id") == phone_id:
                yield value


def dicts_in(data: Any) -> list[dict[str, Any]]:
    """The objects of a list; [] when it is none."""
    return [one for one in data if isinstance(one, dict)] if isinstance(data, list) else []
