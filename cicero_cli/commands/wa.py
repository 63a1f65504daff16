"""`cicero wa`: a WhatsApp account, its gateway and its groups."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.language import shown
from cicero_cli.console.options import YesOption, command, group
from cicero_cli.console.outcome import Outcome, finish, record_outcome
from cicero_cli.console.qr_codes import draw_qr
from cicero_cli.console.remarks import ask, cli_actor, say
from cicero_cli.core.terminal import harmless
from cicero_cli.domain.messaging.senders import DEFAULT
from cicero_cli.errors import BusyError, ExitCode, InputError
from cicero_cli.words import Text, reason_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cicero_cli.bootstrap import Cicero
    from cicero_cli.services.messaging.pace import Pause
    from cicero_cli.services.ports import LinkableAccount

app = group()


SenderOption = Annotated[
    str, typer.Option("--sender", metavar="NAME", help="Which WhatsApp account (cicero wa list).")
]


@command(app, "status", example="cicero wa status")
def status(sender: SenderOption = DEFAULT) -> None:
    """Ask whether the account may send, and what holds it up."""
    from dataclasses import replace

    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.operations.status import read_gateway

    with open_app() as opened:
        cicero = opened.as_sender(sender)
        seen = read_gateway(
            cicero.store,
            cicero.gateway(),
            cicero.settings,
            sender=cicero.sender,
            now=clock.now(),
        )
    code = ExitCode.OK if seen.is_ready else ExitCode.TRY_LATER
    notes = [seen.hint] if seen.hint else []
    finish(replace(record_outcome(asdict(seen)), notes=notes, exit_code=code))


@command(app, "test", example="cicero wa test 081234567890")
def send_test(
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="A number, or a group id.")],
    *,
    sender: Annotated[
        str | None,
        typer.Option(
            "--sender",
            metavar="NAME",
            help="Which WhatsApp account sends it. Default: whoever sends to this recipient.",
        ),
    ] = None,
) -> None:
    """Send one test message through the outbox, now."""
    from cicero_cli.bootstrap import open_app

    with open_app() as cicero:
        outcome = _send_test(cicero, recipient, sender)
    finish(outcome)


def _send_test(cicero: Cicero, recipient: str, sender: str | None) -> Outcome:
    from cicero_cli.services.messaging.operator_decisions import get_message, queue_test
    from cicero_cli.services.messaging.senders import get_sender

    wanted = None if sender is None else get_sender(cicero.store, sender).name
    message_id = queue_test(cicero.store, recipient, sender=wanted, by=cli_actor())
    chosen = cicero.as_sender(get_message(cicero.store, message_id)["sender"])
    try:
        pause = chosen.deliver(message_id=message_id).pause
    except BusyError as error:
        raise BusyError(
            "message {message_id} is queued, and the run of `cicero outbox deliver` that is under "
            "way, or the next one, sends it",
            hint="see: cicero outbox show {message_id}",
            message_id=message_id,
        ) from error
    return _tested(get_message(cicero.store, message_id), pause)


def _tested(message: dict[str, Any], pause: Pause | None) -> Outcome:
    number, status = message["message_id"], message["status"]
    document = {key: message[key] for key in ("message_id", "status", "error_code")}
    if status in {"accepted", "delivered", "read"}:
        return Outcome(
            document=document,
            text=Text("Message {number}: {status}.", number=number, status=status),
        )
    reason = message["error_code"] or (pause.code if pause else Text("no answer"))
    return Outcome(
        document=document,
        text="",
        failures={
            shown("message {number}", number=number): Text(
                "{status}, {reason}", status=status, reason=reason
            )
        },
        notes=[pause.hint] if pause else [],
        exit_code=ExitCode.TRY_LATER if status in {"queued", "sending"} else ExitCode.FAILED,
    )


@command(app, "groups", example="cicero wa groups --json")
def groups(sender: SenderOption = DEFAULT) -> None:
    """List the groups that the account is in, for `client set --group`."""
    from cicero_cli.bootstrap import open_app

    with open_app() as cicero:
        found = cicero.as_sender(sender).gateway().list_groups()
    notes = [] if found else ["the account is in no group: add it to one on its phone"]
    finish(
        Outcome(
            rows=[asdict(one) for one in found],
            columns={"group_id": "group", "name": "name"},
            notes=notes,
        )
    )


@command(app, "setup", example="cicero wa setup --client polres_a --group 120363012345678901@g.us")
def setup(
    *,
    wait: Annotated[
        int,
        typer.Option(
            "--wait", min=0, max=3600, metavar="SECONDS", help="How long to wait for the phone."
        ),
    ] = 180,
    phone: Annotated[
        str | None,
        typer.Option(
            "--phone",
            metavar="NUMBER",
            help="The account's own number: link it by a code that is typed on the phone, without a scan.",
        ),
    ] = None,
    webhook: Annotated[
        str | None,
        typer.Option(
            "--webhook",
            metavar="URL",
            help="Address of `serve` as the gateway reaches it, for acks. Default: CICERO_PUBLIC_URL.",
        ),
    ] = None,
    client_id: Annotated[
        str | None,
        typer.Option("--client", metavar="CLIENT_ID", help="Whose group it is."),
    ] = None,
    group_id: Annotated[
        str | None, typer.Option("--group", metavar="ID@g.us", help="The client's group.")
    ] = None,
    recipient: Annotated[
        str | None,
        typer.Option("--test", metavar="RECIPIENT", help="Who gets a test message."),
    ] = None,
    sender: SenderOption = DEFAULT,
    yes: YesOption = False,
) -> None:
    """Link the WhatsApp account, choose a client's group and send a test message; asks for what no option says."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.account_link import join_group

    with open_app() as opened:
        cicero = opened.as_sender(sender)
        _link(cicero, webhook, wait, lambda account: _read_phone(phone, account, yes=yes))
        say(Text("The account is linked."))
        group_id = group_id or _choose_group(cicero, yes=yes)
        if group_id:
            client_id = client_id or ask(Text("Whose group is it (client)?"), yes=yes) or None
            client = join_group(cicero.store, cicero.gateway(), group_id, client_id, by=cli_actor())
            say(Text("Reports of {client_id} go to this group.", client_id=client.client_id))
        recipient = recipient or ask(Text("Who gets a test message (a number, a group)?"), yes=yes)
        outcome = _send_test(opened, recipient, cicero.sender) if recipient else _ready()
    finish(outcome)


