"""`cicero user check`: what of people's data keeps a like from being counted or a message from arriving."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.options import (
    ClientsOption,
    DryRunOption,
    command,
    group,
    refuse_together,
)
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.remarks import progress
from cicero_cli.errors import ExitCode, InputError
from cicero_cli.words import Text, join_texts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from cicero_cli.bootstrap import Cicero
    from cicero_cli.services.collection.handle_checks import HandlesChecked
    from cicero_cli.services.collection.user_check import UserCheck
    from cicero_cli.services.messaging.user_checks import SentChecks

app = group()

_COLUMNS = {"client_id": "client", "divisi": "divisi", "user_id": "user", "nama": "nama", "text": "to mend"}  # fmt: skip
_DIVISION_COLUMNS = {
    "client_id": "client",
    "divisi": "divisi",
    "people": "people",
    "to_mend": "mend",
    "no_handle": "handle",
    "no_number": "number",
    "shared_handle": "shared",
    "unlikely_handle": "odd",
    "account": "account",
    "division": "div.",
}


@command(app, "check", example="cicero user check --client polres_a --per-divisi", is_list=True)
def check(
    *,
    client: ClientsOption = None,
    per_divisi: Annotated[
        bool, typer.Option("--per-divisi", help="Only how many of each division have what.")
    ] = False,
    handles: Annotated[
        bool,
        typer.Option(
            "--handles",
            help="Ask the upstream about handles that were never seen: private, gone, renamed, no posts.",
        ),
    ] = False,
    budget: Annotated[
        int | None,
        typer.Option(
            "--budget",
            min=1,
            max=100_000,
            metavar="N",
            help="With --handles: at most about so many requests. Default: CICERO_HANDLE_BUDGET.",
        ),
    ] = None,
    send: Annotated[
        bool,
        typer.Option(
            "--send", help="Queue the summary for each client's operator and group, once a day."
        ),
    ] = False,
    dry_run: DryRunOption = False,
    ignore_quota: Annotated[
        bool,
        typer.Option("--ignore-quota", help="With --handles: ask although the quota was used up."),
    ] = False,
) -> None:
    """Say what is missing, doubtful or shared in people's data: handles, numbers, divisions.

    What --handles finds out is remembered: another run goes on, and asks nobody twice within CICERO_HANDLE_DAYS.
    """
    refuse_together(per_divisi=per_divisi, send=send)
    for name, value in (("--budget", budget), ("--ignore-quota", ignore_quota)):
        if value and not handles:
            raise InputError("{option} goes with --handles", option=name)
    if dry_run and not (handles or send):
        raise InputError("--dry-run goes with --handles or --send")
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.collection.user_check import check_users
    from cicero_cli.services.roster.clients import choose_clients

    now = clock.now()
    asked: HandlesChecked | None = None
    sent: SentChecks | None = None
    notes: list[str] = []
    with open_app() as cicero:
        clients = choose_clients(cicero.store, client)
        checks = [check_users(cicero.store, one, now=now) for one in clients]
        if handles:
            asked, remark = _ask(
                cicero, checks, budget=budget, dry_run=dry_run, ignore_quota=ignore_quota
            )
            notes.append(remark)
            if not dry_run:
                checks = [check_users(cicero.store, one, now=clock.now()) for one in clients]
        if send:
            from cicero_cli.services.messaging.user_checks import send_checks

            sent = send_checks(cicero.store, checks, now=now, dry_run=dry_run)
    finish(_outcome(checks, asked, sent, notes, per_divisi=per_divisi, dry_run=dry_run))


def _ask(
    cicero: Cicero,
    checks: Sequence[UserCheck],
    *,
    budget: int | None,
    dry_run: bool,
    ignore_quota: bool,
) -> tuple[HandlesChecked | None, Text]:
    """Ask about the handles of these clients that were never seen; with what is to be said of it."""
    from datetime import timedelta

    from cicero_cli.core import clock
    from cicero_cli.services.collection.handle_checks import check_handles, choose_handles

    settings = cicero.settings
    unseen = {handle for one in checks for handle in one.unseen}
    chosen = choose_handles(
        cicero.store,
        unseen,
        again_after=timedelta(days=settings.handle_days),
        now=clock.now(),
    )
    most = budget or settings.handle_budget
    if dry_run:
        return None, Text(
            "handles never seen: {unseen:,}; to be asked about: {due:,}, now {now:,}, a request each; nothing was asked",
            unseen=len(unseen),
            due=len(chosen),
            now=min(len(chosen), most),
        )
    with progress(Text("handles")) as on_step:
        asked = check_handles(
            cicero.store,
            cicero.source,
            chosen,
            budget=most,
            parallel=settings.parallel,
            clock=clock.now,
            on_step=on_step,
            ignore_quota=ignore_quota,
        )
    return asked, Text(
        "handles never seen: {unseen:,}; asked about now: {asked:,} ({requests:,} requests); left for another run: {left:,}",
        unseen=len(unseen),
        asked=len(asked.checks),
        requests=asked.requests,
        left=asked.left,
    )


def _outcome(
    checks: Sequence[UserCheck],
    asked: HandlesChecked | None,
    sent: SentChecks | None,
    notes: Sequence[str],
    *,
    per_divisi: bool,
    dry_run: bool,
) -> Outcome:
    from cicero_cli.services.collection.user_check import check_document

    documents = [check_document(one) for one in checks]
    whole = {"clients": documents, "handles": asked and _asked_document(asked)}
    failures: dict[str, str] = dict(sent.failures) if sent else {}
    code, text = None, None
    if sent:
        notes = [*notes, *_told(sent, dry_run=dry_run)]
        by_client = {one.client_id: one for one in sent.messages}
        for document in documents:
            message = by_client.get(document["client_id"])
            document["sent"] = message and {
                "recipients": list(message.recipients),
                "parts": message.parts,
                "queued": message.queued,
                "text": message.text,
            }
        text = "\n\n".join(one.text for one in sent.messages) if dry_run else None
    if asked:
        failures |= asked.failures
        if asked.stopped_by is not None:
            failures["stopped"] = asked.stopped_by.line
            code = asked.stopped_by.exit_code
    if sent and sent.failures and not sent.messages and code is None:
        code = ExitCode.FAILED
    return Outcome(
        rows=_division_rows(documents) if per_divisi else _rows(documents),
        columns=_DIVISION_COLUMNS if per_divisi else _COLUMNS,
        document=whole,
        text=text or None,
        notes=[*(_sum_up(document) for document in documents), *notes],
        failures=failures,
        exit_code=code,
    )


def _asked_document(asked: HandlesChecked) -> dict[str, Any]:
    return {
        "asked": len(asked.checks),
        "requests": asked.requests,
        "left": asked.left,
        "checks": [asdict(one) for one in asked.checks],
    }


def _told(sent: SentChecks, *, dry_run: bool) -> list[str]:
    told: list[str] = []
    for one in sent.messages:
        words = {"client_id": one.client_id, "recipients": ", ".join(one.recipients)}
        if dry_run:
            told.append(
                Text("{client_id}: it would go to {recipients}; nothing was queued", **words)
            )
        elif one.queued:
            told.append(Text("{client_id}: queued for {recipients}", **words))
        else:
            told.append(Text("{client_id}: {recipients} had today's already", **words))
    told += [
        Text("{client_id}: nothing to mend, so nothing was queued", client_id=client_id)
        for client_id in sent.nothing_for
    ]
    return told


def _rows(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "client_id": document["client_id"],
            "divisi": user["divisi"],
            "user_id": user["user_id"],
            "nama": user["nama"],
            "problems": [one["problem"] for one in user["problems"]],
            "text": join_texts([one["text"] for one in user["problems"]], "; "),
        }
        for document in documents
        for user in document["users"]
    ]


def _division_rows(documents: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "client_id": document["client_id"],
            "divisi": one["divisi"],
            "people": one["people"],
            "to_mend": one["to_mend"],
            **one["counts"],
        }
        for document in documents
        for one in document["divisions"]
    ]


def _sum_up(document: dict[str, Any]) -> Text:
    return Text(
        "{client_id}: {to_mend:,} of {people:,} people to mend (no handle {no_handle:,}, no number {no_number:,},"
        " shared {shared_handle:,}, unlikely {unlikely_handle:,}, account {account:,}, division {division:,})",
        client_id=document["client_id"],
        to_mend=document["to_mend"],
        people=document["people"],
        **document["counts"],
    )
