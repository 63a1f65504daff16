"""Which Google Sheet a client keeps its people in."""

from __future__ import annotations

from typing import Any

from cicero_cli.domain.access.actors import Actor
from cicero_cli.domain.roster.sheet_links import find_sheet_link
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import get_client


def follow_sheet(
    store: Store, client_id: str, link: str | None, tab: str | None, *, by: Actor
) -> None:
    """Read the client's people from this sheet every night; an empty link forgets it, a tab alone changes the tab.

    InputError for what is no link to a Google Sheet.
    """
    with store.transaction():
        client = get_client(store, client_id)
        known = store.followed_sheets.get(client.client_id)
        typed = known.link if link is None and known is not None else (link or "").strip()
        if link is None and known is None:
            raise InputError("--tab goes with --sheet")
        if not typed and tab is not None:
            raise InputError("--tab goes with the link of a sheet, not with --sheet ''")
        if not typed:
            store.followed_sheets.forget(client.client_id)
        elif find_sheet_link(typed) is None:
            raise InputError(
                "--sheet {link!r}: expected a link to a Google Sheet; nothing was changed",
                hint="copy the address that the browser shows, and put it between quotes",
                field="sheet",
                link=typed,
            )
        else:
            kept = known.tab if known is not None and link is None else None
            wanted = kept if tab is None else tab.strip() or None
            store.followed_sheets.save(client.client_id, typed, wanted, since=by.at)
        store.audit.add(
            "client.changed",
            by,
            subject=client.client_id,
            client_id=client.client_id,
            details={"fields": ["sheet"]},
        )


def describe_sheet(store: Store, client_id: str) -> dict[str, Any]:
    """The client's sheet and tab as fields of a record, None without."""
    known = store.followed_sheets.get(client_id)
    return {"sheet": known and known.link, "sheet_tab": known and known.tab}
