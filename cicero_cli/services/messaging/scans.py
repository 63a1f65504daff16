"""Linking the WhatsApp account at a screen: how its session stands, and the QR code while it waits for a phone."""

from __future__ import annotations

from dataclasses import dataclass, field

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.gateway_answers import Session
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.messaging.account_link import WAITS_FOR_PHONE, AckAddress, begin_link
from cicero_cli.services.ports import LinkableAccount


@dataclass(frozen=True, slots=True)
class Scan:
    """A session, and what a phone scans while it waits for one: the code's text, or a picture of it."""

    session: Session
    code: str | None = field(default=None, repr=False)
    picture: bytes | None = field(default=None, repr=False)

    @property
    def waits(self) -> bool:
        return self.session.state in WAITS_FOR_PHONE


def look_at_link(account: LinkableAccount, *, shows: bool, picture: str = "") -> Scan:
    """Two requests at most, and nothing changes. `shows`: the code too; `picture` is the name that `begin_scan` gave."""
    scan = Scan(account.check_session())
    if not shows or not scan.waits:
        return scan
    if account.shows_qr:
        return Scan(scan.session, code=account.read_qr())
    return Scan(scan.session, picture=account.read_picture(picture) if picture else None)


def begin_scan(
    store: Store, account: LinkableAccount, acks: AckAddress | None, *, by: Actor
) -> str:
    """Have the session wait for a phone; gives the name of the code's picture where there is one, else nothing.

    SettingError or TryLaterError when the gateway does not do it. An account that is linked stays so.
    """
    begin_link(account, acks, say=lambda _said: None)
    picture = None
    if not account.shows_qr and account.check_session().state in WAITS_FOR_PHONE:
        picture = account.make_picture()
    with store.transaction():
        store.audit.add("whatsapp.link_begun", by, subject=account.name)
    return picture or ""
