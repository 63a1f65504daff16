"""The account behind a gowa device: made, linked by a code that is typed on the phone, told where to report acks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from cicero_cli.domain.messaging.gateway_answers import Session
from cicero_cli.gateways.whatsapp.bodies import dig, words
from cicero_cli.gateways.whatsapp.gowa import GowaGateway
from cicero_cli.gateways.whatsapp.http import Answer, error_of


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

    def read_qr(self) -> str | None:
        return None

    def request_code(self, phone: str) -> str:
        answer = self._do(self._http.get("/app/login-with-code", {"phone": phone}))
        return words(answer, "results", "pair_code")

    def report_acks(self, url: str, *, key: str) -> bool:
        """Have this device's acks reported to `url`, signed with `key`; False when they are already."""
        ours = {"webhook_url": url, "webhook_secret": key, "webhook_events": "message.ack"}
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
