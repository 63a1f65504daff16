"""One request to Google, with an end in time and in size, whatever the other side does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3

from cicero_cli.core import clock
from cicero_cli.errors import UpstreamError
from cicero_cli.gateways.limits import TooLargeError, read_whole, within

_MOST_BYTES = 64 * 1024 * 1024
_LONGEST_SECONDS = 90.0
_TIMEOUTS = (10.0, 60.0)  # to connect, and between two pieces


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer, of whatever status."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Http:
    """Asks Google; follows no redirect by itself, so that neither token nor reader goes where they should not."""

    def __init__(
        self,
        *,
        longest_seconds: float = _LONGEST_SECONDS,
        most_bytes: int = _MOST_BYTES,
        monotonic: Callable[[], float] = clock.monotonic,
    ) -> None:
        self._session = requests.Session()
        self._session.auth = lambda request: request  # or a .netrc would take the token's place
        self._longest_seconds = longest_seconds
        self._most_bytes = most_bytes
        self._monotonic = monotonic

    def close(self) -> None:
        """Give the connections back."""
        self._session.close()

    def ask(self, method: str, url: str, **options: Any) -> Answer:
        """The answer; UpstreamError when none came whole in time."""
        host = urlsplit(url).netloc
        ends_at = self._monotonic() + self._longest_seconds

        def ask() -> Answer:
            with self._session.request(
                method, url, timeout=_TIMEOUTS, allow_redirects=False, stream=True, **options
            ) as response:
                body = read_whole(
                    lambda size: response.raw.read1(size, decode_content=True),
                    most_bytes=self._most_bytes,
                    ends_at=ends_at,
                    monotonic=self._monotonic,
                )
                headers = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, headers, body)

        try:
            return within(self._longest_seconds, ask)
        except TimeoutError as error:
            raise UpstreamError(
                "{host} gave no whole answer within {seconds:g} s",
                host=host,
                seconds=self._longest_seconds,
            ) from error
        except TooLargeError as error:
            raise UpstreamError(
                "the sheet is larger than {megabytes} MB; is it the right one?",
                megabytes=self._most_bytes // 1_048_576,
            ) from error
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            raise UpstreamError(
                "{host} cannot be reached: {kind}", host=host, kind=type(error).__name__
            ) from error
