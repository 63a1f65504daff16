"""The WhatsApp account for admins: how its session stands, the QR code that links it, and what comes after that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

from fastapi import Response
from markupsafe import Markup

from cicero_cli.bootstrap import open_account
from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.domain.periods import HOME_ZONE
from cicero_cli.errors import InputError, NotFoundError, SettingError, TryLaterError
from cicero_cli.services.messaging.account_link import ack_address
from cicero_cli.services.messaging.operator_decisions import queue_test
from cicero_cli.services.messaging.scans import Scan, begin_scan, look_at_link
from cicero_cli.services.messaging.senders import get_sender
from cicero_cli.services.ports import LinkableAccount
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import SMALL_BODY, Client
from cicero_cli.web.http.sentences import error_sentence, reason_sentence
from cicero_cli.web.pages.failure_reasons import pause_words
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.html import go_to, render_page
from cicero_cli.web.pages.page_guard import page_router
from cicero_cli.web.pages.qr_pictures import qr_picture, qr_svg
from cicero_cli.web.pages.senders import sender_lines, settings_of_sender

router = page_router()

LOOK_EVERY = 5  # seconds; a code is good for twenty
_LOOKS_FOR = timedelta(minutes=3)  # as long as the gateways wait for a phone
_PATIENCE = (
    1.5,
    2.5,
)  # seconds to connect, and without a byte: somebody looks at an empty page meanwhile
_PATIENCE_TO_BEGIN = (3.0, 12.0)  # the gateway asks WhatsApp itself for the first code
_TO_BEGIN = frozenset({"failed", "stopped", "no_session", "no_device"})
_MOVING = frozenset({"starting", "disconnected"})
_NAMES = {"waha": "WAHA", "gowa": "gowa"}


class State(NamedTuple):
    """A session in the words of the page; `kind` colours it."""

    word: str
    kind: str
    remedy: str = ""


_NO_SESSION = State("Belum ada sesi", "warn", "Tombol ini membuat sesinya, lalu menampilkan kode QR.")  # fmt: skip
_REFUSED = State("Kunci ditolak", "bad")
_SAME = "di setelan server dengan yang dipakai gerbangnya, lalu jalankan ulang cicero serve."
_KEYS = {
    "waha": f"WAHA menolak kuncinya. Samakan CICERO_WAHA_KEY {_SAME}",
    "gowa": f"gowa menolak kata sandinya. Samakan CICERO_GOWA_USER dan CICERO_GOWA_PASSWORD {_SAME}",
}
_STATES = {
    "working": State("Tersambung", "good"),
    "scan_qr_code": State("Menunggu ponsel", "warn"),
    "not_logged_in": State("Belum tertaut", "warn"),
    "starting": State("Menyambung", "warn"),
    "disconnected": State("Menyambung", "warn"),
    "failed": State("Sesi gagal", "bad", "Sesi berakhir, misalnya karena kode QR tidak dipindai dalam tiga menit. Siapkan ponselnya, lalu mulai lagi."),
    "stopped": State("Sesi berhenti", "bad", "Siapkan ponselnya, lalu mulai lagi."),
    "no_session": _NO_SESSION,
    "no_device": _NO_SESSION,
    "unauthorised": _REFUSED,
    "forbidden": _REFUSED,
}  # fmt: skip
_OTHER, _AWAY = State("Belum tersambung", "bad"), State("Tidak terjangkau", "bad")


@router.read("/whatsapp", role=Role.ADMIN, client=Client.NONE, lane=Lane.UPSTREAM)
def link(call: Call, sampai: str = "", kode: str = "", pengirim: str = "") -> Response:
    """Show the account; until `sampai` (unix seconds) a code for the phone too, and the page looks again by itself."""
    ends_at = _read_end(sampai, now=call.now)
    account, wrong = _account(call, pengirim)
    if account is None:
        return _render(call, wrong=wrong, sender=pengirim)
    scan = look_at_link(account, shows=_is_open(ends_at, call.now), picture=kode)
    if ends_at is None and (scan.session.state in _MOVING or (scan.waits and account.shows_qr)):
        return go_to(_address(call.now + _LOOKS_FOR, sender=pengirim))
    return _render(call, scan, ends_at=ends_at, picture=kode, sender=pengirim)


@router.write(
    "POST",
    "/whatsapp",
    role=Role.ADMIN,
    client=Client.NONE,
    lane=Lane.UPSTREAM,
    body_limit=SMALL_BODY,
)
def begin(call: Call) -> Response:
    """Have the gateway wait for a phone, then look."""
    sender = read_form(call.request).get("pengirim")
    try:
        settings = settings_of_sender(call, sender)
        account = open_account(settings, timeouts=_PATIENCE_TO_BEGIN)
        if account is None:
            return go_to("/whatsapp")
        acks = ack_address(
            account, settings.public_url, settings.wa_webhook_secret, sender or DEFAULT
        )
        picture = begin_scan(call.store, account, acks, by=call.actor)
    except (SettingError, TryLaterError) as error:
        account, wrong = _account(call, sender)
        scan = look_at_link(account, shows=False) if account else None
        words = f"Penautan belum dapat dimulai. {error_sentence(error)}"
        return _render(call, scan, wrong=wrong, error=words, status=502, sender=sender)
    return go_to(_address(call.now + _LOOKS_FOR, picture, sender))


@router.write(
    "POST",
    "/whatsapp/uji",
    role=Role.ADMIN,
    client=Client.NONE,
    lane=Lane.UPSTREAM,
    body_limit=SMALL_BODY,
)
def send_test(call: Call) -> Response:
    """Queue a test message, and show what becomes of it."""
    form = read_form(call.request)
    typed, sender = form.get("tujuan"), form.get("pengirim")
    try:
        wanted = get_sender(call.store, sender).name if sender else None
        number = queue_test(call.store, typed, sender=wanted, by=call.actor)
    except InputError as error:
        account, wrong = _account(call, sender)
        scan = look_at_link(account, shows=False) if account else None
        words = f"Pesan uji tidak dikirim. {reason_sentence(error)}"
        return _render(call, scan, wrong=wrong, error=words, typed=typed, status=400, sender=sender)
    return go_to(f"/pesan/{number}")


def _render(
    call: Call,
    scan: Scan | None = None,
    *,
    ends_at: datetime | None = None,
    picture: str = "",
    wrong: str = "",
    error: str = "",
    typed: str = "",
    status: int = 200,
    sender: str = "",
) -> Response:
    gateway = _gateway(call, sender)
    is_open = _is_open(ends_at, call.now)
    looks_again = ends_at is not None and is_open and scan is not None and _may_change(scan)
    return render_page(
        call,
        "whatsapp.html.j2",
        http_status=status,
        gateway=gateway,
        name=_NAMES.get(gateway, ""),
        sender=sender,
        senders=sender_lines(call),
        wrong=wrong,
        scan=scan,
        state=_state(scan, gateway) if scan else None,
        qr=_qr(scan) if scan else None,
        begins=scan is not None and (scan.session.state in _TO_BEGIN or scan.waits),
        is_over=ends_at is not None and not is_open,
        was_drawn=bool(picture),
        again=_address(ends_at, picture, sender) if ends_at and looks_again else "",
        look_every=LOOK_EVERY,
        ends_at=ends_at,
        zone=HOME_ZONE,
        groupless=sum(
            not client.client_group for client in call.store.clients.list(active_only=True)
        ),
        error=error,
        typed=typed[:100],
    )


def _gateway(call: Call, sender: str) -> str:
    found = call.store.senders.get(sender) if sender else None
    return (found.gateway if found else None) or call.settings.whatsapp or ""


def _account(call: Call, sender: str) -> tuple[LinkableAccount | None, str]:
    """The account, or what is wrong with its settings."""
    if _gateway(call, sender) not in _NAMES:
        return None, ""
    try:
        return open_account(settings_of_sender(call, sender), timeouts=_PATIENCE), ""
    except (SettingError, NotFoundError) as error:
        return None, error_sentence(error)


def _may_change(scan: Scan) -> bool:
    """By a phone, or by itself."""
    return scan.waits or not (scan.session.is_ready or scan.session.needs_operator)


def _state(scan: Scan, gateway: str) -> State:
    code = scan.session.state
    state = _STATES.get(code, _OTHER if scan.session.is_known else _AWAY)
    if scan.session.is_ready or scan.waits or state.remedy:
        return state
    if state.word == _REFUSED.word:
        return state._replace(remedy=_KEYS[gateway])
    return state._replace(remedy=pause_words(code))


def _qr(scan: Scan) -> Markup | None:
    if scan.code:
        return qr_svg(scan.code)
    return qr_picture(scan.picture) if scan.picture else None


def _read_end(sampai: str, *, now: datetime) -> datetime | None:
    """When the page stops to look; never later than it would stop by itself."""
    if not (sampai.isascii() and sampai.isdigit() and len(sampai) <= 11):  # noqa: PLR2004 - the year 5138
        return None
    return min(datetime.fromtimestamp(int(sampai), UTC), now + _LOOKS_FOR)


def _is_open(ends_at: datetime | None, now: datetime) -> bool:
    return ends_at is not None and now < ends_at


def _address(ends_at: datetime, picture: str = "", sender: str = "") -> str:
    """Where the page looks again: always the same address, so that a browser keeps its place in it and the way back short."""
    whose = f"&pengirim={quote(sender)}" if sender else ""
    code = f"&kode={picture}" if picture else ""
    return f"/whatsapp?sampai={int(ends_at.timestamp())}{code}{whose}"
