"""`cicero wa add|list|set|remove|pause|resume`: the WhatsApp accounts that send."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.options import YesOption, command, group
from cicero_cli.console.outcome import Outcome, finish, record_outcome
from cicero_cli.console.records import fields_of
from cicero_cli.console.remarks import cli_actor, confirm
from cicero_cli.domain.roster.printable import check_text
from cicero_cli.errors import InputError
from cicero_cli.words import Text, reason_of

if TYPE_CHECKING:
    from cicero_cli.services.messaging.sender_states import SenderState

app = group()


class Gateway(StrEnum):
    """What a sender sends through."""

    WAHA = "waha"
    GOWA = "gowa"
    CLOUD = "cloud"
    FILE = "file"


_COLUMNS = {
    "name": "sender",
    "gateway": "gateway",
    "in_pool": "pool",
    "state": "state",
    "queued": "queued",
    "sent_today": "sent today",
    "daily_cap": "of",
}
_COLUMN_OF = {"user": "login", "pool": "in_pool"}
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="The sender, such as humas-2.")]
NamesArgument = Annotated[
    list[str] | None, typer.Argument(metavar="[NAME]...", help="These senders. Default: all.")
]
UrlOption = Annotated[
    str | None,
    typer.Option("--url", metavar="URL", help="Address of its WAHA or gowa; of file, the path."),
]
SessionOption = Annotated[
    str | None,
    typer.Option(
        "--session",
        metavar="NAME",
        help="WAHA's session, gowa's device or the Cloud API's phone number id.",
    ),
]
UserOption = Annotated[str | None, typer.Option("--user", metavar="NAME", help="gowa's user.")]
KeyFileOption = Annotated[
    str | None,
    typer.Option(
        "--key-file",
        metavar="FILE",
        help="Holds WAHA's key, gowa's password or the Cloud API's token; only you or root may write to it.",
    ),
]
SecretFileOption = Annotated[
    str | None,
    typer.Option(
        "--webhook-secret-file",
        metavar="FILE",
        help="Holds what its gateway signs acks with, likewise.",
    ),
]
GapOption = Annotated[
    str | None,
    typer.Option(
        "--gap",
        metavar="SECONDS",
        help="Between messages to groups and admins, as 3-10. Default: CICERO_WA_GAP.",
    ),
]
GapUserOption = Annotated[
    str | None,
    typer.Option(
        "--gap-user",
        metavar="SECONDS",
        help="Between reminders to users, as 30-60. Default: CICERO_WA_GAP_USER.",
    ),
]
CapOption = Annotated[
    str | None,
    typer.Option("--daily-cap", metavar="N", help="Messages a day. Default: CICERO_WA_DAILY_CAP."),
]
PoolOption = Annotated[
    bool | None,
    typer.Option("--pool/--no-pool", help="Whether people without a chat yet are spread over it."),
]


@command(
    app,
    "add",
    example="cicero wa add humas-2 --gateway waha --url http://127.0.0.1:3001 --key-file /etc/cicero/humas-2.key --pool",
)
def add(
    name: NameArgument,
    *,
    gateway: Annotated[Gateway, typer.Option("--gateway", help="What it sends through.")],
    url: UrlOption = None,
    session: SessionOption = None,
    user: UserOption = None,
    key_file: KeyFileOption = None,
    webhook_secret_file: SecretFileOption = None,
    gap: GapOption = None,
    gap_user: GapUserOption = None,
    daily_cap: CapOption = None,
    pool: PoolOption = None,
) -> None:
    """Add a WhatsApp account beside that of the settings, which is the sender `default`."""
    words = fields_of(locals(), _COLUMN_OF, key="name")
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.senders import add_sender

    with open_app() as cicero:
        sender = add_sender(cicero.store, name, words, cicero.settings, by=cli_actor())
    hint = Text("link it: cicero wa setup --sender {name}", name=sender.name)
    outcome = record_outcome(asdict(sender))
    finish(Outcome(rows=outcome.rows, document=outcome.document, notes=[hint]))


@command(app, "list", example="cicero wa list", is_list=True)
def list_all() -> None:
    """List the senders: what waits for each, what it has sent today, what holds it up."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.messaging.sender_states import read_senders

    with open_app() as cicero:
        states = read_senders(cicero.store, cicero.settings, now=clock.now())
    notes = [hint for one in states if (hint := one.hint)]
    finish(Outcome(rows=[_row(one) for one in states], columns=_COLUMNS, notes=notes))


@command(app, "set", example="cicero wa set humas-2 --pool --daily-cap 300")
def set_fields(
    name: NameArgument,
    *,
    url: UrlOption = None,
    session: SessionOption = None,
    user: UserOption = None,
    key_file: KeyFileOption = None,
    webhook_secret_file: SecretFileOption = None,
    gap: GapOption = None,
    gap_user: GapUserOption = None,
    daily_cap: CapOption = None,
    pool: PoolOption = None,
) -> None:
    """Change a sender; an empty text ('') clears a field. Of `default` only pace and pool: its account is in the settings."""
    words = fields_of(locals(), _COLUMN_OF, key="name")
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.senders import set_sender

    with open_app() as cicero:
        sender = set_sender(cicero.store, name, words, cicero.settings, by=cli_actor())
    finish(record_outcome(asdict(sender)))


@command(app, "remove", example="cicero wa remove humas-2")
def remove(name: NameArgument, *, yes: YesOption = False) -> None:
    """Forget a sender for which nothing waits (asks); what it has sent stays in the outbox."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.senders import get_sender, remove_sender

    with open_app() as cicero:
        found = get_sender(cicero.store, name)
        confirm(Text("Remove sender {name}?", name=found.name), yes=yes)
        remove_sender(cicero.store, found.name, by=cli_actor())
    finish(
        Outcome(
            document={"removed": found.name},
            text=Text("Sender {name} is removed.", name=found.name),
            notes=["its key file is left where it is"] if found.key_file else [],
        )
    )


@command(app, "pause", example="cicero wa pause humas-2 --reason 'akun diblokir'")
def pause(
    names: NamesArgument = None,
    *,
    reason: Annotated[
        str | None, typer.Option("--reason", metavar="TEXT", help="Why, for whoever asks.")
    ] = None,
) -> None:
    """Send nothing more through these senders, or through any, from the next message on; what is due waits."""
    try:
        check_text(reason or "")
    except ValueError as error:
        raise InputError("--reason: {reason}", reason=reason_of(error)) from error
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.senders import pause_senders

    with open_app() as cicero:
        paused = pause_senders(cicero.store, names or [], reason, by=cli_actor())
    text = Text("Paused: {names}.", names=", ".join(paused))
    finish(Outcome(document={"paused": paused}, text=text, notes=["go on with: cicero wa resume"]))


@command(app, "resume", example="cicero wa resume")
def resume(names: NamesArgument = None) -> None:
    """Let these senders, or all, go on; what is still wanted goes out with the next `outbox deliver`."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.messaging.senders import resume_senders

    with open_app() as cicero:
        resumed = resume_senders(cicero.store, names or [], by=cli_actor())
    text = (
        Text("Resumed: {names}.", names=", ".join(resumed)) if resumed else Text("None was paused.")
    )
    finish(Outcome(document={"resumed": resumed}, text=text))


def _row(one: SenderState) -> dict[str, Any]:
    return {
        **asdict(one.sender),
        "gateway": one.gateway,
        "state": one.word,
        "queued": one.queued,
        "sent_today": one.sent_today,
        "daily_cap": one.daily_cap,
        "first_contacts_paused_until": one.state.first_contacts_paused_until,
    }
