"""WAHA, the first choice: the only gateway that lets the sender choose a message's id."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from cicero_cli.domain.messaging.gateway_answers import (
    Attachment,
    Group,
    LookedUp,
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
from cicero_cli.gateways.whatsapp.waha_shapes import (
    LISTED,
    find_text,
    read_accepted,
    read_group,
    read_message,
)
from cicero_cli.gateways.whatsapp.waha_states import read_state
from cicero_cli.gateways.whatsapp.whatsmeow_refusals import read_refusal
from cicero_cli.words import Text, template

_TIMELOCK = re.compile(r"(?<!\d)463(?!\d)")
_TIMEOUT = re.compile(r"time(?:d )?[ -]?out|DEADLINE_EXCEEDED", re.IGNORECASE)
_CLOCK_SLACK = timedelta(minutes=2)  # WhatsApp's clock and ours
_LAST_SECOND = 1e11  # the year 5138: what a datetime can hold
_SETTINGS = {
    401: ("unauthorised", template("check CICERO_WAHA_KEY: WAHA refuses it")),
    403: ("forbidden", template("check CICERO_WAHA_KEY: it may not use this session")),
    404: (
        "no_session",
        template(
            "WAHA has no such session: make it with cicero wa setup, or check CICERO_WAHA_SESSION and CICERO_WAHA_URL"
        ),
    ),
}


class WahaGateway:
    """One session of one WAHA server. `text_limit` counts code points, as `len` does.

    WhatsApp takes 65,536 UTF-16 units; the difference is room for some thousand emoji.
    """

    name = "waha"
    text_limit = 60_000
    takes_message_id = True

    def __init__(
        self,
        base_url: str,
        *,
        key: str | None,
        session: str = "default",
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        check_secret(key or "", "CICERO_WAHA_KEY")
        self.http = Http(base_url, headers={"X-Api-Key": key} if key else {}, timeouts=timeouts)
        self.session = session
        self._path = f"/api/{quote(session, safe='')}"

    def mint_message_id(self) -> str | None:
        answer = self.http.get(f"{self._path}/new-message-id")
        if isinstance(answer, Answer) and answer.status == HTTPStatus.NOT_IMPLEMENTED:
            self.takes_message_id = False  # another engine than GOWS: it has no ids to choose
            return None
        return words(answer.data, "id") or None if isinstance(answer, Answer) else None

    def send_text(self, recipient: str, text: str, *, message_id: str | None) -> Sent:
        body = {
            "session": self.session,
            "chatId": chat_id(recipient, "c.us"),
            "text": text,
            "linkPreview": False,  # a preview makes WAHA fetch the link before it sends
        }
        return self._send("/api/sendText", body | ({"id": message_id} if message_id else {}))

    def send_file(self, recipient: str, attachment: Attachment, caption: str) -> Sent:
        is_image = attachment.mimetype in {"image/jpeg", "image/png"}
        body = {
            "session": self.session,
            "chatId": chat_id(recipient, "c.us"),
            "file": {
                "mimetype": attachment.mimetype,
                "filename": attachment.filename,
                "data": base64.b64encode(attachment.content).decode("ascii"),
            },
            "caption": caption,
        }
        return self._send("/api/sendImage" if is_image else "/api/sendFile", body)

    def check_session(self) -> Session:
        answer = self.http.get(f"/api/sessions/{quote(self.session, safe='')}")
        if isinstance(answer, Sent):
            return session_of(answer)
        if answer.status in _SETTINGS:
            return session_of(_pause(*_SETTINGS[answer.status]))
        if not answer.is_done:
            return Session(
                is_ready=False,
                state="no_answer",
                is_known=False,
                hint=Text("status {status}", status=answer.status),
            )
        state = read_state(words(answer.data, "status"))
        return replace(state, number=number_of(words(answer.data, "me", "id")))

    def number_exists(self, phone: str) -> bool | None:
        params = {"phone": phone, "session": self.session}
        answer = self.http.get("/api/contacts/check-exists", params)
        if isinstance(answer, Sent) or not answer.is_done:
            return None
        exists = dig(answer.data, "numberExists")
        return exists if isinstance(exists, bool) else None

    def look_up(
        self, recipient: str, *, message_id: str | None, text: str, since: datetime
    ) -> LookedUp:
        """By id when there is one; else the texts or captions that this account sent into the chat since then."""
        chat = f"{self._path}/chats/{quote(chat_id(recipient, 'c.us'), safe='')}/messages"
        if message_id:
            path = f"{chat}/{quote(message_id, safe='')}"
            return read_message(self.http.get(path, {"downloadMedia": "false"}))
        earliest = int((since - _CLOCK_SLACK).timestamp())
        params = {
            "limit": str(LISTED),
            "downloadMedia": "false",
            "sortOrder": "desc",
            "filter.fromMe": "true",
            "filter.timestamp.gte": str(earliest),
        }
        return find_text(self.http.get(chat, params), text)

    def list_groups(self) -> list[Group]:
        answer = self.http.get(
            f"{self._path}/groups", {"exclude": "participants"}, most_bytes=MOST_BYTES_OF_GROUPS
        )
        if isinstance(answer, Sent):
            raise error_of("WAHA", answer)
        if not answer.is_done or not isinstance(answer.data, list | dict):
            raise error_of("WAHA", self.judge(answer))
        items = answer.data.values() if isinstance(answer.data, dict) else answer.data
        groups = [group for group in map(read_group, items) if group]
        return sorted(groups, key=lambda group: group.name.casefold())

    def _send(self, path: str, body: dict[str, Any]) -> Sent:
        answer = self.http.post_json(path, body)
        return answer if isinstance(answer, Sent) else self.judge(answer)

    def judge(self, answer: Answer) -> Sent:
        """What an answer to any request means, by the contract's table."""
        if answer.is_done:
            return read_accepted(answer.data)
        match answer.status:
            case 401 | 403 | 404:
                return _pause(*_SETTINGS[answer.status])
            case 422:
                return self._judge_unprocessable(answer.data)
            case 500:
                return self._judge_exception(words(answer.data, "exception", "message"))
        return judge_status(answer)

    def _judge_unprocessable(self, data: Any) -> Sent:
        message = (
            words(data, "error") + words(data, "message") + words(data, "exception", "message")
        )
        if "only 'default' session" in message:  # the free edition
            return _pause(
                "no_session",
                template("this WAHA has the session `default` only: CICERO_WAHA_SESSION"),
            )
        if "Session status is not as expected" not in message:
            return Sent(verdict=Verdict.PERMANENT, code="unprocessable")
        status = words(data, "status")
        session = read_state(status) if status else self.check_session()
        verdict = Verdict.PAUSE if session.needs_operator else Verdict.RETRY
        return Sent(verdict=verdict, code=f"session_{session.state}", hint=session.hint)

    def _judge_exception(self, message: str) -> Sent:
        """A 500 echoes the whole request: nothing of it is kept but what its message proves."""
        if _TIMELOCK.search(message):
            return Sent(
                verdict=Verdict.PAUSE_FIRST_CONTACTS,
                code="reachout_timelock",
                hint=template(
                    "WhatsApp refuses new chats from this account for a time; let people write to it first"
                ),
                until=self._read_timelock(),
            )
        if "No sessions" in message:
            return _pause(
                "no_sessions",
                template("link the account again in the dashboard of WAHA (log out, scan)"),
            )
        refusal = read_refusal(message)
        if refusal:
            return refusal
        code = "timeout" if _TIMEOUT.search(message) else "http_500"
        return Sent(verdict=Verdict.AMBIGUOUS, code=code)

    def _read_timelock(self) -> datetime | None:
        """When WhatsApp lifts the lock; None on servers that cannot tell."""
        answer = self.http.get(f"/api/sessions/{quote(self.session, safe='')}/timelock")
        ends = dig(answer.data, "timeEnforcementEnds") if isinstance(answer, Answer) else None
        if (
            not isinstance(ends, int | float)
            or isinstance(ends, bool)
            or not 0 < ends < _LAST_SECOND
        ):
            return None
        return datetime.fromtimestamp(ends, UTC)


def _pause(code: str, hint: str) -> Sent:
    return Sent(verdict=Verdict.PAUSE, code=code, hint=hint)
