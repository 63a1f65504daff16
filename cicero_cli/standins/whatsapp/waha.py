"""How WAHA speaks, with the engine GOWS."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from cicero_cli.standins.whatsapp.phones import (
    Message,
    Outgoing,
    Phones,
    Refusal,
    RefusedError,
    mint_id,
)
from cicero_cli.standins.whatsapp.talk import Reply, Request, find_problems
from cicero_cli.standins.whatsapp.waha_sessions import WahaSessions, error

_ACKS = {-1: "ERROR", 0: "PENDING", 1: "SERVER", 2: "DEVICE", 3: "READ", 4: "PLAYED"}
_CHAT = re.compile(r"\d{8,15}@c\.us|\d[\d-]{9,40}@g\.us")
_TO_CHAT = {"session": str, "chatId": str}
_TEXT_OPTIONS = {
    "id": str,
    "reply_to": str,
    "linkPreview": bool,
    "linkPreviewHighQuality": bool,
}
_REFUSALS = {
    Refusal.TIMELOCK: "server returned error 463",
    Refusal.UNKNOWN_NUMBER: "no LID found for {recipient}@s.whatsapp.net from server",
    Refusal.NOT_IN_GROUP: "failed to get group members: you're not participating in that group",
}


class Waha:
    """One server with one session. `id_shape` is where its answers carry the id: text, serialized or key."""

    def __init__(self, phones: Phones, *, key: str, session: str) -> None:
        self.id_shape = "text"
        self._phones = phones
        self._key = key
        self._session = session
        self.sessions = WahaSessions(phones, name=session)
        sessions, chats = "/api/sessions/([^/]+)", "/api/([^/]+)/chats/([^/]+)/messages"
        self._routes: list[tuple[str, str, Callable[..., Outgoing | Reply]]] = [
            ("POST", "/api/sendText", self._send_text),
            ("POST", "/api/send(?:Image|File)", self._send_file),
            ("GET", f"{sessions}/timelock", self._show_timelock),
            ("GET", f"{sessions}/capping", self._show_capping),
            ("GET", "/api/contacts/check-exists", self._check_exists),
            ("GET", "/api/([^/]+)/new-message-id", self._mint),
            ("GET", "/api/([^/]+)/groups", self._list_groups),
            ("GET", chats, self._list_messages),
            ("GET", f"{chats}/([^/]+)", self._show_message),
            *self.sessions.routes,
        ]

    def read(self, request: Request) -> Outgoing | Reply:
        if request.path == "/ping":
            return Reply(200, {"message": "pong"})
        if self._key and request.headers.get("x-api-key") != self._key:
            return error(401, "Unauthorized")
        for method, pattern, serve in self._routes:
            found = re.fullmatch(pattern, request.path)
            if found and method == request.method:
                return serve(request, *found.groups())
        return error(404, f"Cannot {request.method} {request.path}")

    def accept(self, message: Message) -> Reply:
        full = self._full_id(message)
        ids: dict[str, dict[str, Any]] = {
            "text": {"id": full},
            "serialized": {"id": {"fromMe": True, "id": message.message_id, "_serialized": full}},
            "key": {"key": {"fromMe": True, "id": message.message_id}},
        }
        return Reply(201, {**ids[self.id_shape], "_data": {"Info": {"IsFromMe": True}}})

    def accept_without_id(self) -> Reply:
        return Reply(201, {"_data": {}})

    def refuse(self, refused: RefusedError) -> Reply:
        words = _REFUSALS[refused.refusal].format(recipient=refused.recipient)
        return _exception(words, {"chatId": refused.recipient})

    def fail(self, request: Request) -> Reply:
        return _exception("server returned error 400", request.json())

    def _send_text(self, request: Request) -> Outgoing | Reply:
        body = request.json()
        problems = find_problems(body, _TO_CHAT | {"text": str}, _TEXT_OPTIONS)
        wrong = self._check(body, problems)
        if wrong:
            return wrong
        return Outgoing(
            recipient=_recipient(body["chatId"]), text=body["text"], message_id=body.get("id")
        )

    def _send_file(self, request: Request) -> Outgoing | Reply:
        body = request.json()
        problems = find_problems(body, _TO_CHAT | {"file": dict}, {"caption": str, "reply_to": str})
        file = body.get("file") if isinstance(body, dict) else None
        problems += find_problems(file, {"mimetype": str, "data": str}, {"filename": str})
        wrong = self._check(body, problems)
        if wrong:
            return wrong
        try:
            content = base64.b64decode(body["file"]["data"], validate=True)
        except binascii.Error:
            return error(400, "file.data is no base64")
        return Outgoing(
            recipient=_recipient(body["chatId"]),
            text=body.get("caption", ""),
            filename=body["file"].get("filename", "file"),
            mimetype=body["file"]["mimetype"],
            content=content,
        )

    def _check(self, body: Any, problems: list[str]) -> Reply | None:
        if problems:
            return error(400, "; ".join(problems))
        if not _CHAT.fullmatch(body["chatId"]):
            return error(400, "chatId is neither a person's nor a group's")
        return self._check_session(body["session"])

    def _check_session(self, name: str) -> Reply | None:
        if not self.sessions.has(name):
            return error(404, f'Session "{name}" does not exist')
        if self._phones.session != "WORKING":
            words = "Session status is not as expected. Try again later or restart the session"
            status = self._phones.session
            return Reply(
                422,
                {"error": words, "session": name, "status": status, "expected": ["WORKING"]},
            )
        return None

    def _show_timelock(self, request: Request, name: str) -> Reply:
        ends = self._phones.timelock_ends
        return Reply(
            200,
            {
                "isActive": self._phones.is_locked,
                "timeEnforcementEnds": int(ends.timestamp()) if ends else None,
            },
        )

    def _show_capping(self, request: Request, name: str) -> Reply:
        return Reply(200, {"cappingStatus": "NONE", "totalQuota": 0, "usedQuota": 0})

    def _check_exists(self, request: Request) -> Reply:
        if not {"phone", "session"} <= request.query.keys():
            return error(400, "phone and session are needed")
        wrong = self._check_session(request.query["session"])
        phone = request.query["phone"]
        if phone in self._phones.invalid:
            return wrong or Reply(200, {"numberExists": False})
        return wrong or Reply(200, {"numberExists": True, "chatId": f"{phone}@c.us"})

    def _mint(self, request: Request, name: str) -> Reply:
        return self._check_session(name) or Reply(200, {"id": mint_id()})

    def _list_groups(self, request: Request, name: str) -> Reply:
        groups = [
            {"JID": group, "Name": title, "Topic": ""}
            for group, title in self._phones.groups.items()
        ]
        return self._check_session(name) or Reply(200, groups)

    def _list_messages(self, request: Request, name: str, chat: str) -> Reply:
        if "limit" not in request.query:
            return error(400, "limit is needed")
        since = datetime.fromtimestamp(float(request.query.get("filter.timestamp.gte", 0)), UTC)
        messages = self._phones.chat(_recipient(chat), since)[: int(request.query["limit"])]
        return self._check_session(name) or Reply(200, [self._show(m) for m in messages])

    def _show_message(self, request: Request, name: str, chat: str, message_id: str) -> Reply:
        wrong = self._check_session(name)
        message = self._phones.find(_recipient(chat), message_id.rsplit("_", maxsplit=1)[-1])
        if message is None:
            return wrong or error(404, "Message not found")
        return wrong or Reply(200, self._show(message))

    def _show(self, message: Message) -> dict[str, Any]:
        return {
            "id": self._full_id(message),
            "timestamp": int(message.time.timestamp()),
            "from": "62811000000@c.us",
            "fromMe": True,
            "to": chat_id(message.recipient),
            "body": message.text,
            "hasMedia": bool(message.filename),
            "ack": message.ack,
            "ackName": _ACKS[message.ack],
        }

    @staticmethod
    def _full_id(message: Message) -> str:
        chat = chat_id(message.recipient)
        author = "_62811000000@c.us" if chat.endswith("@g.us") else ""
        return f"true_{chat}_{message.message_id}{author}"


def ack_event(message: Message, session: str) -> dict[str, Any]:
    """The webhook that says how far a message got."""
    is_group = message.recipient.endswith("@g.us")
    chat = message.recipient if is_group else f"{int(message.recipient) * 7 % 10**14}@lid"
    return {
        "id": "evt_01stand0in0whatsapp0event0000",
        "event": "message.ack.group" if is_group else "message.ack",
        "session": session,
        "payload": {
            "id": f"true_{chat}_{message.message_id}",
            "from": "62811000000@c.us",
            "to": chat,
            "participant": None,
            "fromMe": True,
            "ack": message.ack,
            "ackName": _ACKS[message.ack],
        },
    }


def status_event(status: str, session: str) -> dict[str, Any]:
    """The webhook that says what became of the session."""
    payload = {"name": session, "status": status, "statuses": []}
    return {
        "id": "evt_01stand0in0whatsapp0event0001",
        "event": "session.status",
        "session": session,
        "payload": payload,
    }


def chat_id(recipient: str) -> str:
    return recipient if recipient.endswith("@g.us") else f"{recipient}@c.us"


def _recipient(chat: str) -> str:
    return chat.removesuffix("@c.us")


def _exception(message: str, body: Any) -> Reply:
    """WAHA's 500: it repeats the request, with the number and the text."""
    return Reply(
        500,
        {
            "statusCode": 500,
            "timestamp": "2026-08-10T03:00:00.000Z",
            "exception": {
                "message": f"2 UNKNOWN: {message}",
                "code": 2,
                "details": message,
                "name": "Error",
            },
            "request": {"path": "/api/sendText", "method": "POST", "body": body, "query": {}},
            "version": {"version": "2026.8.1", "engine": "GOWS", "tier": "CORE"},
        },
    )
