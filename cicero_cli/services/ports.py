"""What services need from outside, as small Protocols: the gateways fit them, and so does a test's fake."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from cicero_cli.domain.collection.comments import CommentHabits, KnownComments
from cicero_cli.domain.collection.posts import Engagement, Listing
from cicero_cli.domain.collection.profiles import AnyProfile
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.messaging.gateway_answers import Attachment, Group, LookedUp, Sent, Session
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client


class PostSource(Protocol):
    """One upstream platform. Both calls may be made from several threads at once.

    QuotaError: ask this host nothing more. SettingError: key or plan is wrong, ask nothing more. RejectedError: this
    account or post will not be shown. Any other UpstreamError: this one failed, others may not.
    """

    platform: Platform
    host: str

    @property
    def habits(self) -> CommentHabits | None:
        """What is learnt of the pages in which people come; None where they come in one piece."""
        ...

    def list_posts(
        self, client: Client, *, since: datetime, meter: Meter, known_posts: int | None = None
    ) -> Listing:
        """The client's posts published at or after `since`; of the days asked for so many are known (None: nothing is)."""
        ...

    def read_engagement(
        self, post_key: str, *, known: KnownComments | None = None, meter: Meter
    ) -> Engagement:
        """Who liked or commented on one post; beside what is known, where that is cheaper."""
        ...


class AccountSource(Protocol):
    """One upstream platform, asked about any account there. Its errors are those of a PostSource."""

    platform: Platform
    host: str

    def read_profile(self, username: str, *, meter: Meter) -> AnyProfile:
        """The account of this name."""
        ...

    def list_posts(
        self, client: Client, *, since: datetime, meter: Meter, limit: int | None = None
    ) -> Listing:
        """Posts of the client's account published at or after `since`, about `limit` at most."""
        ...


class WhatsappGateway(Protocol):
    """One WhatsApp gateway with one account. None of its answers is an exception: `Sent` says what to do.

    A recipient is E.164 digits or a group id (`…@g.us`).
    """

    name: str
    text_limit: int  # characters of one message
    takes_message_id: bool  # whether a text may be sent again under the same id without doubling it

    def mint_message_id(self) -> str | None:
        """An id to store before the call; None where the gateway chooses, or cannot be asked now."""
        ...

    def send_text(self, recipient: str, text: str, *, message_id: str | None) -> Sent: ...

    def send_file(self, recipient: str, attachment: Attachment, caption: str) -> Sent: ...

    def check_session(self) -> Session: ...

    def number_exists(self, phone: str) -> bool | None:
        """None when the gateway cannot tell."""
        ...

    def look_up(
        self, recipient: str, *, message_id: str | None, text: str, since: datetime
    ) -> LookedUp:
        """Whether a message that may have been sent since then is in the chat, by id or else by its text."""
        ...

    def list_groups(self) -> list[Group]:
        """TryLaterError or SettingError when the gateway cannot be asked."""
        ...


class LinkableAccount(Protocol):
    """The account of a gateway that can be linked from here. TryLaterError or SettingError when it refuses."""

    name: str
    shows_qr: bool  # else it takes a code that is typed, or draws a picture of a QR code

    def check_session(self) -> Session: ...

    def create(self) -> None: ...

    def start(self) -> None: ...

    def restart(self) -> None: ...

    def read_qr(self) -> str | None:
        """What the QR code says; None while there is none."""
        ...

    def make_picture(self) -> str | None:
        """The name of a picture of a new QR code, which ends an older one; None where `read_qr` tells it."""
        ...

    def read_picture(self, name: str) -> bytes | None:
        """That picture, a PNG; None once it is too old."""
        ...

    def request_code(self, phone: str) -> str:
        """A code to type on the phone of this number (E.164 digits), in place of a scan; empty when there is none."""
        ...

    def report_acks(self, url: str, *, key: str) -> bool:
        """Have acks reported to `url`, signed with `key`; False when they are already."""
        ...
