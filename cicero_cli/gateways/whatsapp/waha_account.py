"""The account behind a WAHA session: made, started, linked by a QR code, told where to report acks."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from cicero_cli.core.qr_codes import LONGEST
from cicero_cli.domain.messaging.gateway_answers import Session
from cicero_cli.gateways.whatsapp.bodies import dig, words
from cicero_cli.gateways.whatsapp.http import Answer, error_of
from cicero_cli.gateways.whatsapp.waha import WahaGateway

_EVENTS = ["message", "message.ack", "message.ack.group"]


class WahaAccount:
    """What `cicero wa setup` does at WAHA. TryLaterError or SettingError when it refuses."""

    name = "WAHA"
    shows_qr = True

    def __init__(self, gateway: WahaGateway) -> None:
        self._gateway = gateway
        self._http = gateway.http
        name = quote(gateway.session, safe="")
        self._session, self._auth = f"/api/sessions/{name}", f"/api/{name}/auth"

    def check_session(self) -> Session:
        return self._gateway.check_session()

    def create(self) -> None:
        """A session that WAHA does not have yet; it starts by itself."""
        self._do(
            self._http.post_json("/api/sessions", {"name": self._gateway.session, "start": True})
        )

    def start(self) -> None:
        self._do(self._http.post_json(f"{self._session}/start", {}))

    def restart(self) -> None:
        self._do(self._http.post_json(f"{self._session}/restart", {}))

    def read_qr(self) -> str | None:
        """What the QR code says; None while there is none."""
        answer = self._http.get(f"{self._auth}/qr", {"format": "raw"})
        code = words(answer.data, "value") if isinstance(answer, Answer) else ""
        return code if 0 < len(code) <= LONGEST else None

    def make_picture(self) -> None:
        """Nothing is to be made: `read_qr` tells the code."""

    def read_picture(self, name: str) -> None:
        """There is none."""

    def request_code(self, phone: str) -> str:
        body = {"phoneNumber": phone}
        return words(self._do(self._http.post_json(f"{self._auth}/request-code", body)), "code")

    def report_acks(self, url: str, *, key: str) -> bool:
        """Have acks, and what people write, reported to `url`, signed with `key`; False when they are already.

        The rest of the session's configuration stays, other webhooks too. WAHA restarts a running session for it.
        """
        data = self._do(self._http.get(self._session))
        config = dig(data, "config")
        config = config if isinstance(config, dict) else {}
        hooks = config.get("webhooks")
        hooks = (
            [hook for hook in hooks if isinstance(hook, dict)] if isinstance(hooks, list) else []
        )
        ours = {"url": url, "events": _EVENTS, "hmac": {"key": key}}
        if any(ours.items() <= hook.items() for hook in hooks):
            return False
        others = [hook for hook in hooks if hook.get("url") != url]
        self._do(
            self._http.put_json(self._session, {"config": {**config, "webhooks": [*others, ours]}})
        )
        return True

    def _do(self, answer: Any) -> Any:
        if not isinstance(answer, Answer):
            raise error_of("WAHA", answer)
        if not answer.is_done:
            raise error_of("WAHA", self._gateway.judge(answer))
        return answer.data
