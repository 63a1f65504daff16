"""`cicero outbox`: messages that are due, and what became of each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.client_clocks import on_clients_clocks
from cicero_cli.console.options import command, group
from cicero_cli.console.outcome import Outcome, finish, record_outcome
from cicero_cli.console.remarks import cli_actor
from cicero_cli.console.states import Painted
from cicero_cli.console.tables import table_text
from cicero_cli.core.terminal import harmless
from cicero_cli.domain.messaging.messages import Kind, MessageStatus
from cicero_cli.domain.messaging.senders import DEFAULT, POOL
from cicero_cli.errors import ExitCode, InputError
from cicero_cli.words import Text

if TYPE_CHECKING:
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
    "sender": "sender",
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
    sender: Annotated[
        str | None,
        typer.Option("--sender", metavar="NAME", help="Only what this WhatsApp account sends."),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, help="At most so many, newest first.")
    ] = 50,
) -> None:
    """List the newest messages."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.roster.clients import get_client

    with open_app() as cicero:
        client_id = None if client is None else get_client(cicero.store, client).client_id
        if sender is not None:
            from cicero_cli.services.messaging.senders import get_sender

            sender = get_sender(cicero.store, sender).name
        rows = cicero.store.outbox.list_newest(
            status=status, client_id=client_id, kind=kind, sender=sender, limit=limit
        )
        rows = on_clients_clocks(rows, cicero.store.clients.list())
    notes = [] if rows else ["no message fits"]
    columns = dict(_COLUMNS)
    if all(row["sender"] == DEFAULT for row in rows):
        del columns["sender"]
    finish(Outcome(rows=rows, columns=columns, notes=notes))


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
    if message["report_id"] is None or message["kind"] != "laphar":
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
    """Send what is due, all senders at once and each at its own pace, for less than a minute; cron runs this every minute."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock

    with open_app() as cicero:
        store, gateway = cicero.store, cicero.settings.whatsapp
        # most minutes have nothing to do, and need not pay for what a gateway imports
        senders = store.gateway_states.list_at_work(gateway, now=clock.now())
        if gateway is None and not store.senders.list():
            cicero.gateway()  # which says what to set
        if not senders:
            with store.job_lock("outbox deliver"):
                finish(Outcome(document={"waiting": 0, "paused": None, "senders": []}, text=""))
                return
        from cicero_cli.console.delivered import delivery_outcome  # here, for the same reason

        deliveries = cicero.deliver_all(senders)
    finish(delivery_outcome(deliveries))


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


@command(app, "move", example="cicero outbox move --from default --to pool")
def move(
    *,
    source: Annotated[
        str, typer.Option("--from", metavar="SENDER", help="For whom the messages wait.")
    ],
    target: Annotated[
        str,
        typer.Option(
            "--to", metavar="SENDER", help="Who sends them; `pool` spreads people over the pool."
        ),
    ],
    client: Annotated[
        str | None, typer.Option("--client", metavar="CLIENT_ID", help="Only this client's.")
    ] = None,
) -> None:
    """Let another WhatsApp account send what waits; what may have been sent stays where it is.

    A person whose message moves keeps the new sender from then on.
    """
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.senders import move_queue
    from cicero_cli.services.roster.clients import get_client

    with open_app() as cicero:
        moved = move_queue(
            cicero.store,
            source,
            None if target.strip().lower() == POOL else target,
            client_id=None if client is None else get_client(cicero.store, client).client_id,
            by=cli_actor(),
        )
        left = cicero.store.senders.count_open(source.strip().lower())
    notes = (
        [
            Text(
                "{count:,} message stays with {sender}: it may have been sent, or is for a group, which the pool does not get",
                plural="{count:,} messages stay with {sender}: they may have been sent, or are for groups, which the pool does not get",
                count=sum(left.values()),
                sender=source.strip().lower(),
            )
        ]
        if left and client is None
        else []
    )
    rows = [{"sender": name, "moved": number} for name, number in moved.items()]
    text = None if rows else Text("Nothing waits that could move.")
    finish(
        Outcome(rows=rows, columns={"sender": "sender", "moved": "moved"}, text=text, notes=notes)
    )


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
