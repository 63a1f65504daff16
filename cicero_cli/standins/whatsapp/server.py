"""The stand-in itself: one loopback address at which WAHA, gowa and Meta's Cloud API answer, with faults on request."""

from __future__ import annotations

import hashlib
import hmac
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec
import requests

from cicero_cli.standins.faults import Faults
from cicero_cli.standins.loopback import LoopbackHandler, LoopbackServer
from cicero_cli.standins.whatsapp import gowa, waha
from cicero_cli.standins.whatsapp.cloud import Cloud
from cicero_cli.standins.whatsapp.faults import PAGE, Fault, FaultKind
from cicero_cli.standins.whatsapp.gowa import Gowa
from cicero_cli.standins.whatsapp.phones import Message, Outgoing, Phones, RefusedError
from cicero_cli.standins.whatsapp.rendering import render_inbox
from cicero_cli.standins.whatsapp.talk import Dialect, Reply, Request
from cicero_cli.standins.whatsapp.waha import Waha

_DRIP_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where acks go, and the key that signs them; `kind` is waha or gowa."""

    url: str
    key: str
    kind: str = "waha"


class StandIn:
    """Serves from `__enter__` to `__exit__`; `phones` and `faults` may be changed meanwhile.

    A wrong request is refused as the gateway would; `requests` has all of them as (method, path). An empty key, user or
    token lets everybody in.
    """

    def __init__(
        self,
        phones: Phones | None = None,
        *,
        port: int = 0,
        waha_key: str = "stand-in-key",
        waha_session: str = "default",
        gowa_user: str = "cicero",
        gowa_password: str = "stand-in",  # noqa: S107 - of a stand-in
        gowa_device: str = "stand-in",
        cloud_phone_id: str = "100200300",
        cloud_token: str = "stand-in-token",  # noqa: S107
        webhook: Webhook | None = None,
    ) -> None:
        self.phones = phones or Phones()
        self.faults = Faults[Fault]()
        self._webhook = webhook
        self.requests: list[tuple[str, str]] = []
        self.waha = Waha(self.phones, key=waha_key, session=waha_session)
        self.gowa = Gowa(self.phones, user=gowa_user, password=gowa_password, device=gowa_device)
        self.cloud = Cloud(self.phones, phone_id=cloud_phone_id, token=cloud_token)
        self._session = waha_session
        self._stopping = threading.Event()
        self._server = _Server(port, self.answer, self._stopping)
        self._port = self._server.server_port

    @property
    def url(self) -> str:
        """The address for CICERO_WAHA_URL and CICERO_GOWA_URL, and the base of the Cloud API."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def inbox(self) -> list[Message]:
        """What arrived on everybody's phones, in order."""
        return self.phones.inbox

    def __enter__(self) -> Self:
        self._start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.go_down()

    def go_down(self) -> None:
        """Refuse connections, as a server that is not running does."""
        self._stopping.set()
        self._server.stop()

    @property
    def webhook(self) -> Webhook | None:
        """Where acks go: as this stand-in was made, or as WAHA was told since."""
        for hook in self.waha.sessions.webhooks:
            return Webhook(hook["url"], (hook.get("hmac") or {}).get("key", ""))
        return self._webhook

    @webhook.setter
    def webhook(self, webhook: Webhook | None) -> None:
        self._webhook = webhook

    def come_back(self) -> None:
        """Serve again, at the same address."""
        self._server = _Server(self._port, self.answer, self._stopping)
        self._start()

    def set_session(self, status: str) -> None:
        """The session's state in WAHA's words, reported by webhook; gowa is logged out unless WORKING or STARTING."""
        self.phones.session = status
        if self.webhook and self.webhook.kind == "waha":
            self._report(self.webhook, waha.status_event(status, self._session))

    def acknowledge(self, ack: int, *message_ids: str) -> None:
        """These messages (all, when none is named) got so far; the webhook hears of each."""
        for message in self.phones.messages:
            if not message_ids or message.message_id in message_ids:
                message.ack = ack
                speaks = gowa if self.webhook and self.webhook.kind == "gowa" else waha
                event = speaks.ack_event(message, self._session)
                if self.webhook and event:
                    self._report(self.webhook, event)

    def answer(self, request: Request) -> Reply | None:
        """The reply, perhaps late; None when the connection ends without one."""
        if request.path.startswith("/standin/"):
            return self._control(request)
        self.requests.append((request.method, request.path))
        dialect = self._dialect(request.path)
        outgoing = dialect.read(request)
        recipient = None if isinstance(outgoing, Reply) else outgoing.recipient
        fault = self.faults.find(lambda fault: fault.strikes(recipient, request.path))
        if isinstance(outgoing, Reply):
            return self._spoil(fault, outgoing, dialect, request)
        try:
            return self._send(dialect, request, outgoing, fault)
        except RefusedError as error:
            return dialect.refuse(error)

    def _send(
        self, dialect: Dialect, request: Request, outgoing: Outgoing, fault: Fault | None
    ) -> Reply | None:
        reply: Reply | None = None
        is_lost = fault is not None and fault.kind is FaultKind.LOST
        if fault is None or fault.takes or is_lost:
            reply = dialect.accept(self.phones.take(outgoing, arrives=not is_lost))
        return self._spoil(fault, reply, dialect, request)

    def _spoil(
        self, fault: Fault | None, reply: Reply | None, dialect: Dialect, request: Request
    ) -> Reply | None:
        """What the fault makes of the right reply, if there is one."""
        match fault:
            case Fault(kind=FaultKind.CUT):
                reply = None
            case Fault(kind=FaultKind.SLOW):
                self._stopping.wait(fault.seconds)
            case Fault(kind=FaultKind.DRIP) if reply is not None:
                reply = replace(reply, is_dripped=True)
            case Fault(kind=FaultKind.ENDLESS) if reply is not None:
                reply = replace(reply, is_endless=True)
            case Fault(kind=FaultKind.NO_ID):
                reply = dialect.accept_without_id()
            case Fault(kind=FaultKind.SERVER_ERROR):
                reply = dialect.fail(request)
            case Fault(kind=FaultKind.HTML):
                reply = Reply(200, PAGE)
            case Fault(kind=FaultKind.ANSWER):
                reply = Reply(fault.status, fault.body, fault.headers)
        return reply

    def _dialect(self, path: str) -> Dialect:
        if path.startswith("/api/") or path == "/ping":
            return self.waha
        return self.cloud if path.startswith("/v") else self.gowa

    def _control(self, request: Request) -> Reply:
        """The stand-in's own routes, for one that runs in a process of its own."""
        match request.method, request.path:
            case "GET", "/standin/inbox":
                return Reply(200, self.inbox)
            case "GET", "/standin/inbox.txt":
                return Reply(200, render_inbox(self.inbox).encode())
            case "POST", "/standin/faults":
                self.faults.add(msgspec.convert(request.json(), Fault))
                return Reply(204)
            case "DELETE", "/standin/faults":
                self.faults.clear()
                return Reply(204)
            case "POST", "/standin/session":
                self.set_session(request.json()["status"])
                return Reply(204)
        return Reply(404)

    def _report(self, webhook: Webhook, event: dict[str, Any]) -> None:
        """Signed as the gateway would; who does not listen misses it."""
        moment = self.phones.now()
        if webhook.kind == "gowa":
            body = msgspec.json.encode(event | {"timestamp": moment.isoformat(timespec="seconds")})
            digest = hmac.new(webhook.key.encode(), body, hashlib.sha256).hexdigest()
            headers = {"X-Hub-Signature-256": f"sha256={digest}"}
        else:
            stamp = int(moment.timestamp() * 1000)
            body = msgspec.json.encode(event | {"timestamp": stamp})
            digest = hmac.new(webhook.key.encode(), body, hashlib.sha512).hexdigest()
            headers = {"X-Webhook-Hmac": digest, "X-Webhook-Hmac-Algorithm": "sha512"}
            headers["X-Webhook-Timestamp"] = str(stamp)
        headers["Content-Type"] = "application/json"
        with suppress(requests.RequestException):
            requests.post(webhook.url, data=body, headers=headers, timeout=5)

    def _start(self) -> None:
        self._stopping.clear()
        self._server.start()


