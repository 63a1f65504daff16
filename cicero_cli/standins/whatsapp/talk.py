"""Requests and replies, before any gateway's dialect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any, Protocol

import msgspec

from cicero_cli.standins.whatsapp.phones import Message, Outgoing, RefusedError


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str  # unquoted
    query: Mapping[str, str]
    headers: Mapping[str, str]  # by lower-case name
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body, or None when it is no JSON or does not say so."""
        if not self.headers.get("content-type", "").startswith("application/json"):
            return None
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None

    def form(self) -> tuple[dict[str, str], dict[str, Upload]]:
        """Fields and files of a multipart body."""
        head = f"Content-Type: {self.headers.get('content-type', '')}\r\n\r\n".encode()
        fields: dict[str, str] = {}
        files: dict[str, Upload] = {}
        message = BytesParser(EmailMessage, policy=HTTP).parsebytes(head + self.body)
        for part in message.iter_parts():
            name = str(part.get_param("name", header="content-disposition"))
            payload = part.get_payload(decode=True)
            content = payload if isinstance(payload, bytes) else b""
            filename = part.get_filename()
            if filename is None:
                fields[name] = content.decode()
            else:
                files[name] = Upload(filename, part.get_content_type(), content)
        return fields, files


@dataclass(frozen=True, slots=True)
class Upload:
    filename: str
    mimetype: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Any = None  # bytes go out as a page
    headers: Mapping[str, str] = field(default_factory=dict)
    is_dripped: bool = False
    is_endless: bool = False


class Dialect(Protocol):
    """How one gateway speaks."""

    def read(self, request: Request) -> Outgoing | Reply:
        """What to send, or the reply to anything else and to a wrong request."""
        ...

    def accept(self, message: Message) -> Reply: ...

    def accept_without_id(self) -> Reply: ...

    def refuse(self, error: RefusedError) -> Reply: ...

    def fail(self, request: Request) -> Reply:
        """Its 500."""
        ...


def find_problems(
    body: Any, required: Mapping[str, type], optional: Mapping[str, type]
) -> list[str]:
    """What a body lacks, has too much or of another type."""
    if not isinstance(body, dict):
        return ["the body is not a JSON object"]
    types = {**optional, **required}
    problems = [f"{name} is missing" for name in required if name not in body]
    problems += [f"{name} is unknown" for name in body if name not in types]
    problems += [
        f"{name} is no {types[name].__name__}"
        for name, value in body.items()
        if name in types and not isinstance(value, types[name])
    ]
    return problems
