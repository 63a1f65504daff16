"""The page at `/`, for admins who have no dashboard: HTML from templates, forms, and one style sheet; no script.

A module per page. A function takes the words of the address or the form, makes one call to a service, and renders a
template of `cicero_cli/web/templates`. Addresses and texts are Indonesian. Everything about one client lies under
`/klien/{client_id}`, so that the guard sees whose data it is.
"""

from __future__ import annotations

from cicero_cli.web.http.routing import GuardedRouter
from cicero_cli.web.pages import (
    accounts,
    attendance,
    client_form,
    complaints,
    log_in,
    messages,
    outbox,
    overview,
    posts,
    proposals,
    self_check,
    senders,
    static_files,
    status,
    user_form,
    user_import,
    user_list,
    whatsapp,
    whatsapp_groups,
)

ROUTERS: tuple[GuardedRouter, ...] = (
    log_in.router,
    overview.router,
    attendance.router,
    user_list.router,
    posts.router,
    proposals.router,
    self_check.router,
    complaints.router,
    outbox.router,
    messages.router,
    status.router,
    client_form.router,
    user_form.router,
    user_import.router,
    accounts.router,
    senders.router,
    whatsapp.router,
    whatsapp_groups.router,
    static_files.router,
)
"""Every page's routes, for app.ROUTERS."""
