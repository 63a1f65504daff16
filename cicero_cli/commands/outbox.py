"""`cicero outbox`: messages that are due, and what became of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.client_clocks import on_clients_clocks
from cicero_cli.console.language import shown
from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import Outcome, finish, record_outcome
from cicero_cli.console.remarks import cli_actor
from cicero_cli.console.states import Painted
from cicero_cli.console.tables import table_text
from cicero_cli.core.terminal import harmless
from cicero_cli.domain.messaging.messages import Kind, MessageStatus
from cicero_cli.errors import ExitCode, InputError
from cicero_cli.words import Text

if TYPE_CHECKING:
    from cicero_cli.services.messaging.delivery import Delivered
    from cicero_cli.services.messaging.operator_decisions import Decided

app = group()

MessagesArgument = Annotated[
    list[int], typer.Argument(metavar="MESSAGE_ID...", help="Numbers as `outbox list` shows them.")
]

_COLUMNS = {
    "message_id": "id",
    "kind": "kind",
    "client_id": "client",
    "recipient": "recipient",
    "status": "status",
    "attempts": "tries",
    "error_code": "code",
}


@command(app, "list", example="cicero outbox list --status unknown", is_list=True)
def list_messages(
    *,
    status: Annotated[MessageStatus | None, typer.Option("--status", help="Only these.")] = None,
    client: Annotated[
        str | None, typer.Option("--client", metavar="CLIENT_ID", help="Only this client's.")
    ] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="Only these.")] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="At most so many, newest first.")
    ] = 50,
) -> None:
    """List the newest messages."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.clients import get_client

    with open_app() as cicero:
        client_id = None if client is None else get_client(cicero.store, client).client_id
        rows = cicero.store.outbox.list_newest(
            status=status, client_id=client_id, kind=kind, limit=limit
        )
        rows = on_clients_clocks(rows, cicero.store.clients.list())
    notes = [] if rows else ["no message fits"]
    finish(Outcome(rows=rows, columns=_COLUMNS, notes=notes))


@command(app, "show", example="cicero outbox show 17")
def show(
    message_id: Annotated[
        int, typer.Argument(metavar="MESSAGE_ID", help="As `outbox list` shows it.")
    ],
) -> None:
    """Show one message with its text."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.operator_decisions import get_message

    with open_app() as cicero:
        message = get_message(cicero.store, message_id)
        [message] = on_clients_clocks([message], cicero.store.clients.list())
    fields = {name: value for name, value in message.items() if name != "body"}
    rows = record_outcome(fields).rows or []
    columns = {"field": "field", "value": "value"}
    text = Painted(f"{table_text(rows, columns)}\n{harmless(message['body'])}")
    finish(Outcome(rows=rows, document=message, text=text, notes=_report_notes(message)))


def _report_notes(message: dict[str, Any]) -> list[str]:
    """Where the figures stand that the message reports."""
    if message["report_id"] is None:
        return []
    return [
        Text(
            "report {report_id}; its figures: cicero absensi show {scope} --client {client_id} --as-of laphar:{report_id}",
            report_id=message["report_id"],
            client_id=message["client_id"],
            scope=message["report_scope"],
        )
    ]


@command(app, "deliver", example="cicero outbox deliver")
def deliver() -> None:
    """Send what is due, at the account's pace, for less than a minute; cron runs this every minute."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock

    with open_app() as cicero:
        gateway = cicero.settings.whatsapp
        with cicero.store.job_lock("outbox deliver"):
            # most minutes have nothing to do, and need not pay for what a gateway imports
            if gateway is not None and not cicero.store.gateway_states.has_work(
                gateway, now=clock.now()
            ):
                finish(Outcome(document={"waiting": 0, "paused": None}, text=""))
                return
        delivered = cicero.deliver()
    finish(delivery_outcome(delivered))


