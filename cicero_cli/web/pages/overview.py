"""The first page: today's attendance of every client that the caller may see."""

from __future__ import annotations

from fastapi import Response

from cicero_cli.domain.accounts import Role
from cicero_cli.domain.platforms import Platform
from cicero_cli.services.summing_up import sum_up_today
from cicero_cli.web.access import Client
from cicero_cli.web.call import Call
from cicero_cli.web.pages.guarding import page_router
from cicero_cli.web.pages.periods import take_page
from cicero_cli.web.pages.rendering import render_page

router = page_router()

PAGE_SIZE = 60  # clients: what is summed up in the time of a quick lane


@router.read("/", role=Role.VIEWER, client=Client.OWN)
def overview(call: Call, cari: str = "", halaman: str = "1") -> Response:
    """Show today's figures of every client."""
    ids = call.client_ids
    everyone = [
        client
        for client in call.store.clients.list(active_only=True)
        if ids is None or client.client_id in ids
    ]
    words = " ".join(cari.split()).lower()
    found = [
        client
        for client in everyone
        if words in client.client_id.lower() or words in client.nama.lower()
    ]
    chosen, page, pages = take_page(found, halaman, size=PAGE_SIZE)
    sums = {
        platform: sum_up_today(call.store, chosen, platform, now=call.now) for platform in Platform
    }
    cards = [
        {
            "client": client,
            "platforms": [
                {"platform": platform, "today": sums[platform][client.client_id]}
                for platform in Platform
                if client.followed_username(platform)
            ],
            "day": sums[Platform.INSTA][client.client_id].day,
        }
        for client in chosen
    ]
    cards.sort(key=lambda card: not card["platforms"])
    return render_page(
        call,
        "overview.html.j2",
        cards=cards,
        cari=cari.strip(),
        page=page,
        pages=pages,
        has_any=bool(everyone),
        many=len(everyone) > 6,  # noqa: PLR2004 - cards that one sees at once
    )
