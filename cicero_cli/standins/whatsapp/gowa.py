"""How gowa (go-whatsapp-web-multidevice) speaks."""

from __future__ import annotations

import base64
import re
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from cicero_cli.standins.whatsapp.phones import (
    ACCOUNT,
    Message,
    Outgoing,
    Phones,
    Refusal,
    RefusedError,
)
from cicero_cli.standins.whatsapp.pictures import draw_png
from cicero_cli.standins.whatsapp.talk import Reply, Request, find_problems

_PHONE = re.compile(r"\d{8,15}@s\.whatsapp\.net|\d[\d-]{9,40}@g\.us")
_OPTIONS = {"reply_message_id": str, "is_forwarded": bool, "duration": int, "mentions": list}
_FIELDS = {"phone", "caption", "reply_message_id", "is_forwarded", "duration"}
_WEBHOOK_OPTIONS = {
    "webhook_secret": str,
    "webhook_events": str,
    "webhook_insecure_skip_verify": bool,
}
_RECEIPTS = {2: "delivered", 3: "read", 4: "played"}
_MENTION = re.compile(r"@\d")


class Gowa:
    """One server with one device."""

    def __init__(self, phones: Phones, *, user: str, password: str, device: str) -> None:
        self.mentions: list[str] = []  # texts in which it would have notified somebody
        self._phones = phones
        self._authorization = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
        self._is_open = not user
        self._device = device
        self.webhook: dict[str, Any] = {}  # of the device
        self.picture = ""  # of the newest QR code, until gowa deletes it

    def read(self, request: Request) -> Outgoing | Reply:
        if request.path.startswith("/statics/"):  # open to everybody, as gowa's are
            return self._show_picture(request.path.removeprefix("/statics/qrcode/"))
        wrong = self._check_caller(request)
        if wrong:
            return wrong
        return self._serve(request) or Reply(
            404, f"Cannot {request.method} {request.path}".encode()
        )

    def accept(self, message: Message) -> Reply:
        if _MENTION.search(message.text):
            self.mentions.append(message.text)
        status = f"Message sent to {message.recipient} (server timestamp: {message.time})"
        return _success(message_id=message.message_id, status=status)

    def accept_without_id(self) -> Reply:
        return _success(status="Message sent")

    def refuse(self, error: RefusedError) -> Reply:
        match error.refusal:
            case Refusal.TIMELOCK:
                return _error(429, "WA_REACHOUT_TIMELOCK", "error 463 (reach-out timelock)")
            case Refusal.UNKNOWN_NUMBER:
                words = f"Phone {error.recipient}@s.whatsapp.net is not on whatsapp"
                return _error(400, "INVALID_JID", words)
            case Refusal.NOT_IN_GROUP:
                words = "failed to get group members: you're not participating in that group"
                return _error(500, "INTERNAL_SERVER_ERROR", words)

    def fail(self, request: Request) -> Reply:
        return _error(500, "INTERNAL_SERVER_ERROR", "server returned error 400")

    def _serve(self, request: Request) -> Outgoing | Reply | None:
        reply: Outgoing | Reply | None = self._serve_device(request)
        if reply is not None:
            return reply
        match request.method, request.path.split("/")[1:]:
            case "POST", ["send", "message"]:
                reply = self._send_text(request)
            case "POST", ["send", ("image" | "file") as kind]:
                reply = self._send_file(request, kind)
            case "GET", ["app", "status"]:
                reply = _success(
                    is_connected=self._phones.session == "WORKING",
                    is_logged_in=self._phones.session in {"WORKING", "STARTING"},
                    device_id=self._device,
                    jid=f"{ACCOUNT}@s.whatsapp.net" if self._phones.session == "WORKING" else "",
                )
            case "GET", ["user", "check"]:
                reply = self._check_number(request.query.get("phone", ""))
            case "GET", ["user", "my", "groups"]:
                groups = [{"JID": jid, "Name": name} for jid, name in self._phones.groups.items()]
                reply = _success(data=groups or None)
            case "GET", ["chat", chat, "messages"]:
                reply = self._list_messages(request, chat)
        return reply

    def _check_caller(self, request: Request) -> Reply | None:
        if not self._is_open and request.headers.get("authorization") != self._authorization:
            realm = {"WWW-Authenticate": 'Basic realm="Restricted"'}
            return Reply(401, b"Unauthorized", realm)
        device = request.headers.get("x-device-id")
        if request.path == "/devices":
            return None
        if device is None:
            return _error(400, "DEVICE_ID_REQUIRED", "device_id is required")
        if device != self._device or self._phones.session == "ABSENT":
            return _error(404, "DEVICE_NOT_FOUND", "device not found")
        return None

    def _serve_device(self, request: Request) -> Reply | None:
        """How an account gets there, and where its acks go."""
        reply: Reply | None = None
        match request.method, request.path.split("/")[1:]:
            case "POST", ["devices"]:
                self._phones.start_session()
                reply = _success(id=request.json()["device_id"], state="disconnected")
            case "GET", ["app", "reconnect"]:
                self._phones.start_session()
                reply = _success()
            case "GET", ["app", "login"]:
                reply = self._draw_code()
            case "GET", ["app", "login-with-code"]:
                if not _PHONE.fullmatch(f"{request.query.get('phone', '')}@s.whatsapp.net"):
                    return _error(500, "INTERNAL_SERVER_ERROR", "phone number is not valid")
                self._phones.look_at_qr()
                reply = _success(pair_code="ABCD-1234")
            case "GET", ["devices", self._device, "webhook"]:
                reply = _success(device_id=self._device, **self.webhook)
            case "PATCH", ["devices", self._device, "webhook"]:
                problems = find_problems(request.json(), {"webhook_url": str}, _WEBHOOK_OPTIONS)
                if problems:
                    return _error(400, "VALIDATION_ERROR", "; ".join(problems))
                self.webhook = request.json()
                reply = _success(device_id=self._device, **self.webhook)
        return reply

    def _draw_code(self) -> Reply:
        """A link to a picture at an address that only gowa itself knows; an older picture leads nowhere any more."""
        if self._phones.session == "WORKING":
            return _error(400, "ALREADY_LOGGED_IN", "you are already logged in.")
        self.picture = f"scan-qr-{uuid4()}.png"
        link = f"http://gowa.internal:3000/statics/qrcode/{self.picture}"
        return _success(device_id=self._device, qr_link=link, qr_duration=30)

    def _show_picture(self, name: str) -> Reply:
        if name != self.picture:
            return Reply(404, b"Not Found")
        self._phones.look_at_qr()
        return Reply(200, draw_png("2@stand-in,which-nobody-can-link,0"))

    def _send_text(self, request: Request) -> Outgoing | Reply:
        body = request.json()
        problems = find_problems(body, {"phone": str, "message": str}, _OPTIONS)
        wrong = self._check(problems, body)
        return wrong or Outgoing(recipient=_recipient(body["phone"]), text=body["message"])

    def _send_file(self, request: Request, kind: str) -> Outgoing | Reply:
        fields, files = request.form()
        allowed = _FIELDS | ({"compress", "view_once", "hd"} if kind == "image" else set())
        problems = [f"{name} is unknown" for name in fields.keys() - allowed]
        problems += [f"{kind} is missing"] if kind not in files else []
        problems += ["phone is missing"] if "phone" not in fields else []
        wrong = self._check(problems, fields)
        if wrong:
            return wrong
        return Outgoing(
            recipient=_recipient(fields["phone"]),
            text=fields.get("caption", ""),
            filename=files[kind].filename,
            mimetype=files[kind].mimetype,
            content=files[kind].content,
        )

    def _check(self, problems: list[str], body: Any) -> Reply | None:
        if not problems and not _PHONE.fullmatch(body["phone"]):
            problems = ["phone is neither a person's nor a group's"]
        if problems:
            return _error(400, "VALIDATION_ERROR", "; ".join(problems))
        if self._phones.session == "STARTING":
            words = "you are not connect to services server, please reconnect"
            return _error(401, "AUTHENTICATION_ERROR", words)
        if self._phones.session != "WORKING":
            words = "you are not login to services server, please login"
            return _error(401, "AUTHENTICATION_ERROR", words)
        return None

    def _check_number(self, phone: str) -> Reply:
        is_found = self._phones.session == "WORKING" and phone not in self._phones.invalid
        return _success(is_on_whatsapp=is_found)

    def _list_messages(self, request: Request, chat: str) -> Reply:
        since = datetime.fromisoformat(request.query.get("start_time", "1970-01-01T00:00:00Z"))
        limit = int(request.query.get("limit", "50"))
        found = self._phones.chat(_recipient(chat), since.astimezone(UTC))[:limit]
        data = [_show(message) for message in found if message.has_arrived]
        total = len(self._phones.messages)
        return _success(data=data, pagination={"limit": limit, "offset": 0, "total": total})