@command(app, "retry", example="cicero outbox retry 17 18")
def retry(message_ids: MessagesArgument) -> None:
    """Queue messages again that failed, expired, were cancelled or whose fate is unknown."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.operator_decisions import retry_messages

    with open_app() as cicero:
        decided = retry_messages(cicero.store, message_ids, by=cli_actor())
    finish(_decided("queued", Text("queued: {ids}", ids=_ids(decided)), decided))


@command(app, "cancel", example="cicero outbox cancel --kind reminder --client polres_a")
def cancel(
    message_ids: Annotated[
        list[int] | None,
        typer.Argument(metavar="MESSAGE_ID...", help="Numbers as `outbox list` shows them."),
    ] = None,
    *,
    client: Annotated[
        str | None,
        typer.Option("--client", metavar="CLIENT_ID", help="All queued ones of this client."),
    ] = None,
    kind: Annotated[Kind | None, typer.Option("--kind", help="All queued ones of these.")] = None,
) -> None:
    """Give messages up: by number those not sent or of unknown fate, else all that wait in the queue."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.operator_decisions import cancel_messages, cancel_queued

    if bool(message_ids) is bool(client or kind):
        raise InputError(
            "expected numbers, or --kind and --client; nothing was cancelled",
            hint="see: cicero outbox list --status queued",
        )
    with open_app() as cicero:
        if message_ids:
            decided = cancel_messages(cicero.store, message_ids, by=cli_actor())
        else:
            decided = cancel_queued(cicero.store, client_id=client, kind=kind, by=cli_actor())
    outcome = _decided("cancelled", Text("cancelled: {ids}", ids=_ids(decided)), decided)
    finish(
        outcome if outcome.text or decided.failures else replace(outcome, notes=["no message fits"])
    )


@command(app, "mark-sent", example="cicero outbox mark-sent 17")
def mark_sent(message_ids: MessagesArgument) -> None:
    """Tell that messages whose fate is unknown arrived: somebody has seen them in their chats."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.operator_decisions import mark_messages_sent

    with open_app() as cicero:
        decided = mark_messages_sent(cicero.store, message_ids, by=cli_actor())
    finish(_decided("sent", Text("sent: {ids}", ids=_ids(decided)), decided))


def _ids(decided: Decided) -> str:
    return ", ".join(map(str, decided.done))


def _decided(word: str, line: Text, decided: Decided) -> Outcome:
    failures = decided.failures
    code = ExitCode.OK if not failures else ExitCode.PARTIAL if decided.done else ExitCode.USAGE
    return Outcome(
        document={word: decided.done},
        text=line if decided.done else "",
        failures=failures,
        exit_code=code,
    )


def delivery_outcome(delivered: Delivered) -> Outcome:
    """What a run of `deliver` says: one line, nothing when there was nothing to do, a pause only when it is news."""
    counts = {status: number for status, number in sorted(delivered.counts.items()) if number}
    document: dict[str, object] = {**counts, "waiting": delivered.waiting, "paused": None}
    parts = [f"{number} {status}" for status, number in counts.items()]
    if delivered.waiting and parts:
        parts.append(shown("{waiting} waiting", waiting=delivered.waiting))
    notes: list[str] = []
    if delivered.forgotten:
        notes.append(
            Text(
                "{count} time of an earlier run lies in the future, and is not believed: the clock was ahead",
                plural="{count} times of earlier runs lie in the future, and are not believed: the clock was ahead",
                count=delivered.forgotten,
            )
        )
    code = ExitCode.PARTIAL if delivered.failures else ExitCode.OK
    if delivered.pause is not None:
        document["paused"] = delivered.pause.code
        code = ExitCode.TRY_LATER
        if delivered.pause.is_news:
            notes.append(
                Text(
                    "nothing is sent for now ({reason}): {remedy}",
                    reason=delivered.pause.code,
                    remedy=delivered.pause.hint,
                )
            )
    return Outcome(
        document=document,
        text=", ".join(parts),
        notes=notes,
        failures=delivered.failures,
        exit_code=code,
    )
