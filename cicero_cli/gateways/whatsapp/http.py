"""One attempt at one request to a WhatsApp gateway: an answer, or a `Sent` that says why there is none."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from socket import gaierror
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.auth import HTTPBasicAuth
from requests.exceptions import InvalidHeader, InvalidSchema, InvalidURL, MissingSchema
from urllib3.exceptions import HTTPError, NewConnectionError, ReadTimeoutError

from cicero_cli.core import clock
from cicero_cli.domain.messaging.gateway_answers import Sent, Session, Verdict
from cicero_cli.errors import CiceroError, SettingError, TryLaterError
from cicero_cli.gateways.limits import TooLargeError, read_whole, within
from cicero_cli.gateways.whatsapp.bodies import decode
from cicero_cli.words import Text

TIMEOUTS = (10.0, 50.0)  # gowa itself gives up after 45 s; a shorter wait would hide what it says
MOST_BYTES = 1_000_000  # of an answer
MOST_BYTES_OF_GROUPS = 20_000_000  # which some servers list with everybody in them

logging.getLogger("urllib3").setLevel(
    logging.ERROR
)  # below, it quotes paths, and they hold numbers


@dataclass(frozen=True, slots=True)
class Answer:
    """What a gateway answered. `data` is None when the body is not JSON; it never reaches a log."""

    status: int
    data: Any = field(repr=False)
    challenges: bool = False  # it asks for a password, as the web server before it would

    @property
    def is_done(self) -> bool:
        """Whether the status says that the request was carried out."""
        return self.status in range(200, 300)


class Http:
    """Requests to one gateway. Every one opens its own connection.

    A kept one may be closed by the server just as a message goes out, and nobody could tell whether it arrived.
    `timeouts` are seconds to connect and seconds without a byte; a whole answer takes no longer than both together.
    """

    def __init__(
        self,
        base_url: str,
        *,
        headers: Mapping[str, str],
        auth: HTTPBasicAuth | None = None,
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        self.place = urlsplit(base_url).netloc.rpartition("@")[2]
        self._base_url = base_url.rstrip("/")
        self._headers = {**headers, "Accept": "application/json", "Connection": "close"}
        self._auth = auth
        self._timeouts = timeouts

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        most_bytes: int = MOST_BYTES,
    ) -> Answer | Sent:
        return self._call("GET", path, most_bytes=most_bytes, params=params)

    def get_file(self, path: str, *, most_bytes: int = MOST_BYTES) -> Answer | Sent:
        """A file as it is: `data` is bytes."""
        return self._call("GET", path, most_bytes=most_bytes, read=bytes)

    def post_json(self, path: str, body: Mapping[str, Any]) -> Answer | Sent:
        return self._call("POST", path, json=body)

    def put_json(self, path: str, body: Mapping[str, Any]) -> Answer | Sent:
        return self._call("PUT", path, json=body)

    def patch_json(self, path: str, body: Mapping[str, Any]) -> Answer | Sent:
        return self._call("PATCH", path, json=body)

    def post_form(
        self, path: str, fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes, str]]
    ) -> Answer | Sent:
        """A multipart form; a file is its name, its content and its type."""
        return self._call("POST", path, data=fields, files=files)

    def _call(
        self,
        method: str,
        path: str,
        *,
        most_bytes: int = MOST_BYTES,
        read: Callable[[bytes], Any] = decode,
        **body: Any,
    ) -> Answer | Sent:
        seconds = sum(self._timeouts)
        ends_at = clock.monotonic() + seconds
        try:
            return within(
                seconds, lambda: self._ask(method, path, most_bytes, read, ends_at=ends_at, **body)
            )
        except requests.RequestException as error:
            return self._explain(error)
        except (TimeoutError, ReadTimeoutError):
            return Sent(verdict=Verdict.AMBIGUOUS, code="timeout")
        except HTTPError:
            return Sent(verdict=Verdict.AMBIGUOUS, code="connection_cut")
        except TooLargeError:
            hint = Text("the answer of {place} has no end; is it the gateway?", place=self.place)
            return Sent(verdict=Verdict.AMBIGUOUS, code="answer_too_large", hint=hint)
        except (
            UnicodeError
        ):  # half a surrogate pair, from a caller that never read it from the database
            return Sent(verdict=Verdict.PERMANENT, code="not_unicode")

    def _ask(
        self,
        method: str,
        path: str,
        most_bytes: int,
        read: Callable[[bytes], Any],
        *,
        ends_at: float,
        **body: Any,
    ) -> Answer | Sent:
        with requests.request(
            method,
            self._base_url + path,
            headers=self._headers,
            auth=self._auth,
            timeout=self._timeouts,
            allow_redirects=False,  # requests would turn a POST into a GET, and take the key along
            stream=True,
            **body,
        ) as response:
            if response.is_redirect:
                return Sent(
                    verdict=Verdict.PAUSE,
                    code="redirect",
                    hint=Text(
                        "{place} points elsewhere; set the final address, http or https, port and path",
                        place=self.place,
                    ),
                )
            content = read_whole(
                lambda size: response.raw.read1(size, decode_content=True),
                most_bytes=most_bytes,
                ends_at=ends_at,
            )
            return Answer(
                response.status_code,
                read(content),
                challenges="WWW-Authenticate" in response.headers,
            )

    def _explain(self, error: requests.RequestException) -> Sent:
        """Whether the request can have arrived: certainly not while there was no connection, else perhaps."""
        chain = list(causes(error))
        if isinstance(error, InvalidURL | InvalidSchema | MissingSchema | InvalidHeader):
            return Sent(
                verdict=Verdict.PAUSE, code="bad_address", hint="check the gateway's address"
            )
        if any(map(_is_no_tls, chain)):
            hint = Text(
                "the certificate of {place} is not accepted, or it speaks no https",
                place=self.place,
            )
            return Sent(verdict=Verdict.PAUSE, code="certificate", hint=hint)
        if any(isinstance(cause, gaierror) for cause in chain):
            return Sent(
                verdict=Verdict.RETRY,
                code="unknown_host",
                hint=Text("is {place} right?", place=self.place),
            )
        if isinstance(error, requests.ConnectTimeout) or any(
            isinstance(cause, NewConnectionError) for cause in chain
        ):
            hint = Text("is the gateway running at {place}?", place=self.place)
            return Sent(verdict=Verdict.RETRY, code="no_connection", hint=hint)
        if isinstance(error, requests.Timeout):
            return Sent(verdict=Verdict.AMBIGUOUS, code="timeout")
        return Sent(verdict=Verdict.AMBIGUOUS, code="connection_cut")


def judge_status(answer: Answer) -> Sent:
    """What a status alone says of a send, where the gateway's own table has no better word."""
    status = answer.status
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Sent(verdict=Verdict.RETRY, code="rate_limited")
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return Sent(verdict=Verdict.PERMANENT, code="too_large")
    if status not in range(400, 500) or status == HTTPStatus.REQUEST_TIMEOUT:
        return Sent(verdict=Verdict.AMBIGUOUS, code=f"http_{status}")
    if answer.data is None:  # a web server in between, or another one at this address
        hint = Text(
            "what answers at the gateway's address is not the gateway; check host, port and path"
        )
        return Sent(verdict=Verdict.PAUSE, code="not_a_gateway", hint=hint)
    return Sent(verdict=Verdict.PERMANENT, code=f"http_{status}")


