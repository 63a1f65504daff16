"""How WAHA keeps its session: made, started, linked with a QR code, configured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from cicero_cli.standins.whatsapp.phones import ACCOUNT, Phones
from cicero_cli.standins.whatsapp.talk import Reply, Request, find_problems

_WEBHOOK = {"url": str, "events": list}


class WahaSessions:
    """The one session that this WAHA may have; `webhooks` are those that it was told."""

    def __init__(self, phones: Phones, *, name: str) -> None:
        self.config: dict[str, Any] = {}
        self._phones = phones
        self._name = name
        session = "/api/sessions/([^/]+)"
        self.routes: list[tuple[str, str, Callable[..., Reply]]] = [
            ("POST", "/api/sessions", self._create),
            ("GET", session, self._show),
            ("PUT", session, self._configure),
            ("POST", f"{session}/(?:re)?start", self._start),
            ("GET", "/api/([^/]+)/auth/qr", self._show_qr),
            ("POST", "/api/([^/]+)/auth/request-code", self._give_code),
        ]

    @property
    def webhooks(self) -> list[dict[str, Any]]:
        return list(self.config.get("webhooks") or [])

    def has(self, name: str) -> bool:
        return name == self._name and self._phones.session != "ABSENT"

    def _create(self, request: Request) -> Reply:
        body = request.json()
        problems = find_problems(body, {"name": str}, {"start": bool, "config": dict})
        if problems:
            return error(400, "; ".join(problems))
        if self.has(body["name"]):
            return error(422, f"Session '{body['name']}' already exists. Use PUT to update it.")
        if body["name"] != self._name:
            return error(422, "WAHA Core support only 'default' session")
        self._phones.start_session()
        return Reply(201, self._told())

    def _show(self, request: Request, name: str) -> Reply:
        return Reply(200, self._told()) if self.has(name) else error(404, "Session not found")

    def _configure(self, request: Request, name: str) -> Reply:
        body = request.json()
        problems = find_problems(body, {"config": dict}, {"name": str})
        for hook in [] if problems else body["config"].get("webhooks", []):
            problems += find_problems(hook, _WEBHOOK, {"hmac": dict})
        if problems:
            return error(400, "; ".join(problems))
        if not self.has(name):
            return error(404, "Session not found")
        self.config = body["config"]
        return Reply(200, self._told())

    def _start(self, request: Request, name: str) -> Reply:
        if not self.has(name):
            return error(404, "Session not found")
        self._phones.start_session()
        return Reply(201, self._told())

    def _show_qr(self, request: Request, name: str) -> Reply:
        if request.query.get("format") != "raw":
            return error(400, "format is needed, and only raw is played here")
        if not self.has(name) or self._phones.session != "SCAN_QR_CODE":
            return error(422, "Can get QR code only in SCAN_QR_CODE status")
        self._phones.look_at_qr()
        return Reply(200, {"value": "2@stand-in,which-nobody-can-link,0"})

    def _give_code(self, request: Request, name: str) -> Reply:
        problems = find_problems(request.json(), {"phoneNumber": str}, {"method": str})
        if problems:
            return error(400, "; ".join(problems))
        if not self.has(name) or self._phones.session != "SCAN_QR_CODE":
            return error(422, "Can request code only in SCAN_QR_CODE status")
        self._phones.look_at_qr()
        return Reply(201, {"code": "ABCD-1234"})

    def _told(self) -> dict[str, Any]:
        is_linked = self._phones.session == "WORKING"
        return {
            "name": self._name,
            "status": self._phones.session,
            "presence": None,
            "config": self.config,
            "timestamps": {"activity": None},
            "me": {"id": f"{ACCOUNT}@c.us", "pushName": "Humas"} if is_linked else None,
        }


def error(status: int, message: str) -> Reply:
    """WAHA's refusals."""
    return Reply(status, {"statusCode": status, "message": message})
