"""The posts of one client's day, with links and how much of their people is known."""

from __future__ import annotations

from collections import Counter

from fastapi import Response

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.collection.posts import Post, post_url
from cicero_cli.domain.platforms import Platform
from cicero_cli.services.attendance.absensi import Moment, list_posts, was_listed
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.pages.html import render_page
from cicero_cli.web.pages.page_guard import page_router
from cicero_cli.web.pages.periods import chosen_day

router = page_router()


@router.read("/klien/{client_id}/konten", role=Role.VIEWER, client=Client.NAMED)
def posts(call: Call, hari: str = "") -> Response:
    """List the posts of a day."""
    client = get_client(call.store, call.one_client)
    period = chosen_day(client, hari, now=call.now)
    moment = Moment(period.day, None)
    sections = []
    for platform in Platform:
        account = client.known_username(platform)
        found = list_posts(call.store, client, platform, moment)
        done = _count_done(call, client.client_id, platform, moment, found)
        sections.append(
            {
                "platform": platform,
                "account": client.followed_username(platform),
                "is_listed": bool(found) or was_listed(call.store, client, platform, moment),
                "posts": [
                    {
                        "post": post,
                        "url": post_url(platform, post.post_key, account),
                        "total": post.shown_count if post.fetched_at is None else post.total,
                        "done": done[post.post_id],
                    }
                    for post in found
                ],
            }
        )
    return render_page(
        call,
        "posts.html.j2",
        client=client,
        sections=sections,
        period=period,
    )


def _count_done(
    call: Call, client_id: str, platform: Platform, moment: Moment, posts: list[Post]
) -> Counter[int]:
    """How many of the client's users did each post."""
    doers = call.store.engagement(platform).list_doers(
        client_id, moment.day, [post.post_id for post in posts], None
    )
    return Counter({post_id: len(user_ids) for post_id, user_ids in doers.items()})
