"""The account is linked to WhatsApp: its session exists, runs, reports acks, and somebody has scanned its QR code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.gateway_answers import Session
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import InputError, SettingError, TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.ports import LinkableAccount, WhatsappGateway
from cicero_cli.services.roster.clients import set_client
from cicero_cli.words import Text

_LOOK_EVERY = 2.0  # seconds; WAHA has a new code every 20
_ON_THE_WAY = {"starting", "scan_qr_code"}


@dataclass(frozen=True, slots=True)
class AckAddress:
    """Where the gateway reports acks, and the key that it signs them with."""

    url: str
    key: str


def link_account(
    account: LinkableAccount,
    acks: AckAddress | None,
    *,
    wait: timedelta,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    show_qr: Callable[[str], None],
    say: Callable[[str], None],
) -> None:
    """Return once the account may send; each QR code is shown once.

    SettingError when address, key or session are wrong; TryLaterError when nobody has scanned in time.
    """
    session = account.check_session()
    if session.state == "no_session":
        say(Text("WAHA has no such session yet: it is made now."))
        account.create()
    elif session.state == "stopped":
        say(Text("The session stands still: it is started now."))
        account.start()
    elif session.state == "failed":
        say(Text("The session has failed: it is restarted now."))
        account.restart()
    elif not session.is_ready and session.state not in _ON_THE_WAY:
        raise not_linked(session)
    if acks and account.report_acks(acks.url, key=acks.key):
        say(Text("WAHA reports now to {url} who got and who read a message.", url=acks.url))
    _await_scan(account, wait=wait, clock=clock, sleep=sleep, show_qr=show_qr)


def not_linked(session: Session) -> SettingError | TryLaterError:
    """The setting to mend, or that it takes a person with a phone, or time."""
    waits = not session.needs_operator or session.state == "scan_qr_code"
    kind = TryLaterError if waits else SettingError
    return kind(
        Text("the account is not linked yet ({state})", state=session.state), hint=session.hint
    )


def _await_scan(
    account: LinkableAccount,
    *,
    wait: timedelta,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    show_qr: Callable[[str], None],
) -> None:
    ends_at = clock() + wait
    shown: str | None = None
    while not (session := account.check_session()).is_ready:
        if session.needs_operator and session.state != "scan_qr_code":
            raise not_linked(session)
        code = account.read_qr() if session.state == "scan_qr_code" else None
        if code and code != shown:
            show_qr(code)
            shown = code
        if clock() >= ends_at:
            raise not_linked(session)
        sleep(_LOOK_EVERY)


def join_group(
    store: Store,
    gateway: WhatsappGateway,
    group_id: str,
    client_id: str | None,
    *,
    by: Actor,
) -> Client:
    """Make the group the client's, once the account is seen to be in it; without a client, the only one there is."""
    if group_id not in {group.group_id for group in gateway.list_groups()}:
        raise InputError(
            "the account is not in the group {group_id}",
            hint="add the account to it on a phone, then see: cicero wa groups",
            group_id=group_id,
        )
    if client_id is None:
        clients = store.clients.list()
        if len(clients) != 1:
            raise InputError(
                "whose group is it? Nothing was changed", hint="say it with --client CLIENT_ID"
            )
        client_id = clients[0].client_id
    return set_client(store, client_id, {"client_group": group_id}, by=by)
