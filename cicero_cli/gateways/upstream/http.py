"""One JSON API behind RapidAPI's gateway: paced requests, retries in one place, typed bodies, sorted errors."""

from __future__ import annotations

import logging
import random
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from datetime import datetime
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Self, TypeVar
from urllib.parse import urlsplit

import msgspec
import requests
import urllib3
from msgspec.json import Decoder
from requests.adapters import HTTPAdapter
from tenacity import RetryCallState, Retrying, retry_if_exception_type

from cicero_cli.core import clock
from cicero_cli.domain.collection.usage import Meter, Quota
from cicero_cli.errors import RejectedError, SettingError, UpstreamError
from cicero_cli.gateways.limits import TooLargeError, read_whole, within
from cicero_cli.gateways.upstream.complaints import (
    PassingError,
    check_answer,
    read_wait,
    read_words,
)
from cicero_cli.gateways.upstream.letters import mend_letters
from cicero_cli.gateways.upstream.pace import Pace
from cicero_cli.words import Text, reason_of

log = logging.getLogger(__name__)

_LONGEST_BACKOFF_SECONDS = 4.0
_MOST_BYTES = 64_000_000  # all likes of a post with 10,000 are 12 MB
_MOST_DIGITS = 12  # of a quota; far above any plan's
_TRIES_FOR_GARBAGE = 2  # a page of HTML or half a body is rarely a matter of seconds

Shape = TypeVar("Shape")


