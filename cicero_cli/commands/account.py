"""`cicero account`: who may log in to the dashboards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.client_clocks import on_clients_clocks
from cicero_cli.console.options import ClientsOption, YesOption, command, group, refuse_together
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.records import NOTHING_CHANGED, change_lines, find_changes, removed_outcome
from cicero_cli.console.remarks import cli_actor, confirm, say
from cicero_cli.words import Text, join_texts

if TYPE_CHECKING:
    from cicero_cli.domain.access.accounts import Account
    from cicero_cli.services.access.accounts import NewSecrets

app = group()

NameArgument = Annotated[str, typer.Argument(metavar="USERNAME", help="The account, in any case.")]

_COLUMNS = {
    "username": "username",
    "role": "role",
    "active": "active",
    "has_access_code": "access code",
    "client_ids": "clients",
}
_LOG_COLUMNS = {
    "at": "at",
    "actor": "who",
    "action": "did",
    "subject": "to",
    "client_id": "client",
    "address": "from",
    "told": "more",
}


@command(app, "add", example="cicero account add budi.humas --role operator --client POLRES_A")
def add(
    username: NameArgument,
    *,
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help="admin, operator or viewer.")
    ] = "viewer",
    client: ClientsOption = None,
) -> None:
    """Add an account; its generated password and access code are shown this once."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.access.accounts import add_account

    with open_app() as cicero:
        account, new = add_account(
            cicero.store,
            username,
            role=role,
            client_ids=client or (),
            by=cli_actor(),
        )
    _finish_with_secrets(
        Text(
            "Account {username} added ({role}).", username=account.username, role=account.role.word
        ),
        account,
        new,
    )


@command(app, "list", example="cicero account list --json", is_list=True)
def list_accounts() -> None:
    """List the accounts with their roles and clients."""
    from cicero_cli.bootstrap import open_app

    with open_app() as cicero:
        accounts = cicero.store.accounts.list()
    notes = [] if accounts else ["there are no accounts yet; add one with: cicero account add"]
    finish(Outcome(rows=[_row(account) for account in accounts], columns=_COLUMNS, notes=notes))


@command(app, "set", example="cicero account set budi.humas --active --client POLRES_A")
def set_fields(
    username: NameArgument,
    *,
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help="admin, operator or viewer.")
    ] = None,
    client: Annotated[
        list[str] | None,
        typer.Option(
            "--client", metavar="CLIENT_ID", help="See exactly these; may be repeated, '' for none."
        ),
    ] = None,
    active: Annotated[
        bool | None, typer.Option("--active/--inactive", help="Whether it may log in.")
    ] = None,
    dashboard_role: Annotated[
        str | None,
        typer.Option(
            "--dashboard-role",
            metavar="WORD",
            help="The role that dashboards are told, such as ditbinmas; grants nothing. '' for its own.",
        ),
    ] = None,
    whatsapp: Annotated[
        str | None,
        typer.Option(
            "--whatsapp",
            metavar="NUMBER",
            help="The owner's number, where codes for a forgotten password go; '' for none.",
        ),
    ] = None,
    new_password: Annotated[
        bool, typer.Option("--new-password", help="Generate another password.")
    ] = False,
    new_access_code: Annotated[
        bool, typer.Option("--new-access-code", help="Generate another access code.")
    ] = False,
    revoke_access_code: Annotated[
        bool, typer.Option("--revoke-access-code", help="Take the access code away.")
    ] = False,
    log_out: Annotated[
        bool, typer.Option("--log-out", help="End its sessions and change nothing else.")
    ] = False,
) -> None:
    """Change an account; whatever is changed, its sessions end."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.access.accounts import (
        AccountChanges,
        NewSecrets,
        change_account,
        get_account,
    )

    refuse_together(new_access_code=new_access_code, revoke_access_code=revoke_access_code)
    changes = AccountChanges(
        role=role,
        client_ids=client,
        active=active,
        dashboard_role=dashboard_role,
        whatsapp=whatsapp,
        new_password=new_password,
        new_access_code=new_access_code,
        revoke_access_code=revoke_access_code,
        log_out=log_out,
    )
    with open_app() as cicero:
        before = _row(get_account(cicero.store, username))
        account, new, ended = change_account(cicero.store, username, changes, by=cli_actor())
    changed = find_changes(before, _row(account))
    is_new = changed or new != NewSecrets() or log_out
    if is_new:
        say(
            Text(
                "{count:,} session of {username} ended",
                plural="{count:,} sessions of {username} ended",
                count=ended,
                username=account.username,
            )
        )
    if account.active and not account.client_ids and account.role.word != "admin":
        say(
            Text(
                "{username} cannot log in before it is given a client (--client)",
                username=account.username,
            )
        )
    line = Text("Account {username} changed.", username=account.username)
    _finish_with_secrets(line if is_new else NOTHING_CHANGED, account, new, changed=changed)


@command(app, "remove", example="cicero account remove budi.humas")
def remove(username: NameArgument, *, yes: YesOption = False) -> None:
    """Remove an account; its sessions end at once."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.services.access.accounts import get_account, remove_account

    with open_app() as cicero:
        account = get_account(cicero.store, username)
        confirm(Text("Remove the account {username}?", username=account.username), yes=yes)
        remove_account(cicero.store, account.username, by=cli_actor())
    finish(
        removed_outcome(
            Text("Account {username} removed.", username=account.username), account.username
        )
    )


