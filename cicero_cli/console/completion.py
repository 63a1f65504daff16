"""Completion: what a shell offers when one presses Tab, ids and handles from the database too.

A shell asks by running cicero with a variable set; whatever goes wrong then, it is offered nothing, and hears nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import Any

from cicero_cli.console.options import ASKED
from cicero_cli.core import clock
from cicero_cli.errors import CiceroError, InputError

_READ_BY_SHELLS = "'\"`$\\"
_NEWEST = 30
_SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")

Offered = list[tuple[str, str]]


def words_so_far() -> list[str]:
    """What has been typed after `cicero`."""
    typed = os.environ.get("COMP_WORDS") or os.environ.get("_TYPER_COMPLETE_ARGS", "")
    return typed.split()[1:]


def offer_values(command: Any) -> None:
    """Have the options and arguments that take a client or a user, of this command and those below, offer the database's."""
    from typer._completion_classes import completion_init

    completion_init()
    offers: dict[str, Callable[[str], Offered]] = {
        **_OFFERS,
        "TOPIC": partial(_offer_words, command),
    }
    waiting = [command]
    for each in waiting:
        waiting += getattr(each, "commands", {}).values()
        for parameter in each.params:
            offer = offers.get((parameter.metavar or "").removesuffix("..."))
            if offer is not None:
                parameter._custom_shell_complete = partial(_offer, offer)


def _offer(
    offer: Callable[[str], Offered], _context: Any, _parameter: Any, begun: str
) -> list[Any]:
    from typer._click.shell_completion import CompletionItem

    return [CompletionItem(word, help=_plain(meaning)) for word, meaning in offer(begun)]


def _plain(meaning: str) -> str:
    """Letters that neither a shell, which reads what it is offered, nor a terminal obeys."""
    return "".join(
        letter if letter.isprintable() and letter not in _READ_BY_SHELLS else " "
        for letter in meaning
    )


def install(shell: str | None = None) -> tuple[str, str]:
    """Put completion into the start-up files of the shell (without one: of whoever runs this); gives both."""
    from typer._completion_shared import install

    shell, path = install(shell=_known(shell), prog_name="cicero", complete_var=ASKED)
    return shell, str(path)


def script(shell: str | None = None) -> str:
    """What `install` puts there."""
    from typer._completion_shared import get_completion_script

    return get_completion_script(prog_name="cicero", complete_var=ASKED, shell=_known(shell))


def _known(shell: str | None) -> str:
    from typer._completion_shared import _get_shell_name

    name = shell or _get_shell_name()
    if name not in _SHELLS:
        raise InputError(
            "completion is for {shells}, and this shell is {shell}",
            shells=", ".join(_SHELLS),
            shell=name or "?",
        )
    return name


def _offer_clients(incomplete: str) -> Offered:
    from cicero_cli.bootstrap import peek

    with suppress(CiceroError), peek() as store:
        spell = str.lower if incomplete and incomplete == incomplete.lower() else str.upper
        return [
            (spell(client.client_id), client.nama)
            for client in store.clients.list()
            if client.client_id.startswith(incomplete.upper())
        ]
    return []


def _offer_users(incomplete: str) -> Offered:
    from cicero_cli.bootstrap import peek

    with suppress(CiceroError), peek() as store:
        at = "@" if incomplete.startswith("@") else ""
        return [(f"{at}{word}", nama) for word, nama in store.users.begun(incomplete.lstrip("@"))]
    return []


def _offer_accounts(incomplete: str) -> Offered:
    from cicero_cli.bootstrap import peek

    with suppress(CiceroError), peek() as store:
        return [
            (account.username, account.role.word)
            for account in store.accounts.list()
            if account.username.startswith(incomplete.lower())
        ]
    return []


def _offer_recipients(incomplete: str) -> Offered:
    """By name where that is one plain word, else by number with the name beside."""
    from cicero_cli.bootstrap import peek

    with suppress(CiceroError), peek() as store:
        begun = incomplete.casefold()
        named = [(one, one.name or "") for one in store.recipients.list()]
        words = [(name if name.isalnum() else one.recipient, name) for one, name in named]
        return [
            (word, name)
            for word, name in words
            if word.casefold().startswith(begun) or name.casefold().startswith(begun)
        ]
    return []


def _offer_messages(incomplete: str) -> Offered:
    from cicero_cli.bootstrap import peek

    with suppress(CiceroError), peek() as store:
        rows = store.outbox.list_newest(limit=_NEWEST)
        return _numbers(incomplete, rows, "message_id", "kind", "client_id", "status")
    return []


def _offer_runs(incomplete: str) -> Offered:
    from cicero_cli.bootstrap import peek

    with suppress(CiceroError), peek() as store:
        since = clock.now() - timedelta(days=7)
        rows = store.runs.list_newest(client_id=None, status=None, since=since, limit=_NEWEST)
        return _numbers(incomplete, rows, "run_id", "job", "client_id", "status")
    return []


def _numbers(incomplete: str, rows: list[dict[str, Any]], key: str, *facts: str) -> Offered:
    """The newest, by their numbers."""
    return [
        (str(row[key]), " ".join(str(row[name] or "") for name in facts))
        for row in rows
        if str(row[key]).startswith(incomplete)
    ]


def _offer_words(root: Any, incomplete: str) -> Offered:
    """What `help` explains: its own topics, and every word that cicero knows."""
    topics = [
        topic
        for parameter in root.commands["help"].params
        for topic in getattr(parameter.type, "choices", ())
    ]
    words = [*(str(getattr(topic, "value", topic)) for topic in topics), *root.commands]
    return [(word, "") for word in words if word.startswith(incomplete)]


_OFFERS = {
    "CLIENT_ID": _offer_clients,
    "USER_ID": _offer_users,
    "TWIN_ID": _offer_users,
    "USER": _offer_users,
    "USERNAME": _offer_accounts,
    "NAME|NUMBER": _offer_recipients,
    "MESSAGE_ID": _offer_messages,
    "RUN_ID": _offer_runs,
}
