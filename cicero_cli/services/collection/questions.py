"""The questions of a fetch, each for all clients that its answer is about, and which of them a budget covers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cicero_cli.domain.collection.budgets import Allowance, Offer, choose_offers
from cicero_cli.domain.collection.comments import KnownComments
from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.collection.readings import Reading
from cicero_cli.domain.collection.runs import Failure
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.plan import Target
from cicero_cli.words import Text


@dataclass(eq=False)
class Task:
    """One question: the listing of an account, or who engaged with one post; its answer is for all who share it."""

    askers: list[
        tuple[Target, Post | None]
    ]  # the first one asks and pays; without a post: the listing
    is_newer: bool = False  # only who came since the last reading
    offer: Offer | None = None
    known: KnownComments | None = None
    known_posts: int | None = None

    @property
    def is_listing(self) -> bool:
        return self.askers[0][1] is None


def choose_affordable(
    store: Store,
    platform: Platform,
    targets: Sequence[Target],
    held: Sequence[Task],
    allowance: Allowance,
) -> list[Task]:
    """Of the readings that were `held`, those that bring most for what the listings have left; of the others reports say that
    not everybody is known.
    """
    rest = allowance.without(
        sum(target.meter.requests for target in targets),
        sum(target.meter.bytes for target in targets),
    )
    offered = {task.offer.post.post_id: task for task in held if task.offer is not None}
    chosen = choose_offers((task.offer for task in held if task.offer is not None), rest)
    affordable = [offered.pop(post_id) for post_id in chosen]
    left_out: list[int] = []
    for task in offered.values():
        for target, post in task.askers:
            target.waiting -= 1
            target.readings[Reading.UNAFFORDABLE] += 1
            left_out += [] if post is None else [post.post_id]
    store.posts(platform).raise_totals(left_out)
    for target in targets:
        count = target.readings[Reading.UNAFFORDABLE]
        if count:
            spent = Text(
                "{count} post was not read, as the budget of this fetch is spent",
                plural="{count} posts were not read, as the budget of this fetch is spent",
                count=count,
            )
            target.failures.append(Failure("budget_spent", spent))
    return affordable
