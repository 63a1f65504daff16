"""How Meta's WhatsApp Cloud API speaks. Who is not `known` has not written within the last 24 hours."""

from __future__ import annotations

import re
from typing import Any

from cicero_cli.standins.whatsapp.phones import Message, Outgoing, Phones, Refusal, RefusedError
from cicero_cli.standins.whatsapp.talk import Reply, Request, Upload, find_problems

_PATH = re.compile(r"/v\d+\.\d+/(\d+)(/messages|/media)?")
_LONGEST_TEXT = 4096
_LONGEST_CAPTION = 1024
_REQUIRED = {"messaging_product": str, "recipient_type": str, "to": str, "type": str}


class Cloud:
    """One business number."""

    def __init__(self, phones: Phones, *, phone_id: str, token: str) -> None:
        self._phones = phones
        self._phone_id = phone_id
        self._token = token
        self._media: dict[str, Upload] = {}

    def read(self, request: Request) -> Outgoing | Reply:
        if request.headers.get("authorization") != f"Bearer {self._token}":
            return _error(401, 190, "Error validating access token")
        found = _PATH.fullmatch(request.path)
        if not found or found[1] != self._phone_id:
            return _error(400, 100, "Object does not exist", error_subcode=33)
        match request.method, found[2]:
            case "GET", None:
                return Reply(200, {"id": self._phone_id})
            case "POST", "/media":
                return self._upload(request)
            case "POST", "/messages":
                return self._send(request)
        return _error(400, 100, "Unsupported request")

    def accept(self, message: Message) -> Reply:
        number = message.recipient
        return Reply(
            200,
            {
                "messaging_product": "whatsapp",
                "contacts": [{"input": number, "wa_id": number}],
                "messages": [{"id": f"wamid.{message.message_id}"}],
            },
        )

    def accept_without_id(self) -> Reply:
        return Reply(200, {"messaging_product": "whatsapp", "contacts": [], "messages": []})

    def refuse(self, error: RefusedError) -> Reply:
        if error.refusal is Refusal.TIMELOCK:
            return _error(400, 131047, "More than 24 hours have passed since the customer replied")
        return _error(400, 131026, "Message undeliverable")

    def fail(self, request: Request) -> Reply:
        return _error(500, 1, "An unknown error occurred")

    def _upload(self, request: Request) -> Reply:
        fields, files = request.form()
        if fields.get("messaging_product") != "whatsapp" or "file" not in files:
            return _error(400, 100, "messaging_product or file is missing")
        media_id = str(10**14 + len(self._media))
        self._media[media_id] = files["file"]
        return Reply(200, {"id": media_id})

    def _send(self, request: Request) -> Outgoing | Reply:
        body = request.json()
        kinds = {"text": dict, "image": dict, "document": dict}
        problems = find_problems(body, _REQUIRED, kinds)
        if problems or not re.fullmatch(r"\d{8,15}", body["to"]) or body["type"] not in body:
            return _error(400, 100, "; ".join(problems) or "Invalid parameter")
        if body["to"] not in self._phones.known:
            return self.refuse(RefusedError(Refusal.TIMELOCK, body["to"]))
        content = body[body["type"]]
        if body["type"] == "text":
            if len(content["body"]) > _LONGEST_TEXT:
                return _error(400, 100, "Param text['body'] must be at most 4096 characters long")
            return Outgoing(recipient=body["to"], text=content["body"])
        file = self._media.get(content.get("id", ""))
        caption = content.get("caption") or ""
        if file is None or len(caption) > _LONGEST_CAPTION:
            return _error(400, 131009, "Parameter value is not valid")
        return Outgoing(
            recipient=body["to"],
            text=caption,
            filename=content.get("filename") or file.filename,
            mimetype=file.mimetype,
            content=file.content,
        )


def _error(status: int, code: int, message: str, **more: Any) -> Reply:
    error = {"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "A0"}
    return Reply(status, {"error": error | more})
