"""How a fetch is shown: what it brought, what it would ask, the profiles that it read."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from cicero_cli.console.outcome import Outcome
from cicero_cli.domain.attendance.percentages import percent_english
from cicero_cli.errors import ExitCode
from cicero_cli.words import Text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cicero_cli.domain.platforms import Platform
    from cicero_cli.domain.roster.clients import Client
    from cicero_cli.repositories.database.store import Store
    from cicero_cli.services.collection.plan import Plan
    from cicero_cli.services.collection.posts import Collected
    from cicero_cli.services.collection.profiles import ProfilesRead

_COLUMNS = {
    "client_id": "client",
    "status": "status",
    "posts": "posts",
    "new": "new",
    "coverage": "coverage",
    "requests": "requests",
    "megabytes": "MB",
    "seconds": "seconds",
}
_PLAN_COLUMNS = {
    "client_id": "client",
    "username": "account",
    "first_day": "from",
    "last_day": "to",
    "known_posts": "posts",
    "worth_fetching": "changed",
    "requests": "requests",
}
_PROFILE_COLUMNS = {
    "client_id": "client",
    "platform": "platform",
    "username": "account",
    "followers": "followers",
    "following": "following",
    "posts": "posts",
    "requests": "requests",
}


def planned_outcome(plans: list[Plan]) -> Outcome:
    rows = [{**asdict(plan), "requests": 1 + plan.worth_fetching} for plan in plans]
    notes = [
        "nothing was asked; each post that is not known yet adds one request, each further page one"
    ]
    known = sum(plan.known_posts for plan in plans)
    if known:
        notes.append(
            Text(
                "{asked} of {posts} known posts would be read: {finished} finished, {unmoved} unmoved, {later} later today",
                asked=sum(plan.worth_fetching for plan in plans),
                posts=known,
                finished=sum(plan.finished for plan in plans),
                unmoved=sum(plan.unmoved for plan in plans),
                later=sum(plan.later for plan in plans),
            )
        )
    return Outcome(rows=rows, columns=_PLAN_COLUMNS, document={"plan": rows}, notes=notes)


def collected_outcome(
    parts: Sequence[Collected], failures: dict[str, str], notes: Sequence[str]
) -> Outcome:
    """What was fetched on each platform; with two of them a failure names its own."""
    runs = [run for part in parts for run in part.runs]
    shown = [
        {**row, "coverage": _coverage(row), "megabytes": round(row["bytes"] / 1e6, 1)}
        for row in (asdict(run) for run in runs)
    ]
    has_both = len(parts) > 1
    for run in runs:
        if run.error is not None:
            failures[f"{run.client_id} {run.platform}" if has_both else run.client_id] = run.error
    stopped = next((part.stopped_by for part in parts if part.stopped_by is not None), None)
    if stopped is not None:
        code = stopped.exit_code
        failures["stopped"] = stopped.line
    elif failures and all(run.status == "failed" for run in runs):
        code = ExitCode.FAILED
    else:
        code = ExitCode.PARTIAL if failures else ExitCode.OK
    return Outcome(
        rows=shown,
        columns=_COLUMNS
        if not has_both
        else {"client_id": "client", "platform": "platform"} | _COLUMNS,
        document={"runs": [asdict(run) for run in runs]},
        notes=notes,
        failures=failures,
        exit_code=code,
    )


def profiles_read_outcome(read: list[ProfilesRead]) -> Outcome:
    rows = [asdict(each) for part in read for each in part.profiles]
    failures = {
        f"{row['platform']} {row['username']}": row["error"] for row in rows if row["error"]
    }
    stopped = next((part.stopped_by for part in read if part.stopped_by is not None), None)
    if stopped is not None:
        code = stopped.exit_code
        failures["stopped"] = stopped.line
    elif failures and len(failures) == len(rows):
        code = ExitCode.FAILED
    else:
        code = ExitCode.PARTIAL if failures else ExitCode.OK
    return Outcome(
        rows=rows,
        columns=_PROFILE_COLUMNS,
        document={"profiles": rows},
        failures=failures,
        exit_code=code,
    )


def _coverage(run: dict[str, object]) -> str:
    listed, total = run["listed"], run["total"]
    if not isinstance(listed, int) or not isinstance(total, int) or total == 0:
        return ""
    return percent_english(listed, total)


def without_account(clients: list[Client], platforms: Sequence[Platform]) -> dict[str, str]:
    """Clients that were named although there is nothing to fetch of them."""
    return {
        client.client_id: Text(
            "no {platform} account is followed (cicero client set {client_id})",
            platform=platforms[0].label,
            client_id=client.client_id,
        )
        for client in clients
        if not any(client.followed_username(platform) for platform in platforms)
    }


def prove_by(store: Store, parts: Sequence[Collected], *, now: datetime) -> list[str]:
    """Complaints that what was read shows to be right are marked, and who complained is told; a remark when there are any."""
    from cicero_cli.services.messaging.complaint_answers import prove_complaints

    client_ids = sorted({run.client_id for part in parts for run in part.runs})
    proved = prove_complaints(store, client_ids, now=now)
    if not proved:
        return []
    return [
        Text(
            "{count:,} complaint is proved right: {numbers}",
            plural="{count:,} complaints are proved right: {numbers}",
            count=len(proved),
            numbers=", ".join(str(complaint.complaint_id) for complaint in proved),
        )
    ]
