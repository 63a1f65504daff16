"""`cicero wa`: the WhatsApp gateway."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.language import shown
from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import Outcome, finish, record_outcome
from cicero_cli.errors import BusyError, ExitCode
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.services.messaging.pace import Pause

app = group()


@command(app, "status", example="cicero wa status")
def status() -> None:
    """Show whether the account may send, and what holds it up."""
    from dataclasses import replace

    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.operations.status import read_gateway

    with open_app() as cicero:
        seen = read_gateway(cicero.store, cicero.gateway(), cicero.settings, now=clock.now())
    code = ExitCode.OK if seen.is_ready else ExitCode.TRY_LATER
    notes = [seen.hint] if seen.hint else []
    finish(replace(record_outcome(asdict(seen)), notes=notes, exit_code=code))


@command(app, "test", example="cicero wa test 081234567890")
def test(
    recipient: Annotated[str, typer.Argument(metavar="RECIPIENT", help="A number, or a group id.")],
) -> None:
    """Send one test message through the outbox, now."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.messaging.operator_decisions import get_message, queue_test

    with open_app() as cicero:
        message_id = queue_test(cicero.store, recipient, now=clock.now())
        try:
            pause = cicero.deliver(message_id=message_id).pause
        except BusyError as error:
            raise BusyError(
                "message {message_id} is queued, and the run of `cicero outbox deliver` that is under "
                "way, or the next one, sends it",
                hint="see: cicero outbox show {message_id}",
                message_id=message_id,
            ) from error
        message = get_message(cicero.store, message_id)
    finish(_tested(message, pause))


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
def groups() -> None:
    """List the groups that the account is in, for `client set --group`."""
    from cicero_cli.bootstrap import open_app

    with open_app() as cicero:
        found = cicero.gateway().list_groups()
    notes = [] if found else ["the account is in no group: add it to one on its phone"]
    finish(
        Outcome(
            rows=[asdict(one) for one in found],
            columns={"group_id": "group", "name": "name"},
            notes=notes,
        )
    )