def check_secret(value: str, setting: str) -> None:
    """SettingError unless a header can carry the value: an ellipsis copied from a web page cannot be sent."""
    if not value.isascii() or not value.isprintable() or " " in value:
        raise SettingError(
            "{setting} holds a blank, a line break or a letter that no header can carry",
            hint="copy {setting} again",
            setting=setting,
        )


def session_of(failure: Sent) -> Session:
    """An account that cannot be asked is not ready; only what needs the operator says so."""
    return Session(
        is_ready=False,
        state=failure.code,
        hint=failure.hint,
        needs_operator=failure.verdict is Verdict.PAUSE,
        is_known=False,
    )


def error_of(gateway: str, failure: Sent) -> CiceroError:
    """The error to raise where only a list would do: a setting to mend, or a matter of time."""
    kind = SettingError if failure.verdict is Verdict.PAUSE else TryLaterError
    return kind(
        Text("{gateway} cannot be asked ({reason})", gateway=gateway, reason=failure.code),
        hint=failure.hint,
    )


def causes(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def _is_no_tls(cause: BaseException) -> bool:
    """Nothing was sent: the handshake itself failed."""
    if isinstance(cause, ssl.SSLCertVerificationError):
        return True
    return isinstance(cause, ssl.SSLError) and cause.reason in {
        "WRONG_VERSION_NUMBER",
        "UNKNOWN_PROTOCOL",
    }