class _Server(LoopbackServer):
    def __init__(
        self, port: int, answer: Callable[[Request], Reply | None], stopping: threading.Event
    ) -> None:
        self.answer = answer
        self.stopping = stopping
        super().__init__(port, _Handler)


class _Handler(LoopbackHandler):
    server: _Server

    def serve(self) -> None:
        parts = urlsplit(self.path)
        reply = self.server.answer(
            Request(
                method=self.command,
                path=unquote(parts.path),
                query=dict(parse_qsl(parts.query, keep_blank_values=True)),
                headers={name.lower(): value for name, value in self.headers.items()},
                body=self.rfile.read(int(self.headers.get("Content-Length") or 0)),
            )
        )
        if reply is None:
            self.close_connection = True
            return
        is_page = isinstance(reply.body, bytes)
        body = reply.body if is_page else msgspec.json.encode(reply.body)
        kind = "text/html; charset=utf-8" if is_page else "application/json"
        if reply.is_dripped or reply.is_endless:
            self.reply(reply.status, b"", reply.headers, kind=kind, length=1_000_000_000)
            self._go_on(b" " if reply.is_dripped else b" " * 65_536, reply)
            return
        self.reply(reply.status, body, reply.headers, kind=kind, length=len(body))

    def _go_on(self, piece: bytes, reply: Reply) -> None:
        """Until the caller goes away or the stand-in stops."""
        self.close_connection = True
        while not self.server.stopping.wait(_DRIP_SECONDS if reply.is_dripped else 0):
            self.wfile.write(piece)
