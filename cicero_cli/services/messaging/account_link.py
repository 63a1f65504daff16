"""The account is linked to WhatsApp: its session exists, runs, reports acks, and somebody with the phone has agreed to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cicero_cli.core.setting_values import Secret
from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.messaging.gateway_answers import Session
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.roster.clients import Client
from cicero_cli.errors import InputError, SettingError, TryLaterError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.ports import LinkableAccount, WhatsappGateway
from cicero_cli.services.roster.clients import set_client
from cicero_cli.words import Text

_LOOK_EVERY = 2.0  # seconds; WAHA has a new code every 20
_NOT_THERE = {"no_session", "no_device"}
WAITS_FOR_PHONE = {"scan_qr_code", "not_logged_in"}
_ON_THE_WAY = {"starting", "disconnected", *WAITS_FOR_PHONE}


@dataclass(frozen=True, slots=True)
class AckAddress:
    """Where the gateway reports acks, and the key that it signs them with."""

    url: str
    key: str = field(repr=False)


def ack_address(
    account: LinkableAccount, base: str | None, secret: Secret | None, sender: str = DEFAULT
) -> AckAddress | None:
    """The sender's webhook at the address of `serve`; None without that address or without a secret."""
    if base is None or secret is None:
        return None
    place = account.name.lower() if sender == DEFAULT else f"{account.name.lower()}/{sender}"
    return AckAddress(f"{base}/webhooks/whatsapp/{place}", secret.reveal())


def link_account(
    account: LinkableAccount,
    acks: AckAddress | None,
    *,
    wait: timedelta,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    phone: Callable[[], str | None],
    show_qr: Callable[[str], None],
    show_code: Callable[[str], None],
    say: Callable[[str], None],
) -> None:
    """Return once the account may send; each QR code is shown once, the code for the number `phone` once in all.

    `phone` is asked only when somebody has to link the account; without one it is the QR code's turn.
    SettingError when address, key or session are wrong; TryLaterError when nobody has scanned in time.
    """
    begin_link(account, acks, say=say)
    _await_phone(
        account,
        wait=wait,
        clock=clock,
        sleep=sleep,
        phone=phone,
        show_qr=show_qr,
        show_code=show_code,
        say=say,
    )


def begin_link(
    account: LinkableAccount, acks: AckAddress | None, *, say: Callable[[str], None]
) -> None:
    """See to it that the session exists, runs and reports acks; errors as above."""
    session = account.check_session()
    if session.state in _NOT_THERE:
        say(Text("{gateway} has no such session yet: it is made now.", gateway=account.name))
        account.create()
    elif session.state == "stopped":
        say(Text("The session stands still: it is started now."))
        account.start()
    elif session.state == "failed":
        say(Text("The session has failed: it is restarted now."))
        account.restart()
    elif not session.is_ready and session.state not in _ON_THE_WAY:
        raise not_linked(session, account.name)
    if acks and account.report_acks(acks.url, key=acks.key):
        say(
            Text(
                "{gateway} reports now to {url} who got and who read a message, and what people write.",
                gateway=account.name,
                url=acks.url,
            )
        )


def not_linked(session: Session, gateway: str) -> SettingError | TryLaterError:
    """The setting to mend, or that it takes a person with a phone, or time."""
    waits = not session.needs_operator or session.state in WAITS_FOR_PHONE
    kind = TryLaterError if waits else SettingError
    if not session.is_known:
        what = Text("{gateway} cannot be asked ({reason})", gateway=gateway, reason=session.state)
        return kind(what, hint=session.hint)
    return kind(
        Text("the account is not linked yet ({state})", state=session.state), hint=session.hint
    )


def _await_phone(
    account: LinkableAccount,
    *,
    wait: timedelta,
    clock: Callable[[], datetime],
    sleep: Callable[[float], None],
    phone: Callable[[], str | None],
    show_qr: Callable[[str], None],
    show_code: Callable[[str], None],
    say: Callable[[str], None],
) -> None:
    ends_at = clock() + wait
    number: str | None = None
    shown: str | None = None
    is_first = True
    while not (session := account.check_session()).is_ready:
        waits = session.state in WAITS_FOR_PHONE
        if session.state == "failed" and shown is not None:
            say(Text("Nobody has scanned in time: the session is restarted now."))
            account.restart()
            shown = None  # or else the next failure ends it
        elif session.needs_operator and not waits:
            raise not_linked(session, account.name)
        if waits and is_first:
            number, is_first = phone(), False
            if number is None and not account.shows_qr:
                raise InputError(
                    "{gateway} gives a terminal no QR code",
                    hint="take a code for the account's number: cicero wa setup --phone NUMBER; or scan one on the page, under WhatsApp",
                    gateway=account.name,
                )
            if number is not None:
                show_code(account.request_code(number))
        if waits and number is None and (code := account.read_qr()) and code != shown:
            show_qr(code)
            shown = code
        if clock() >= ends_at:
            raise not_linked(session, account.name)
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
