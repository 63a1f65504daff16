"""What an answer of the RapidAPI gateway, or of the provider behind it, complains about, and what that means for us.

The status alone does not tell: a used-up quota comes as 429, 403 or even 200, and the provider's own errors come with
any status. So the gateway's words decide first and the status second.
"""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

import msgspec

from cicero_cli.domain.collection.usage import Quota
from cicero_cli.errors import QuotaError, RejectedError, SettingError, UpstreamError

_KEY_HINT = "check RAPIDAPI_KEY (rapidapi.com, your app, Security)"
_PLAN_HINT = (
    "check at rapidapi.com that the app of RAPIDAPI_KEY has a plan for {host} that includes this"
)
_GONE_HINT = "check that {host} still exists at rapidapi.com, and whether there is a newer cicero"

_SETTINGS = (
    (re.compile(r"invalid api key", re.IGNORECASE), _KEY_HINT),
    (re.compile(r"blocked user", re.IGNORECASE), _KEY_HINT + "; its owner is blocked"),
    (re.compile(r"endpoint is disabled", re.IGNORECASE), _PLAN_HINT),
    (re.compile(r"not subscribed", re.IGNORECASE), _PLAN_HINT + ", and " + _KEY_HINT),
    (re.compile(r"endpoint .*does not exist", re.IGNORECASE), _GONE_HINT),
    (re.compile(r"api doesn.?t exist", re.IGNORECASE), _GONE_HINT),
)
_QUOTA = re.compile(r"exceeded\b.*\bquota\b", re.IGNORECASE)
_RATE_PER = re.compile(r"rate limit per (second|minute|hour)", re.IGNORECASE)
_HOUR = 3600
_MINUTE = 60
_LONGEST_MESSAGE = 300
_FEW_HOURS = 3 * 24  # more are told as days
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_SHORTEST_KEY = 8  # a real one has 50 characters; a test's "x" is no secret, and is in every word
_TRIES = 4


class PassingError(Exception):
    """A try failed in a way that the next may not; `error` is what remains when `tries` of them have failed."""

    def __init__(self, message: str, *, tries: int = _TRIES, wait_seconds: float = 0.0) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds  # at least so long before the next try
        self.error = UpstreamError(message, hint="try again later")
        self.tries = tries


class _Complaint(msgspec.Struct, frozen=True):
    """The keys under which a reason was seen; any may be missing, null or of another type."""

    message: Any = None
    messages: Any = None  # the gateway's 502
    detail: Any = None  # the provider: a text, or a list of {msg, loc}
    error: Any = None  # the provider of TikTok


_decode = msgspec.json.Decoder(_Complaint).decode


def check_answer(
    where: str, *, host: str, key: str, status: int, body: bytes, quota: Quota
) -> None:
    """Raise what the answer means; return when it is a 200 that complains of nothing.

    `where` names what was asked and begins the message. A body that is not a JSON object complains of nothing.
    """
    gateway_words, provider_words = _read_words(body)
    message = f"{where}: {status} {gateway_words or provider_words}".rstrip()
    if len(key) >= _SHORTEST_KEY:
        message = message.replace(key, "***")  # a complaint may quote what it was given
    message = message[:_LONGEST_MESSAGE]
    if _QUOTA.search(gateway_words):
        reset = quota.reset_seconds
        raise QuotaError(message, hint=_quota_hint(reset), reset_seconds=reset)
    for pattern, hint in _SETTINGS:
        if pattern.search(gateway_words):
            raise SettingError(message, hint=hint.format(host=host))
    rate = _RATE_PER.search(gateway_words)
    if rate and rate[1].lower() == "hour":  # nobody waits that long inside a run
        raise QuotaError(message, hint=_quota_hint(_HOUR), reset_seconds=_HOUR)
    if rate and rate[1].lower() == "minute":
        raise PassingError(message, wait_seconds=_MINUTE)
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise PassingError(message)
    if provider_words:
        raise RejectedError(message)
    if status == HTTPStatus.UNAUTHORIZED:
        raise SettingError(message, hint=_KEY_HINT)
    if status >= HTTPStatus.BAD_REQUEST:
        raise RejectedError(message)
    if status != HTTPStatus.OK:
        raise UpstreamError(f"{message}: expected 200 and a body")


def _read_words(body: bytes) -> tuple[str, str]:
    """What the gateway says and what the provider says, each "" when it says nothing."""
    try:
        complaint = _decode(body)
    except msgspec.DecodeError:
        return "", ""
    gateway = _text(complaint.message) or _text(complaint.messages)
    return gateway, _text(complaint.detail) or _text(complaint.error)


def _text(value: object) -> str:
    """One line out of a text, a list of {msg, loc}, or an object that holds a message."""
    if isinstance(value, list):
        value = "; ".join(filter(None, map(_text, value)))
    if isinstance(value, dict):
        place = ".".join(str(part) for part in value.get("loc") or ())
        words = _text(value.get("msg") or value.get("message")) or "refused"
        value = f"{words} ({place})" if place else words
    return " ".join(value.split()) if isinstance(value, str) else ""


def _quota_hint(reset_seconds: int | None) -> str:
    bigger = "a bigger plan at rapidapi.com helps at once"
    if reset_seconds is None:
        return f"the upstream did not say when the quota resets; {bigger}"
    hours = -(-reset_seconds // 3600)
    wait = f"{hours} hours" if hours < _FEW_HOURS else f"{round(hours / 24)} days"
    return f"the quota resets in about {wait}; {bigger}"