@command(app, "log", example="cicero account log budi.humas --limit 20", is_list=True)
def log(
    username: Annotated[
        str | None, typer.Argument(metavar="USERNAME", help="Only this name. Default: all.")
    ] = None,
    *,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=10_000, metavar="N", help="How many lines.")
    ] = 50,
) -> None:
    """Show who logged in and who changed what, newest first."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock

    with open_app() as cicero:
        entries = cicero.store.audit.list(
            name=None if username is None else username.strip().lower(), limit=limit
        )
        refused = cicero.store.refusals.sum(since=clock.now() - timedelta(days=1))
        clients = cicero.store.clients.list()
    rows = [
        {
            "at": entry.at,
            "actor": entry.actor,
            "action": entry.action,
            "subject": entry.subject,
            "client_id": entry.client_id,
            "address": entry.address,
            "details": entry.details,
            "told": " ".join(f"{name}={value}" for name, value in entry.details.items()),
        }
        for entry in entries
    ]
    rows = on_clients_clocks(rows, clients)
    document = [{name: row[name] for name in row if name != "told"} for row in rows]
    told = ", ".join(f"{kind} {number}" for kind, number in refused.items())
    notes: list[str] = [] if rows else [Text("no line fits")]
    if refused:
        notes.append(Text("turned away in the last 24 hours: {told}", told=told))
    finish(Outcome(rows=rows, columns=_LOG_COLUMNS, document=document, notes=notes))


def _finish_with_secrets(
    text: str,
    account: Account,
    new: NewSecrets,
    *,
    changed: Mapping[str, Mapping[str, Any]] | None = None,
) -> None:
    """A line, what is different (`old > new`) and the secrets for a person; for a script the account, with `changed`."""
    secrets = {"password": new.password, "access_code": new.access_code}
    made = {name: secret for name, secret in secrets.items() if secret is not None}
    labels = {"password": Text("password"), "access_code": Text("access code")}
    lines = [
        text,
        *change_lines(changed or {}),
        *(Text("{label}: {secret}", label=labels[name], secret=made[name]) for name in made),
    ]
    notes = ["shown this once; only their hashes are kept"] if made else []
    record = {**_row(account), **made, **({} if changed is None else {"changed": changed})}
    finish(Outcome(rows=[record], document=record, text=join_texts(lines, "\n"), notes=notes))


def _row(account: Account) -> dict[str, Any]:
    return {
        "username": account.username,
        "role": account.role.word,
        "active": account.active,
        "has_access_code": account.has_access_code,
        "client_ids": list(account.client_ids),
        "dashboard_role": account.dashboard_role,
        "whatsapp": account.whatsapp,
        "created_at": account.created_at,
    }