def _ready() -> Outcome:
    return Outcome(
        document={"is_ready": True},
        text=Text("WhatsApp is set up."),
        notes=["to see a message arrive: cicero wa test RECIPIENT"],
    )


def _link(
    cicero: Cicero,
    webhook: str | None,
    wait: int,
    phone: Callable[[LinkableAccount], str | None],
) -> None:
    from datetime import timedelta

    from cicero_cli.core import clock
    from cicero_cli.services.messaging.account_link import ack_address, link_account, not_linked

    settings, account = cicero.settings, cicero.account()
    base = _read_address(webhook) if webhook else settings.public_url
    secret = settings.wa_webhook_secret
    if base is None or secret is None:
        say(_acks_missing(cicero.sender))
    if account is None:
        gateway = cicero.gateway()
        session = gateway.check_session()
        if not session.is_ready:
            raise not_linked(session, gateway.name)
        return
    link_account(
        account,
        ack_address(account, base, secret, cicero.sender),
        wait=timedelta(seconds=wait),
        clock=clock.now,
        sleep=clock.sleep,
        phone=lambda: phone(account),
        show_qr=_show_qr,
        show_code=_show_code,
        say=say,
    )


def _acks_missing(sender: str) -> Text:
    if sender == DEFAULT:
        return Text(
            "Acks are not reported: set CICERO_WA_WEBHOOK_SECRET, and CICERO_PUBLIC_URL or --webhook."
        )
    return Text(
        "Acks are not reported: say cicero wa set {sender} --webhook-secret-file FILE, and CICERO_PUBLIC_URL or --webhook.",
        sender=sender,
    )


def _read_phone(typed: str | None, account: LinkableAccount, *, yes: bool) -> str | None:
    """The number to ask a code for; None where a QR code is scanned."""
    from cicero_cli.domain.roster.phones import normalise_phone

    if typed is None and not account.shows_qr:
        typed = ask(Text("The account's own number?"), yes=yes) or None
    try:
        return normalise_phone(typed)
    except ValueError as error:
        raise InputError("--phone: {reason}", reason=reason_of(error)) from error


def _read_address(typed: str) -> str:
    from cicero_cli.core.setting_values import read_url

    try:
        return read_url(typed)
    except ValueError as error:
        raise InputError("--webhook: {reason}", reason=reason_of(error)) from error


def _show_qr(code: str) -> None:
    say(Text("On the phone of the account: WhatsApp, Linked devices, Link a device; scan this:"))
    sys.stderr.write(draw_qr(code))


def _show_code(code: str) -> None:
    say(
        Text(
            "On the phone of the account: WhatsApp, Linked devices, Link a device, Link with phone number instead; type {code}",
            code=code,
        )
    )


def _choose_group(cicero: Cicero, *, yes: bool) -> str:
    """The id of the group that is chosen by its number; empty when nobody can be asked."""
    if yes or not sys.stdin.isatty():
        return ""
    groups = cicero.gateway().list_groups()
    for number, one in enumerate(groups, start=1):
        sys.stderr.write(f"{number:>3}  {harmless(one.name)}  {one.group_id}\n")
    chosen = ask(Text("The client's group (its number; empty for none)?"), yes=yes)
    if not chosen:
        return ""
    if not chosen.isdecimal() or not 1 <= int(chosen) <= len(groups):
        raise InputError("{chosen} is not in the list", chosen=chosen)
    return groups[int(chosen) - 1].group_id