def ack_event(message: Message, session: str) -> dict[str, Any] | None:
    """The webhook that says how far a message got; there is none before it reaches a device."""
    if message.ack not in _RECEIPTS:
        return None
    return {
        "event": "message.ack",
        "device_id": f"{ACCOUNT}@s.whatsapp.net",
        "payload": {
            "ids": [message.message_id],
            "chat_id": f"{message.recipient.removesuffix('@g.us')}@lid",
            "from": "62812000000@s.whatsapp.net",
            "receipt_type": _RECEIPTS[message.ack],
            "receipt_type_description": "",
        },
    }


def _show(message: Message) -> dict[str, Any]:
    picture = "🖼️ " if message.mimetype.startswith("image/") else "📄 "
    return {
        "id": message.message_id,
        "chat_jid": message.recipient,
        "content": (picture if message.filename else "") + message.text,
        "timestamp": message.time.isoformat(timespec="seconds"),
        "is_from_me": True,
    }


def _recipient(phone: str) -> str:
    return phone.removesuffix("@s.whatsapp.net")


def _success(**results: Any) -> Reply:
    return Reply(200, {"status": 200, "code": "SUCCESS", "message": "Success", "results": results})


def _error(status: int, code: str, message: str) -> Reply:
    return Reply(status, {"status": status, "code": code, "message": message, "results": None})
