"""What an answer of the RapidAPI gateway, or of the provider behind it, complains about, and what that means for us.

The status alone does not tell: a used-up quota comes as 429, 403 or even 200, and the provider's own errors come with
any status. So the gateway's words decide first and the status second.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import msgspec

from cicero_cli.domain.collection.usage import Quota
from cicero_cli.errors import QuotaError, RejectedError, SettingError, UpstreamError
from cicero_cli.words import Text, template

_KEY_HINT = template("check RAPIDAPI_KEY (rapidapi.com, your app, Security)")
_BLOCKED_HINT = template(
    "check RAPIDAPI_KEY (rapidapi.com, your app, Security); its owner is blocked"
)
_PLAN_HINT = template(
    "check at rapidapi.com that the app of RAPIDAPI_KEY has a plan for {host} that includes this"
)
_SUBSCRIPTION_HINT = template(
    "check at rapidapi.com that the app of RAPIDAPI_KEY has a plan for {host} that includes this,"
    " and check RAPIDAPI_KEY (rapidapi.com, your app, Security)"
)
_GONE_HINT = template(
    "check that {host} still exists at rapidapi.com, and whether there is a newer cicero"
)

_SETTINGS = (
    (re.compile(r"invalid api key", re.IGNORECASE), _KEY_HINT),
    (re.compile(r"blocked user", re.IGNORECASE), _BLOCKED_HINT),
    (re.compile(r"endpoint is disabled", re.IGNORECASE), _PLAN_HINT),
    (re.compile(r"not subscribed", re.IGNORECASE), _SUBSCRIPTION_HINT),
    (re.compile(r"endpoint .*does not exist", re.IGNORECASE), _GONE_HINT),
    (re.compile(r"api doesn.?t exist", re.IGNORECASE), _GONE_HINT),
)
_QUOTA = re.compile(r"exceeded\b.*\bquota\b", re.IGNORECASE)
_RATE_PER = re.compile(r"rate limit per (second|minute|hour)", re.IGNORECASE)
_HOUR = 3600
_MINUTE = 60
_LONGEST = 300
_FEW_HOURS = 3 * 24  # more are told as days
_PASSING = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS}
_SHORTEST_KEY = 8  # a real one has 50 characters; a test's "x" is no secret, and is in every word
_TRIES = 4
_LONGEST_WAIT_SECONDS = 120.0
_MOST_WAITS = 5
_MOST_DIGITS = 9


class PassingError(Exception):
    """A try failed in a way that the next may not; `error` is what remains when `tries` of them have failed."""

    def __init__(
        self, message: Text, *, code: str = "", tries: int = _TRIES, wait_seconds: float = 0.0
    ) -> None:
        super().__init__(message)
        self.wait_seconds = wait_seconds  # at least so long before the next try
        self.error = UpstreamError(message, hint="try again later", code=code)
        self.tries = tries


class _Complaint(msgspec.Struct, frozen=True):
    """The keys under which a reason was seen; any may be missing, null or of another type."""

    message: Any = None
    messages: Any = None  # the gateway's 502
    detail: Any = None  # the provider: a text, or a list of {msg, loc}
    error: Any = None  # the provider of TikTok


_decode = msgspec.json.Decoder(_Complaint).decode


def check_answer(
    where: Text,
    *,
    host: str,
    key: str,
    status: int,
    body: bytes,
    quota: Quota,
    wait_seconds: float = 0.0,
) -> None:
    """Raise what the answer means; return when it is a 200 that complains of nothing.

    `wait_seconds`: what the answer asks to wait before the next try; more than a run can wait is not waited for.

    `where` names what was asked and begins the message. A body that is not a JSON object complains of nothing.
    """
    gateway_words, provider_words = read_words(body)
    message = _message(where, status, gateway_words or provider_words, key)
    if _QUOTA.search(gateway_words):
        reset = quota.reset_seconds
        raise QuotaError(message, hint=_quota_hint(reset), reset_seconds=reset)
    for pattern, hint in _SETTINGS:
        if pattern.search(gateway_words):
            raise SettingError(message, hint=hint, code="key_refused", host=host)
    rate = _RATE_PER.search(gateway_words)
    if rate and rate[1].lower() == "hour":  # nobody waits that long inside a run
        raise QuotaError(message, hint=_quota_hint(_HOUR), reset_seconds=_HOUR)
    if rate and rate[1].lower() == "minute":
        raise PassingError(message, code="upstream_status", wait_seconds=_MINUTE)
    if status in _PASSING or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        tries = _TRIES
        if (
            wait_seconds
        ):  # as often as there is time for, for one who says when to come again means it
            tries = 1 + min(_MOST_WAITS, int(_LONGEST_WAIT_SECONDS / wait_seconds))
        raise PassingError(message, code="upstream_status", tries=tries, wait_seconds=wait_seconds)
    if (
        provider_words and status == HTTPStatus.OK
    ):  # TikTok's captcha is one, with nothing but a riddle in it
        raise RejectedError("{said} (no data came)", code="rejected", said=message)
    if provider_words:
        raise RejectedError(message, code=_refusal(status))
    if status == HTTPStatus.UNAUTHORIZED:
        raise SettingError(message, hint=_KEY_HINT, code="key_refused")
    if status >= HTTPStatus.BAD_REQUEST:
        raise RejectedError(message, code=_refusal(status))
    if status != HTTPStatus.OK:
        raise UpstreamError("{said}: expected 200 and a body", code="unreadable", said=message)


def read_wait(retry_after: str | None, *, now: datetime) -> float:
    """The seconds that a `Retry-After` asks for, be it a number or a date; 0 when it asks for nothing that is known."""
    words = (retry_after or "").strip()
    if words.isascii() and words.isdecimal() and len(words) <= _MOST_DIGITS:
        return float(words)
    try:
        until = parsedate_to_datetime(words)
    except ValueError:
        return 0.0
    return max(0.0, (until.astimezone(UTC) - now).total_seconds())


def _message(where: Text, status: int, words: str, key: str) -> Text:
    if not words:
        return Text("{where}: {status}", where=where, status=status)
    if len(key) >= _SHORTEST_KEY:
        words = words.replace(key, "***")  # a complaint may quote what it was given
    words = words[: max(0, _LONGEST - len(f"{where}: {status} "))]
    return Text("{where}: {status} {words}", where=where, status=status, words=words)


def _refusal(status: int) -> str:
    return "not_there" if status == HTTPStatus.NOT_FOUND else "rejected"


def read_words(body: bytes) -> tuple[str, str]:
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


def _quota_hint(reset_seconds: int | None) -> Text:
    if reset_seconds is None:
        return Text(
            "the upstream did not say when the quota resets; a bigger plan at rapidapi.com helps at once"
        )
    hours = -(-reset_seconds // 3600)
    if hours < _FEW_HOURS:
        return Text(
            "the quota resets in about {hours} hours; a bigger plan at rapidapi.com helps at once",
            hours=hours,
        )
    return Text(
        "the quota resets in about {days} days; a bigger plan at rapidapi.com helps at once",
        days=round(hours / 24),
    )
