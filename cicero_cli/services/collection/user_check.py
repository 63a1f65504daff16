"""`user check`: what of people's data is missing, doubtful or shared, by division."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cicero_cli.domain.periods import local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.ranks import division_key, report_order
from cicero_cli.domain.roster.user_problems import (
    Finding,
    Handle,
    Known,
    Problem,
    find_problems,
)
from cicero_cli.domain.roster.users import User
from cicero_cli.repositories.collection.handle_checks import HandleCheckRepository
from cicero_cli.repositories.database.store import Store


@dataclass(frozen=True)
class DivisionCheck:
    """How many people of a division there are, and how many have each problem."""

    divisi: str | None
    people: int
    to_mend: int
    counts: Mapping[Problem, int]


@dataclass(frozen=True)
class UserCheck:
    """One client's people, in report order: those with something to mend, the counts, and the handles that were never seen."""

    client: Client
    people: int
    found: Sequence[tuple[User, Sequence[Finding]]]
    divisions: Sequence[DivisionCheck]
    counts: Mapping[Problem, int]
    unseen: Collection[Handle]


def check_users(store: Store, client: Client, *, now: datetime) -> UserCheck:
    """What is to be mended with the client's active people.

    A handle is asked for on the platforms that the client follows, or a client above on whose posts its people are expected; it
    was never seen when no reading of those clients' posts has shown it.
    """
    checks = HandleCheckRepository(store.connection)
    users = sorted(
        store.users.list([client.client_id], active=True),
        key=lambda user: report_order(user.divisi, user.title, user.nama, user.user_id),
    )
    asking = store.audiences.clients_above([client.client_id], local_day(now, client.zone))
    clients = {one.client_id: one for one in store.clients.list()}
    above = [clients[one] for one in {*asking, client.client_id} if one in clients]
    handles = checks.of_clients([client.client_id])
    every = {
        handle for user in users if not user.exception for handle in handles.get(user.user_id, ())
    }
    unseen = checks.unseen(every, [one.client_id for one in above])
    known = Known(
        platforms=[
            platform
            for platform in Platform
            if any(one.followed_username(platform) for one in above)
        ],
        sharers=checks.sharers(client.client_id),
        accounts={
            (platform, account): one.client_id
            for one in clients.values()
            for platform in Platform
            if (account := one.known_username(platform))
        },
        unseen=unseen,
        checks=checks.find(unseen),
    )
    problems = find_problems(users, handles, known)
    found = [(user, problems[user.user_id]) for user in users if user.user_id in problems]
    return UserCheck(
        client=client,
        people=len(users),
        found=found,
        divisions=_by_division(users, problems),
        counts=_count(findings for _, findings in found),
        unseen=unseen,
    )


def _by_division(
    users: Sequence[User], problems: Mapping[str, Sequence[Finding]]
) -> list[DivisionCheck]:
    """In report order; every spelling of one division together."""
    groups: dict[str, list[User]] = {}
    for user in users:
        groups.setdefault(division_key(user.divisi), []).append(user)
    return [
        DivisionCheck(
            group[0].divisi,
            len(group),
            sum(user.user_id in problems for user in group),
            _count(problems.get(user.user_id, ()) for user in group),
        )
        for group in groups.values()
    ]


def _count(people: Iterable[Sequence[Finding]]) -> Counter[Problem]:
    """How many people have each problem."""
    return Counter(problem for findings in people for problem in {one.problem for one in findings})


def check_document(check: UserCheck) -> dict[str, Any]:
    """The JSON of `user check` for one client."""
    return {
        "client_id": check.client.client_id,
        "nama": check.client.nama,
        "people": check.people,
        "to_mend": len(check.found),
        "counts": _counts(check.counts),
        "divisions": [
            {
                "divisi": one.divisi,
                "people": one.people,
                "to_mend": one.to_mend,
                "counts": _counts(one.counts),
            }
            for one in check.divisions
        ],
        "users": [
            {
                "user_id": user.user_id,
                "nama": user.nama,
                "title": user.title,
                "divisi": user.divisi,
                "problems": [
                    {
                        "problem": one.problem.value,
                        "platform": one.platform and one.platform.value,
                        "value": one.value,
                        "text": one.text,
                    }
                    for one in findings
                ],
            }
            for user, findings in check.found
        ],
    }


def _counts(counts: Mapping[Problem, int]) -> dict[str, int]:
    return {problem.value: counts.get(problem, 0) for problem in Problem}
