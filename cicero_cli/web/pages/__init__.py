"""The page at `/`, for admins who have no dashboard: HTML from templates, forms, and one style sheet; no script.

A module per page. A function takes the words of the address or the form, makes one call to a service, and renders a
template of `cicero_cli/web/templates`. Addresses and texts are Indonesian. Everything about one client lies under
`/klien/{client_id}`, so that the guard sees whose data it is.
"""

from __future__ import annotations

from cicero_cli.web.pages import (
    accounts,
    attendance,
    clients,
    files,
    messages,
    outbox,
    overview,
    people,
    posts,
    sheets,
    signing,
    state,
    users,
)
from cicero_cli.web.routing import GuardedRouter

ROUTERS: tuple[GuardedRouter, ...] = (
    signing.router,
    overview.router,
    attendance.router,
    people.router,
    posts.router,
    outbox.router,
    messages.router,
    state.router,
    clients.router,
    users.router,
    sheets.router,
    accounts.router,
    files.router,
)
"""Every page's routes, for app.ROUTERS."""
