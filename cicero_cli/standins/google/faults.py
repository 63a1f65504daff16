"""What goes wrong at Google's, in its own words."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from enum import Enum

import msgspec

HTML = "text/html; charset=utf-8"
JSON = "application/json; charset=UTF-8"


class Trouble(Enum):
    """A fault of one kind: status, status word (none for pages of HTML), message."""

    PAGE_401 = (401, "", "Sign in")
    PAGE_403 = (403, "", "You can't download this file")
    PAGE_429 = (429, "", "Our systems have detected unusual traffic (captcha)")
    PAGE_500 = (500, "", "Sorry, unable to open the file at this time.")
    LOGIN_PAGE = (200, "", '<form action="https://accounts.google.com/ServiceLogin">')
    ODD_PAGE = (200, "", "Something else")
    LOOP = (307, "", "")
    ELSEWHERE = (302, "", "")
    DRIP = (200, "", "it never ends")
    DISABLED = (
        403,
        "PERMISSION_DENIED",
        "Google Sheets API has not been used in project 1 before or it is disabled. Enable it by visiting …",
    )
    QUOTA = (
        429,
        "RESOURCE_EXHAUSTED",
        "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of …",
    )
    UNAVAILABLE = (503, "UNAVAILABLE", "The service is currently unavailable.")
    BAD_SIGNATURE = (400, "invalid_grant", "Invalid JWT Signature.")
    WRONG_CLOCK = (
        400,
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe."
        " Check your iat and exp values in the JWT claim.",
    )


@dataclass(frozen=True, slots=True)
class Fault:
    """Strikes requests whose path begins so, `times` times; always without."""

    trouble: Trouble
    path: str = "/"
    times: int | None = None
    _struck: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def strikes(self, path: str) -> bool:
        """Whether this request fails."""
        if not path.startswith(self.path):
            return False
        return self.times is None or next(self._struck) <= self.times


def page(title: str) -> bytes:
    """A page of Google's, which nobody may take for a sheet."""
    head = f"<!DOCTYPE html><html><head><title>{title}</title></head>"
    return f"{head}<body>{title}\nNRP,Nama\n85010001,Budi\n</body></html>".encode()


def api_error(code: int, status: str, message: str) -> bytes:
    """An error of the API."""
    return msgspec.json.encode({"error": {"code": code, "message": message, "status": status}})


def token_error(word: str, description: str) -> bytes:
    """An error of the token endpoint."""
    return msgspec.json.encode({"error": word, "error_description": description})
