"""The account behind a gowa device: made, linked by a code that is typed or scanned, told where to report acks."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from cicero_cli.domain.messaging.gateway_answers import Sent, Session, Verdict
from cicero_cli.gateways.whatsapp.bodies import dig, words
from cicero_cli.gateways.whatsapp.gowa import GowaGateway
from cicero_cli.gateways.whatsapp.http import Answer, error_of

_NAME = r"(?:[a-z]+/){0,2}scan-qr-[0-9a-f-]{36}\.png"
_PICTURE, _LINK = re.compile(_NAME), re.compile(f"/statics/({_NAME})$")
_LARGEST_PICTURE = 200_000  # bytes; gowa's have some thousand
_PNG = b"\x89PNG\r\n\x1a\n"
_EVENTS = "message,message.ack"
_LINKED = {"ALREADY_LOGGED_IN", "SESSION_SAVED_ERROR"}


class GowaAccount:
    """What `cicero wa setup` does at gowa. TryLaterError or SettingError when it refuses."""

    name = "gowa"
    shows_qr = False  # it gives a picture alone, which no terminal shows

    def __init__(self, gateway: GowaGateway) -> None:
        self._gateway = gateway
        self._http = gateway.http
        self._webhook = f"/devices/{quote(gateway.device or '', safe='')}/webhook"

    def check_session(self) -> Session:
        return self._gateway.check_session()

    def create(self) -> None:
        """A device that gowa does not have yet."""
        self._do(self._http.post_json("/devices", {"device_id": self._gateway.device}))

    def start(self) -> None:
        """gowa connects its devices by itself."""

    def restart(self) -> None:
        self._do(self._http.get("/app/reconnect"))

    def read_qr(self) -> None:
        """gowa tells no code."""

    def make_picture(self) -> str | None:
        """The name of a new code's picture, half a minute old at most; whoever scans an older code is cut off.

        None when the account is linked already and only connects again, as gowa does when it is asked.
        """
        answer = self._http.get("/app/login")
        if isinstance(answer, Answer) and words(answer.data, "code") in _LINKED:
            return None
        link = words(self._do(answer), "results", "qr_link")
        found = _LINK.search(link)
        if found is None:
            raise error_of("gowa", Sent(verdict=Verdict.RETRY, code="no_qr"))
        return found[1]

    def read_picture(self, name: str) -> bytes | None:
        """The picture, from gowa's own address whatever its link says; None once gowa has deleted it."""
        if not _PICTURE.fullmatch(name):
            return None
        answer = self._http.get_file(f"/statics/{name}", most_bytes=_LARGEST_PICTURE)
        if not isinstance(answer, Answer) or not answer.is_done:
            return None
        return answer.data if answer.data.startswith(_PNG) else None

    def request_code(self, phone: str) -> str:
        answer = self._do(self._http.get("/app/login-with-code", {"phone": phone}))
        return words(answer, "results", "pair_code")

    def report_acks(self, url: str, *, key: str) -> bool:
        """Have this device's acks, and what people write, reported to `url`, signed with `key`; False when they are already."""
        ours = {"webhook_url": url, "webhook_secret": key, "webhook_events": _EVENTS}
        told = dig(self._do(self._http.get(self._webhook)), "results")
        if isinstance(told, dict) and ours.items() <= told.items():
            return False
        self._do(self._http.patch_json(self._webhook, ours))
        return True

    def _do(self, answer: Any) -> Any:
        if not isinstance(answer, Answer):
            raise error_of("gowa", answer)
        if not answer.is_done:
            raise error_of("gowa", self._gateway.judge(answer))
        return answer.data
