"""The first page: today's attendance of every client that the caller may see."""

from __future__ import annotations

from fastapi import Response

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.collection.runs import last_asked
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client as ClientRow
from cicero_cli.repositories.operations.status import LastRun
from cicero_cli.services.attendance.sums import DaySummary, sum_up_today
from cicero_cli.services.operations.status import read_status
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.pages.html import render_page
from cicero_cli.web.pages.overview_problems import list_troubles
from cicero_cli.web.pages.page_guard import page_router
from cicero_cli.web.pages.periods import take_page

router = page_router()

PAGE_SIZE = 60  # clients: what is summed up in the time of a quick lane


@router.read("/", role=Role.VIEWER, client=Client.OWN)
def overview(call: Call, cari: str = "", halaman: str = "1") -> Response:
    """Show today's figures of every client."""
    ids = call.client_ids
    is_admin = call.caller.role is Role.ADMIN
    known = [
        client for client in call.store.clients.list() if ids is None or client.client_id in ids
    ]
    everyone = [client for client in known if client.client_status]
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
    status = read_status(call.store, now=call.now, fetch_at=call.settings.fetch_at, client_ids=ids)
    runs = {(state.run.client_id, state.run.platform): state.run for state in status.runs}
    cards = [
        {
            "client": client,
            "platforms": [
                _platform(
                    client,
                    platform,
                    sums[platform][client.client_id],
                    runs.get((client.client_id, platform)),
                )
                for platform in Platform
                if client.followed_username(platform)
            ],
            "day": sums[Platform.INSTA][client.client_id].day,
            "users": sums[Platform.INSTA][client.client_id].summary.users,
        }
        for client in chosen
    ]
    cards.sort(key=lambda card: not card["platforms"])
    return render_page(
        call,
        "overview.html.j2",
        cards=cards,
        troubles=list_troubles(
            status, {client.client_id: client for client in everyone}, is_admin=is_admin
        ),
        inactive=[client for client in known if not client.client_status] if is_admin else [],
        cari=cari.strip(),
        page=page,
        pages=pages,
        has_any=bool(everyone),
        many=len(everyone) > 6,  # noqa: PLR2004 - cards that one sees at once
    )


def _platform(
    client: ClientRow, platform: Platform, today: DaySummary, run: LastRun | None
) -> dict[str, object]:
    good_at = run.good_at if run else None
    return {
        "platform": platform,
        "today": today,
        "run": run,
        "asked_at": last_asked(today.day, client.zone, read_at=today.read_at, good_at=good_at),
    }