class JsonApi:
    """GET requests to one host. May be used by several threads at once; `close` it, or use it in a `with`.

    At most `parallel` requests are in flight and `rate` start per second. `timeouts` are seconds to connect and seconds
    without a byte, `longest_seconds` one try's up to the last byte; `jitter` gives numbers from 0 to 1; `tries` caps how
    often anything is asked.
    """

    def __init__(
        self,
        base_url: str,
        *,
        key: str,
        parallel: int,
        rate: float,
        sleep: Callable[[float], None],
        monotonic: Callable[[], float] = clock.monotonic,
        jitter: Callable[[], float] = random.random,
        now: Callable[[], datetime] = clock.now,
        timeouts: tuple[float, float] = (10.0, 60.0),
        longest_seconds: float = 180.0,
        tries: int = 6,
    ) -> None:
        _check_key(key)
        self.host = urlsplit(base_url).netloc
        self._base_url = base_url.rstrip("/")
        self._key = key
        self._pace = Pace(rate=rate, parallel=parallel, monotonic=monotonic, sleep=sleep)
        self._jitter = jitter
        self._now = now
        self._timeouts = timeouts
        self._longest_seconds = longest_seconds
        self._monotonic = monotonic
        self._tries = tries
        self._session = _open_session(self.host, key, parallel)
        self._retrying = Retrying(
            retry=retry_if_exception_type(PassingError),
            stop=self._is_last_try,
            wait=self._backoff,
            sleep=sleep,
            reraise=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def get(
        self, path: str, params: Mapping[str, str], decoder: Decoder[Shape], *, meter: Meter
    ) -> Shape:
        """The body of `path` as `decoder` reads it, unknown keys ignored; every try counts in `meter`.

        Build the decoder when its module is imported: msgspec crashes the process when several threads are the first
        to use a type (0.22; `decode(body, type=…)` does it at the first call).

        QuotaError, SettingError, RejectedError: what the answer says. UpstreamError: no usable answer, after the
        retries that made sense; a body that is not JSON or of another shape is one, never an empty result.
        """
        where = Text("GET {path} at {host}", path=path, host=self.host)
        try:
            answer: Shape = self._retrying(self._try_once, where, path, params, decoder, meter)
        except PassingError as failure:
            raise failure.error from failure
        return answer

    def _try_once(
        self,
        where: Text,
        path: str,
        params: Mapping[str, str],
        decoder: Decoder[Shape],
        meter: Meter,
    ) -> Shape:
        quota, size, retry_after = Quota(), 0, None

        def ask() -> tuple[int, bytes]:
            nonlocal quota, retry_after
            with self._session.get(
                self._base_url + path,
                params=params,
                timeout=self._timeouts,
                allow_redirects=False,  # requests would take the key along to any other host
                stream=True,
            ) as response:
                quota = _read_quota(response.headers)
                retry_after = response.headers.get("Retry-After")
                return response.status_code, self._read_body(where, response, ends_at)

        try:
            with self._pace.turn():
                ends_at = self._monotonic() + self._longest_seconds
                status, body = within(self._longest_seconds, ask)
            size = len(body)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise PassingError(
                Text("{where}: {reason}", where=where, reason=self._describe(error)),
                code="no_answer",
            ) from error
        except TimeoutError as error:  # of the head
            raise self._too_late(where) from error
        finally:
            meter.count(size=size, quota=quota)
        check_answer(
            where,
            host=self.host,
            key=self._key,
            status=status,
            body=body,
            quota=quota,
            wait_seconds=read_wait(retry_after, now=self._now()),
        )
        try:
            return _decode(where, body, decoder)
        except UpstreamError as error:
            words = " ".join(filter(None, read_words(body)))
            if not words:
                raise
            raise RejectedError("{where}: {words}", where=where, words=words) from error

    def _read_body(self, where: Text, response: requests.Response, ends_at: float) -> bytes:
        """All of it; PassingError when it comes in drips that no time-out between two bytes would end, or never ends."""
        try:
            body = read_whole(
                lambda size: response.raw.read1(size, decode_content=True),
                most_bytes=_MOST_BYTES,
                ends_at=ends_at,
                monotonic=self._monotonic,
            )
        except TimeoutError as error:
            raise self._too_late(where) from error
        except TooLargeError as error:
            raise PassingError(
                Text(
                    "{where}: the answer is longer than {megabytes} MB",
                    where=where,
                    megabytes=_MOST_BYTES // 1_000_000,
                ),
                code="no_answer",
            ) from error
        return body.removeprefix(BOM_UTF8)

    def _too_late(self, where: Text) -> PassingError:
        return PassingError(
            Text(
                "{where}: no whole answer within {seconds:g} s",
                where=where,
                seconds=self._longest_seconds,
            ),
            code="no_answer",
        )

    def _is_last_try(self, state: RetryCallState) -> bool:
        failure = _failure(state)
        if not isinstance(failure, PassingError):
            return True
        return state.attempt_number >= min(failure.tries, self._tries)

    def _describe(self, error: Exception) -> Text:
        """Why no answer came, without the address that requests would quote: it holds account names."""
        connect, read = self._timeouts
        if isinstance(error, requests.ConnectTimeout):
            return Text("no connection within {seconds:g} s", seconds=connect)
        if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
            return Text("no answer within {seconds:g} s", seconds=read)
        if isinstance(error, requests.exceptions.SSLError):
            return Text("the certificate of the host is not accepted")
        return Text("the connection failed or was cut")

    def _backoff(self, state: RetryCallState) -> float:
        """1, 2, 4 seconds and up to half as much again, so that parallel requests do not come back together."""
        seconds = min(_LONGEST_BACKOFF_SECONDS, 2.0 ** (state.attempt_number - 1))
        failure = _failure(state)
        if isinstance(failure, PassingError):
            seconds = max(seconds, failure.wait_seconds)
        seconds *= 1 + self._jitter() / 2
        log.info("retry in_seconds=%.1f after=%r", seconds, str(_failure(state)))
        return seconds


def _failure(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None


def _check_key(key: str) -> None:
    """SettingError unless a header can carry the key: an ellipsis copied from a web page cannot be sent."""
    if not key.isascii() or not key.isprintable() or " " in key:
        raise SettingError(
            "RAPIDAPI_KEY holds a blank, a line break or a letter that no key has",
            hint="copy it again (rapidapi.com, your app, Security)",
        )


def _open_session(host: str, key: str, parallel: int) -> requests.Session:
    session = requests.Session()
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=parallel)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    session.headers.update({"X-RapidAPI-Key": key, "X-RapidAPI-Host": host})
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))  # shared by all threads
    return session


def _read_quota(headers: Mapping[str, str]) -> Quota:
    """The three optional headers; what is not a plain number counts as not said."""

    def number(name: str) -> int | None:
        text = headers.get(f"x-ratelimit-requests-{name}", "").strip()
        return (
            int(text) if text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS else None
        )

    return Quota(number("limit"), number("remaining"), number("reset"))


def _decode(where: Text, body: bytes, decoder: Decoder[Shape]) -> Shape:
    try:
        try:
            return decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError):
            return decoder.decode(mend_letters(body))
    except msgspec.ValidationError as error:
        raise UpstreamError(
            "{where}: a body of another shape: {reason}",
            code="unreadable",
            where=where,
            reason=reason_of(error),
        ) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        kind = (
            Text("a web page")
            if body.lstrip()[:1] == b"<"
            else Text("no whole JSON in {count} bytes", count=len(body))
        )
        raise PassingError(
            Text("{where}: {kind}", where=where, kind=kind),
            code="unreadable",
            tries=_TRIES_FOR_GARBAGE,
        ) from error
