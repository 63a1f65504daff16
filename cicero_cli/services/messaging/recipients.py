"""Who gets what is sent about a client, and how a text in parts is queued for each.

Every sender asks here. One whose text is the same for all (`tugas`) takes `list_recipients(…, also=recipients_of(store, client,
What.TUGAS))`; one that has something to narrow (`laphar`, `rekap`) takes `find_copies`, words each copy by its `divisi`, and queues it for
its recipients. The dedupe key holds the recipient, who stands in one copy only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cicero_cli.domain.messaging.messages import NewMessage
from cicero_cli.domain.messaging.recipients import Copy, Recipient, What, list_copies
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.phones import normalise_group, normalise_recipient
from cicero_cli.errors import CiceroError, InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.words import Text, reason_of

_GROUP = Text("group")


def check_recipients(typed: Sequence[str]) -> list[str]:
    """The recipients that `--to` names, each once; InputError for what is none."""
    checked = []
    for text in typed:
        try:
            recipient = normalise_recipient(text)
        except ValueError as error:
            raise InputError(
                "--to {typed}: {reason}; nothing was queued", typed=text, reason=reason_of(error)
            ) from error
        if recipient is None:
            raise InputError("--to is empty; nothing was queued")
        checked.append(recipient)
    return list(dict.fromkeys(checked))


def recipients_of(store: Store, client: Client, what: What) -> list[Recipient]:
    """Who gets this report beside the client's own columns (`cicero recipient`)."""
    return store.recipients.list([client.client_id], what)


def find_copies(
    store: Store,
    client: Client,
    what: What,
    admins: Sequence[str],
    failures: dict[str, str],
    *,
    is_wanted: Callable[[Recipient], bool] = lambda _recipient: True,
) -> list[Copy]:
    """Who gets this report whole, and then who gets a part of it, or gets it in another way; each recipient once."""
    also = recipients_of(store, client, what)
    own = _own_recipients(client, admins, failures, may_be_none=bool(also))
    return list_copies(own, [one for one in also if is_wanted(one)])


def list_recipients(
    client: Client,
    admins: Sequence[str],
    failures: dict[str, str],
    *,
    also: Sequence[Recipient] = (),
) -> list[str]:
    """The client's own, the installation's, and those of `also`, each once, whatever is wrong with one of them."""
    own = _own_recipients(client, admins, failures, may_be_none=bool(also))
    return list(dict.fromkeys([*own, *(one.recipient for one in also)]))


def _own_recipients(
    client: Client, admins: Sequence[str], failures: dict[str, str], *, may_be_none: bool
) -> list[str]:
    named: list[tuple[Text, str | None]] = [
        (_GROUP, client.client_group),
        (Text("operator"), client.client_operator),
        (Text("super admin"), client.client_super),
        *(
            (Text("ADMIN_WHATSAPP, no. {place}", place=place), admin)
            for place, admin in enumerate(admins, start=1)
        ),
    ]
    recipients = []
    for role, text in named:
        if not text:
            continue
        try:
            normalise = normalise_group if role is _GROUP else normalise_recipient
            recipient = normalise(text)
        except ValueError as error:
            place = Text("{client_id} {role}", client_id=client.client_id, role=role)
            failures[place] = (
                reason_of(error)
                if "place" in role.params
                else Text(
                    "{reason} (cicero client set {client_id})",
                    reason=reason_of(error),
                    client_id=client.client_id,
                )
            )
        else:
            recipients.append(recipient)
    found = [recipient for recipient in dict.fromkeys(recipients) if recipient]
    if not found and not may_be_none:
        raise CiceroError(
            "nobody gets the report: cicero client set {client_id} --group, --operator or --super",
            client_id=client.client_id,
        )
    return found


def queue_parts(store: Store, parts: Sequence[NewMessage], *, now: datetime) -> list[int]:
    """All or none: a report that has grown since is not followed by its last part alone."""
    first = store.outbox.add(parts[:1], now=now)
    return first + store.outbox.add(parts[1:], now=now) if first else []
