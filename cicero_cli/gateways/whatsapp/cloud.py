"""Meta's WhatsApp Cloud API, through pywa: the official way to persons, with no way to existing groups.

Free text reaches only who has written within the last 24 hours. pywa takes 0.7 s to import, so only the first call does.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from cicero_cli.domain.messaging.gateway_answers import (
    Attachment,
    Group,
    LookedUp,
    Presence,
    Sent,
    Session,
    Verdict,
)
from cicero_cli.errors import SettingError
from cicero_cli.gateways.whatsapp.cloud_errors import attempt
from cicero_cli.gateways.whatsapp.http import TIMEOUTS, check_secret, session_of
from cicero_cli.gateways.whatsapp.ids import is_group

if TYPE_CHECKING:
    from pywa.client import WhatsApp

_VERSION = "23.0"


class CloudGateway:
    """One business number. `base_url` is another one in tests only."""

    name = "cloud"
    text_limit = 4_096
    takes_message_id = False

    def __init__(
        self,
        *,
        phone_id: str,
        token: str,
        base_url: str = "https://graph.facebook.com",
        timeouts: tuple[float, float] = TIMEOUTS,
    ) -> None:
        if find_spec("pywa") is None:
            raise SettingError(
                "CICERO_WHATSAPP=cloud needs a package that is not installed",
                hint="pip install 'cicero-cli[cloud]'",
            )
        check_secret(token, "CICERO_CLOUD_TOKEN")
        check_secret(phone_id, "CICERO_CLOUD_PHONE_ID")
        self._phone_id = phone_id
        self._token = token
        self._base_url = base_url.rstrip("/")
        self._timeouts = timeouts

    def mint_message_id(self) -> str | None:
        return None

    def send_text(self, recipient: str, text: str, *, message_id: str | None) -> Sent:
        if is_group(recipient):
            return _refuse_group()
        return self._attempt(lambda client: client.send_message(recipient, text).id)

    def send_file(self, recipient: str, attachment: Attachment, caption: str) -> Sent:
        """Two requests: until the second, nothing was sent."""
        if is_group(recipient):
            return _refuse_group()
        uploaded = self._attempt(lambda client: _upload(client, attachment))
        if uploaded.verdict is Verdict.AMBIGUOUS:
            return Sent(verdict=Verdict.RETRY, code=f"upload_{uploaded.code}")
        media_id = uploaded.message_id
        if uploaded.verdict is not Verdict.ACCEPTED or media_id is None:
            return uploaded
        if attachment.mimetype in {"image/jpeg", "image/png"}:
            return self._attempt(lambda client: client.send_image(recipient, media_id, caption).id)
        return self._attempt(
            lambda client: (
                client.send_document(
                    recipient, media_id, filename=attachment.filename, caption=caption
                ).id
            )
        )

    def check_session(self) -> Session:
        asked = self._attempt(lambda client: self._read_phone(client)["id"])
        if asked.verdict is Verdict.ACCEPTED:
            return Session(is_ready=True, state="working")
        return session_of(asked)

    def number_exists(self, phone: str) -> bool | None:
        return None

    def look_up(
        self,
        recipient: str,
        *,
        message_id: str | None,
        text: str,
        since: datetime,
    ) -> LookedUp:
        return LookedUp(presence=Presence.UNKNOWN)

    def list_groups(self) -> list[Group]:
        raise SettingError(
            "Meta's Cloud API cannot reach groups",
            hint="use WAHA or gowa (CICERO_WHATSAPP) for groups",
        )

    @cached_property
    def _client(self) -> WhatsApp:
        for name in ("pywa", "httpx"):  # they log texts, numbers and addresses
            logging.getLogger(name).setLevel(logging.CRITICAL)
        import httpx  # 0.7 s
        from pywa.client import WhatsApp

        from cicero_cli.gateways.whatsapp.cloud_transport import LimitedTransport

        connect, read = self._timeouts
        http = httpx.Client(
            timeout=httpx.Timeout(read, connect=connect),
            transport=LimitedTransport(longest_seconds=sum(self._timeouts)),
            headers={"Accept-Encoding": "identity"},
        )
        client = WhatsApp(
            phone_id=self._phone_id, token=self._token, session=http, api_version=_VERSION
        )
        http.base_url = httpx.URL(f"{self._base_url}/v{_VERSION}")
        return client

    def _attempt(self, call: Callable[[WhatsApp], str]) -> Sent:
        client = self._client  # made here: its import is none of the answer's time
        return attempt(lambda: call(client), seconds=sum(self._timeouts))

    def _read_phone(self, client: WhatsApp) -> dict[str, Any]:
        answer: dict[str, Any] = client.api.get_business_phone_number(self._phone_id, ("id",))
        return answer


def _upload(client: WhatsApp, attachment: Attachment) -> str:
    media = client.upload_media(
        attachment.content, mime_type=attachment.mimetype, filename=attachment.filename
    )
    return media.id


def _refuse_group() -> Sent:
    return Sent(
        verdict=Verdict.PERMANENT,
        code="no_groups",
        hint="Meta's Cloud API cannot reach groups; use WAHA or gowa (CICERO_WHATSAPP) for groups",
    )
