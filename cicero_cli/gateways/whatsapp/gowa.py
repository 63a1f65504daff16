"""gowa (go-whatsapp-web-multidevice), the lightest to run; it chooses the message ids itself.

`text_limit` counts code points, as `len` does; WhatsApp takes 65,536 UTF-16 units.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from requests.auth import HTTPBasicAuth

from cicero_cli.domain.messaging.gateway_answers import (
    Attachment,
    Group,
    LookedUp,
    Presence,
    Sent,
    Session,
    Verdict,
)
from cicero_cli.gateways.whatsapp.bodies import dig, words
from cicero_cli.gateways.whatsapp.http import (
    MOST_BYTES_OF_GROUPS,
    TIMEOUTS,
    Answer,
    Http,
    check_secret,
    error_of,
    judge_status,
    session_of,
)
from cicero_cli.gateways.whatsapp.ids import chat_id, number_of
from cicero_cli.gateways.whatsapp.whatsmeow_refusals import read_refusal
from cicero_cli.words import template

_MENTION = re.compile(r"@(?=\d)")
_WORD_JOINER = "\u2060"  # has no width and allows no line break
_LISTED = 100  # the most that gowa lists
_CLOCK_SLACK = timedelta(minutes=2)
_IMAGES = frozenset({"image/jpeg", "image/png", "image/webp"})  # it refuses others as an image
_DEVICE_HINT = template(
    "gowa has no such device: check CICERO_GOWA_DEVICE, or make it with cicero wa setup"
)
_LINK_HINT = template("link the account: cicero wa setup --phone NUMBER, or WhatsApp on the page")

_VERDICTS: dict[tuple[int, str], Sent] = {
    (400, "VALIDATION_ERROR"): Sent(verdict=Verdict.PERMANENT, code="validation_error"),
    (400, "INVALID_JID"): Sent(verdict=Verdict.RETRY, code="invalid_jid"),
    (400, "DEVICE_ID_REQUIRED"): Sent(
        verdict=Verdict.PAUSE, code="device_required", hint="set CICERO_GOWA_DEVICE"
    ),
    (401, "AUTHENTICATION_ERROR"): Sent(
        verdict=Verdict.PAUSE, code="not_logged_in", hint=_LINK_HINT
    ),
    (404, "DEVICE_NOT_FOUND"): Sent(verdict=Verdict.PAUSE, code="no_device", hint=_DEVICE_HINT),
    (429, "WA_REACHOUT_TIMELOCK"): Sent(
        verdict=Verdict.PAUSE_FIRST_CONTACTS,
        code="reachout_timelock",
        hint=template(
            "WhatsApp refuses new chats from this account for a time; let people write to it first"
        ),
    ),
    (500, "UPLOAD_MEDIA_ERROR"): Sent(verdict=Verdict.RETRY, code="upload_failed"),
    (503, "DEVICE_MANAGER_UNAVAILABLE"): Sent(verdict=Verdict.RETRY, code="device_manager"),
}
_STATUSES: dict[int, Sent] = {
    401: Sent(
        verdict=Verdict.PAUSE,
        code="unauthorised",
        hint="check CICERO_GOWA_USER and CICERO_GOWA_PASSWORD: gowa refuses them",
    ),
    403: Sent(verdict=Verdict.PAUSE, code="forbidden", hint="check CICERO_GOWA_URL: it refuses us"),
    404: Sent(
        verdict=Verdict.PAUSE, code="not_a_gateway", hint="check CICERO_GOWA_URL: it is not a gowa"
    ),
}


class GowaGateway:
    """One device of one gowa server."""

    name = "gowa"
    text_limit = 60_000
    takes_message_id = False

    def __init__(
        self,
        base_url: str,
        *,
        user: str | None,
        password: str | None,
        device: str | None,
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        check_secret(device or "", "CICERO_GOWA_DEVICE")
        self.device = device
        self.http = Http(
            base_url,
            headers={"X-Device-Id": device} if device else {},
            auth=HTTPBasicAuth(user.encode(), (password or "").encode()) if user else None,
            timeouts=timeouts,
        )

    def mint_message_id(self) -> str | None:
        return None

    def send_text(self, recipient: str, text: str, *, message_id: str | None) -> Sent:
        body = {"phone": chat_id(recipient, "s.whatsapp.net"), "message": spare_mentions(text)}
        return self._judge_send(self.http.post_json("/send/message", body))

    def send_file(self, recipient: str, attachment: Attachment, caption: str) -> Sent:
        fields = {
            "phone": chat_id(recipient, "s.whatsapp.net"),
            "caption": spare_mentions(caption),
        }
        file = (attachment.filename, attachment.content, attachment.mimetype)
        if attachment.mimetype in _IMAGES:
            fields["compress"] = "false"  # else it shrinks a chart to 600 pixels
            return self._judge_send(self.http.post_form("/send/image", fields, {"image": file}))
        return self._judge_send(self.http.post_form("/send/file", fields, {"file": file}))

    def check_session(self) -> Session:
        answer = self.http.get("/app/status")
        if isinstance(answer, Sent) or not isinstance(dig(answer.data, "results"), dict):
            return session_of(_judge(answer))
        if dig(answer.data, "results", "is_logged_in") is not True:
            return Session(
                is_ready=False, state="not_logged_in", hint=_LINK_HINT, needs_operator=True
            )
        if dig(answer.data, "results", "is_connected") is not True:
            hint = template("gowa is connecting to WhatsApp; try again in a minute")
            return Session(is_ready=False, state="disconnected", hint=hint)
        number = number_of(words(answer.data, "results", "jid"))
        return Session(is_ready=True, state="working", number=number)

    def number_exists(self, phone: str) -> bool | None:
        """True or None, never False: gowa answers false also when its look-up failed."""
        answer = self.http.get("/user/check", {"phone": phone})
        if isinstance(answer, Sent) or not answer.is_done:
            return None
        return True if dig(answer.data, "results", "is_on_whatsapp") is True else None

    def look_up(
        self, recipient: str, *, message_id: str | None, text: str, since: datetime
    ) -> LookedUp:
        """By id or by text, among what this account sent into the chat since then.

        gowa keeps only what WhatsApp confirmed to it: ABSENT is strong evidence after a time-out, not proof.
        """
        chat = quote(chat_id(recipient, "s.whatsapp.net"), safe="")
        earliest = (since - _CLOCK_SLACK).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        params = {"is_from_me": "true", "start_time": earliest, "limit": str(_LISTED)}
        answer = self.http.get(f"/chat/{chat}/messages", params)
        items = dig(answer.data, "results", "data") if isinstance(answer, Answer) else None
        if isinstance(answer, Sent) or not answer.is_done or not isinstance(items, list):
            return LookedUp(presence=Presence.UNKNOWN)
        wanted = spare_mentions(text).strip()
        for item in items:
            is_same_id = message_id is not None and words(item, "id") == message_id
            if is_same_id or (wanted and _content(item) == wanted):
                return LookedUp(presence=Presence.FOUND, message_id=words(item, "id") or None)
        is_whole = len(items) < _LISTED and (wanted or message_id)
        return LookedUp(presence=Presence.ABSENT if is_whole else Presence.UNKNOWN)

    def list_groups(self) -> list[Group]:
        """At most 500: WhatsApp lists no more."""
        answer = self.http.get("/user/my/groups", most_bytes=MOST_BYTES_OF_GROUPS)
        if isinstance(answer, Sent) or not isinstance(dig(answer.data, "results"), dict):
            raise error_of("gowa", _judge(answer))
        items = dig(answer.data, "results", "data")
        groups = [
            Group(group_id=words(item, "JID"), name=words(item, "Name"))
            for item in (items if isinstance(items, list) else [])
        ]
        return sorted((g for g in groups if g.group_id), key=lambda group: group.name.casefold())

    def judge(self, answer: Answer) -> Sent:
        return _judge(answer)

    def _judge_send(self, answer: Answer | Sent) -> Sent:
        sent = _judge(answer)
        if sent.code != "not_logged_in":
            return sent
        session = self.check_session()  # gowa says the same while it is only connecting again
        if session.state != "disconnected":
            return sent
        return Sent(verdict=Verdict.RETRY, code="session_disconnected", hint=session.hint)


def spare_mentions(text: str) -> str:
    """The text with a word joiner after each `@` before a digit: gowa would notify whoever has that number."""
    return _MENTION.sub(f"@{_WORD_JOINER}", text)


def _judge(answer: Answer | Sent) -> Sent:
    if isinstance(answer, Sent):
        return answer
    code = words(answer.data, "code")
    if answer.is_done:
        return _read_accepted(answer.data)
    known = _VERDICTS.get((answer.status, code))
    if known and not (answer.status == HTTPStatus.UNAUTHORIZED and answer.challenges):
        return known
    if answer.status in _STATUSES:
        return _STATUSES[answer.status]
    return read_refusal(words(answer.data, "message")) or judge_status(answer)


def _read_accepted(data: Any) -> Sent:
    message_id = words(data, "results", "message_id")
    if not message_id:  # also a page of HTML that some proxy put in between
        return Sent(verdict=Verdict.AMBIGUOUS, code="no_message_id")
    return Sent(verdict=Verdict.ACCEPTED, code="accepted", message_id=message_id)


def _content(item: Any) -> str:
    """A message's text or caption; gowa keeps a caption behind a picture of an image or of a paper."""
    return words(item, "content").removeprefix("🖼️ ").removeprefix("📄 ").strip()
