"""Everything that the two upstream APIs were seen to do instead of a proper answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

import msgspec

_PAGE = b"<!DOCTYPE html><html><body><h1>Just a moment</h1></body></html>"


class FaultKind(Enum):
    """What goes wrong. Those of the first group answer with a fixed status and body, see `_CANNED`."""

    RATE_LIMIT = auto()
    TOO_MANY = auto()
    MONTHLY_QUOTA = auto()
    DAILY_QUOTA = auto()
    MONTHLY_QUOTA_403 = auto()
    MONTHLY_QUOTA_200 = auto()
    INVALID_KEY = auto()
    BLOCKED_USER = auto()
    UNAUTHORISED = auto()
    NOT_SUBSCRIBED = auto()
    ENDPOINT_DISABLED = auto()
    ENDPOINT_GONE = auto()
    API_GONE = auto()
    FORBIDDEN = auto()
    REDIRECT = auto()
    SERVER_ERROR = auto()
    UNREACHABLE = auto()
    UNAVAILABLE = auto()
    GATEWAY_TIMEOUT = auto()
    NO_CONTENT = auto()
    HTML = auto()
    WRONG_TYPE = auto()
    DETAIL = auto()
    DETAIL_LIST = auto()
    MISSING_PARAMS = auto()
    STATUS_CODE = auto()
    NO_STATUS_CODE = auto()

    TRUNCATED = auto()  # half of the right body, as if it were all
    CUT_MIDWAY = auto()  # the connection breaks in the middle of the body
    CUT = auto()  # the connection breaks instead of an answer
    SLOW = auto()  # the right answer, `seconds` late
    REPEATED_TOKEN = auto()  # the right page, offering the page just asked for as the next
    EARLY_END = auto()  # the right page, but it says that it is the last
    EMPTY_PAGE = auto()  # no items, but more are offered
    HEADERS = auto()  # the right answer with `headers`


def _exceeded(period: str) -> dict[str, str]:
    return {
        "message": f"You have exceeded the {period} quota for Requests on your current plan, BASIC."
        " Upgrade your plan at https://rapidapi.com/stand-in/api/stand-in"
    }


_CANNED: Mapping[FaultKind, tuple[int, Any]] = {
    FaultKind.RATE_LIMIT: (
        429,
        {"message": "You have exceeded the rate limit per second for your plan, BASIC"},
    ),
    FaultKind.TOO_MANY: (429, {"message": "Too many requests"}),
    FaultKind.MONTHLY_QUOTA: (429, _exceeded("MONTHLY")),
    FaultKind.DAILY_QUOTA: (429, _exceeded("DAILY")),
    FaultKind.MONTHLY_QUOTA_403: (403, _exceeded("MONTHLY")),
    FaultKind.MONTHLY_QUOTA_200: (200, _exceeded("MONTHLY")),
    FaultKind.INVALID_KEY: (401, {"message": "Invalid API key. You sent {key}"}),
    FaultKind.BLOCKED_USER: (401, {"message": "Blocked User"}),
    FaultKind.UNAUTHORISED: (401, {}),
    FaultKind.NOT_SUBSCRIBED: (403, {"message": "You are not subscribed to this API."}),
    FaultKind.ENDPOINT_DISABLED: (
        401,
        {"message": "This endpoint is disabled for your subscription"},
    ),
    FaultKind.ENDPOINT_GONE: (404, {"message": "Endpoint '{path}' does not exist"}),
    FaultKind.API_GONE: (404, {"message": "API doesn't exists"}),
    FaultKind.FORBIDDEN: (403, {}),
    FaultKind.REDIRECT: (302, b""),
    FaultKind.SERVER_ERROR: (500, {"detail": "Internal error"}),
    FaultKind.UNREACHABLE: (
        502,
        {
            "messages": "The API is unreachable, please contact the API provider",
            "info": "Your Client (working) ---> Gateway (working) ---> API (not working)",
        },
    ),
    FaultKind.UNAVAILABLE: (503, b"upstream connect error"),
    FaultKind.GATEWAY_TIMEOUT: (504, _PAGE),
    FaultKind.NO_CONTENT: (204, b""),
    FaultKind.HTML: (200, _PAGE),
    FaultKind.WRONG_TYPE: (200, {"data": "soon", "statusCode": "0"}),
    FaultKind.DETAIL: (404, {"detail": "Not found"}),
    FaultKind.DETAIL_LIST: (
        200,
        {"detail": [{"loc": ["query", "cursor"], "msg": "value is not a valid integer"}]},
    ),
    FaultKind.MISSING_PARAMS: (200, {"error": "missing required params: secUid"}),
    FaultKind.STATUS_CODE: (200, {"status_code": 3002060, "status_msg": "The list is hidden"}),
    FaultKind.NO_STATUS_CODE: (200, {"comments": [], "itemList": []}),
}


@dataclass(slots=True, kw_only=True)
class Fault:
    """What goes wrong, and with which requests: those to `path` (None: all) with `about` among their values.

    Of these, the `first` one (1 is the next) and every `every`th after it, `times` in all (None: for ever).
    """

    kind: FaultKind
    path: str | None = None
    about: str | None = None  # an account, secUid, shortcode, video id or cursor
    first: int = 1
    every: int = 1
    times: int | None = None
    seconds: float = 0.0
    headers: Mapping[str, str] | None = None  # instead of the usual x-ratelimit-…
    _seen: int = field(default=0, init=False)

    def strikes(self, path: str, values: Iterable[str]) -> bool:
        """Count one request, and say whether it is one that goes wrong."""
        if self.path not in {None, path} or (self.about is not None and self.about not in values):
            return False
        self._seen += 1
        strike, rest = divmod(self._seen - self.first, self.every)
        return strike >= 0 and rest == 0 and (self.times is None or strike < self.times)

    def canned(self, path: str, key: str) -> tuple[int, bytes] | None:
        """Status and body, for a kind that does not depend on the right answer."""
        if self.kind not in _CANNED:
            return None
        status, body = _CANNED[self.kind]
        if isinstance(body, bytes):
            return status, body
        text = msgspec.json.encode(body)
        return status, text.replace(b"{path}", path.encode()).replace(b"{key}", key.encode())

    def alter(self, body: dict[str, Any], query: Mapping[str, str]) -> None:
        """Change the right body of a listing in place, for a kind that is about pages."""
        holder = body if "comments" in body else body.get("data", body)
        if self.kind is FaultKind.REPEATED_TOKEN:
            body["pagination_token"] = query.get("pagination_token") or "again"
            holder["cursor"] = query.get("cursor")
            holder["hasMore"], holder["has_more"] = True, 1
        elif self.kind is FaultKind.EARLY_END:
            body["pagination_token"] = None
            holder["hasMore"], holder["has_more"] = False, 0
        elif self.kind is FaultKind.EMPTY_PAGE:
            holder |= {"items": [], "itemList": None, "comments": None}
