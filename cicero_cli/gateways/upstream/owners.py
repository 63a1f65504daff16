"""Whether a listing is of the account that was asked for: accounts are renamed, and upstreams answer with others' posts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cicero_cli.domain.collection.posts import Listing
from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import CiceroError, UpstreamError
from cicero_cli.words import Text


def check_owner(listing: Listing, *, platform: Platform, username: str, owner: str) -> Listing:
    """The listing with what somebody should know of whose it is; posts that are all another account's are left out.

    `owner`: the handle of the account that the upstream says it lists, empty when it does not say. Another one than
    `username` is that account under its new name.
    """
    if owner and owner != username:
        renamed = UpstreamError(
            "{platform} account {username} is called {owner} now",
            hint="cicero client set … --{option} {owner}",
            code="account_renamed",
            platform=platform.label,
            option=platform.value,
            username=username,
            owner=owner,
        )
        return replace(listing, problems=(*listing.problems, renamed))
    others = sorted({post.author for post in listing.posts if post.author})
    is_ours = any(
        username in {post.author, *post.collaborators} or not post.author for post in listing.posts
    )
    if is_ours or not others:
        return listing
    foreign = UpstreamError(
        "the listing of {platform} account {username} shows posts of {others}, so none was taken",
        hint="look at the account; when it has another name now: cicero client set … --{option}",
        code="other_account",
        platform=platform.label,
        option=platform.value,
        username=username,
        others=", ".join(others[:3]),
    )
    return replace(listing, posts=(), is_complete=False, problems=(*listing.problems, foreign))


def unreadable_people(items: Sequence[object]) -> tuple[CiceroError, ...]:
    """What a run says of likes or comments that could not be read; nothing when there are none."""
    if not items:
        return ()
    return (
        UpstreamError(
            Text(
                "{count} entry of the list of people cannot be read",
                plural="{count} entries of the list of people cannot be read",
                count=len(items),
            ),
            code="people_unreadable",
        ),
    )
