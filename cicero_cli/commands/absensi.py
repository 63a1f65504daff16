"""`cicero absensi`: who has done a day's posts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cicero_cli.console.options import AsOfOption, ClientOption, DateOption, command, group
from cicero_cli.console.outcome import Outcome, finish
from cicero_cli.console.scope_options import ScopeArgument, ScopeOption
from cicero_cli.console.user_options import FoundUserArgument
from cicero_cli.domain.attendance.percentages import percent_english
from cicero_cli.domain.attendance.scopes import Scope
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import InputError
from cicero_cli.words import Text, join_texts

if TYPE_CHECKING:
    from cicero_cli.services.messaging.complaint_answers import QueuedAnswer

app = group()


_COLUMNS = {
    "user_id": "user",
    "nama": "nama",
    "title": "title",
    "divisi": "divisi",
    "username": "username",
    "progress": "done",
    "status": "status",
}
_UNIT_COLUMNS = {
    "client_id": "unit",
    "nama": "nama",
    "users": "users",
    "sudah": "sudah",
    "belum": "belum",
    "tanpa_username": "tanpa_username",
    "dikecualikan": "dikecualikan",
    "percent": "share",
}


@command(
    app, "show", example="cicero absensi show insta --client POLRES_A --date 2026-11-21 --json"
)
def show(
    scope: ScopeArgument,
    *,
    client: ClientOption,
    date: DateOption = None,
    as_of: AsOfOption = None,
    per_unit: Annotated[
        bool, typer.Option("--per-unit", help="Only the sums of each unit of the audience.")
    ] = False,
) -> None:
    """Show each user who is expected on a client's posts, with those done that day; a directorate's by unit."""
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.domain.attendance.documents import attendance_document
    from cicero_cli.services.attendance.absensi import find_moment, read_attendance
    from cicero_cli.services.attendance.changes import find_report, reported_attendance
    from cicero_cli.services.roster.clients import get_client

    with open_app() as cicero:
        chosen = get_client(cicero.store, client, may_have_ended=True)
        report = find_report(cicero.store, chosen, as_of, date)
        if report is not None:
            attendances = [reported_attendance(report, platform) for platform in scope.platforms]
        else:
            moment = find_moment(cicero.store, chosen, date, as_of, now=clock.now())
            attendances = [
                read_attendance(cicero.store, chosen, platform, moment)
                for platform in scope.platforms
            ]
    documents = {
        attendance.platform: attendance_document(attendance, per_unit=per_unit)
        for attendance in attendances
    }
    columns = dict(_UNIT_COLUMNS if per_unit else _COLUMNS)
    if not per_unit and any("units" in document for document in documents.values()):
        columns = {"client_id": "unit", **columns}
    both = scope is Scope.SEMUA
    finish(
        Outcome(
            rows=_unit_rows(documents) if per_unit else _user_rows(documents),
            columns={"platform": "platform", **columns} if both else columns,
            document=documents if both else documents[scope.platforms[0]],
            notes=[
                note
                for document in documents.values()
                for note in (_sum_up(document), *_late(document))
            ],
        )
    )


def _user_rows(documents: Mapping[Platform, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"platform": platform, **user, "progress": f"{user['done']}/{user['total']}"}
        for platform, document in documents.items()
        for user in document["users"]
    ]


def _unit_rows(documents: Mapping[Platform, dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "platform": platform,
            **unit,
            "percent": percent_english(unit["sudah"], unit["users"]) if unit["users"] else None,
        }
        for platform, document in documents.items()
        for unit in document["units"]
    ]


@command(app, "explain", example="cicero absensi explain 75020201 --date 2026-11-21")
def explain(
    user_id: FoundUserArgument,
    *,
    scope: ScopeOption = Scope.SEMUA,
    client: Annotated[
        str | None,
        typer.Option(
            "--client",
            metavar="CLIENT_ID",
            help="On this client's posts, such as a directorate's. Default: the user's own that day.",
        ),
    ] = None,
    date: DateOption = None,
    as_of: AsOfOption = None,
    send: Annotated[
        bool,
        typer.Option(
            "--send", help="Queue the answer to this user, in Indonesian, once for what it says."
        ),
    ] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --send: show the message, queue nothing.")
    ] = False,
) -> None:
    """Answer "I did like it": each post of the day, whether and when this user was seen on it, and the history."""
    if send and as_of is not None:
        raise InputError("--send tells what is known now: leave --as-of out; nothing was queued")
    if dry_run and not send:
        raise InputError("--dry-run goes with --send")
    from cicero_cli.bootstrap import open_app
    from cicero_cli.core import clock
    from cicero_cli.services.attendance.explanation import (
        explain_user,
        explanation_document,
    )
    from cicero_cli.services.attendance.explanation_history import (
        history_document,
        history_lines,
        read_history,
    )
    from cicero_cli.services.attendance.explanation_text import explanation_text
    from cicero_cli.services.roster.user_search import find_user

    with open_app() as cicero:
        now = clock.now()
        user = find_user(cicero.store, user_id, may_be_gone=True)
        explanation = explain_user(
            cicero.store,
            user.user_id,
            scope.platforms,
            day=date,
            as_of=as_of,
            now=now,
            client_id=client,
        )
        if send:
            from cicero_cli.services.messaging.complaint_answers import send_answer

            answer = send_answer(cicero.store, explanation, now=now, dry_run=dry_run)
            finish(_answered(explanation_document(explanation), answer, dry_run=dry_run))
            return
        history = read_history(cicero.store, explanation.user.user_id)
    zone = explanation.client.zone
    finish(
        Outcome(
            document={
                **explanation_document(explanation),
                "history": history_document(history, zone),
            },
            text=join_texts(
                [explanation_text(explanation), "", *history_lines(history, zone)], "\n"
            ),
        )
    )


def _late(document: dict[str, Any]) -> list[str]:
    if not document["late_posts"]:
        return []
    return [
        Text(
            "{where}: {count} post after {until} counts on the next day",
            plural="{where}: {count} posts after {until} count on the next day",
            count=len(document["late_posts"]),
            where=f"{document['client_id']} {document['platform']} {document['date']}",
            until=document["posts_until"],
        )
    ]


def _answered(document: dict[str, Any], answer: QueuedAnswer, *, dry_run: bool) -> Outcome:
    """The message itself where nothing was queued; else that it was, or had been before."""
    sent = {"recipient": answer.recipient, "parts": answer.parts, "queued": answer.queued}
    words = {"nama": document["nama"], "user_id": document["user_id"]}
    if dry_run:
        text: str = answer.text
    elif answer.queued:
        text = Text("the answer to {nama} ({user_id}) is queued", **words)
    else:
        text = Text("{nama} ({user_id}) has had this very answer; nothing was queued", **words)
    return Outcome(
        document={**document, "answer": {**sent, "text": answer.text}},
        text=text,
        notes=["nothing was queued"] if dry_run else [],
    )


def _sum_up(document: dict[str, Any]) -> str:
    summary = document["summary"]
    where = f"{document['client_id']} {document['platform']} {document['date']}"
    if not document["is_listed"]:
        return Text(
            "{where}: this day was never fetched, so nothing is known of it (cicero fetch {platform})",
            where=where,
            platform=document["platform"],
        )
    if not summary["posts"]:
        return Text("{where}: no posts that day, so nobody is absent", where=where)
    listed, total = document["coverage"]["listed"], document["coverage"]["total"]
    coverage = ""
    if listed < total:
        coverage = Text(
            "; {percent} of the likes or comments are listed",
            percent=percent_english(listed, total),
        )
    return Text(
        "{where}: {posts:,} posts, {users:,} users, {sudah:,} sudah (lengkap {lengkap:,}, kurang {kurang:,},"
        " belum {belum:,}, tanpa_username {tanpa_username:,}, dikecualikan {dikecualikan:,}){coverage}",
        where=where,
        **summary,
        coverage=coverage,
    )
