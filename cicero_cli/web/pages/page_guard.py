"""What keeps the pages: the session's cookie, a CSRF token on every form, and refusals that are pages too.

The cookie holds the same token as the API's. Every form repeats a signature of its session's
name; the log-in form, which has no session yet, that of a random cookie. A browser that says where a form comes from
(Sec-Fetch-Site) is believed as well.
"""

from __future__ import annotations

import hmac

from starlette.exceptions import HTTPException

from cicero_cli.web.http.call import parts_of
from cicero_cli.web.http.checked_request import CheckedRequest, off_loop_if_large
from cicero_cli.web.http.permissions import Pages, UnsignedFormError
from cicero_cli.web.http.routing import GuardedRouter
from cicero_cli.web.pages.cookies import session_token, visitor_of
from cicero_cli.web.pages.csrf import csrf_token, session_name, visitor_name
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.labels import STALE_FORM
from cicero_cli.web.pages.refusal_page import refusal_page


async def _check_write(request: CheckedRequest, jti: str) -> None:
    """403 for a form that is not this session's own."""
    if request.headers.get("sec-fetch-site", "same-origin") not in {"same-origin", "none"}:
        raise HTTPException(403, STALE_FORM)
    visitor = visitor_of(request)
    if not jti and not visitor:
        raise UnsignedFormError(403, STALE_FORM)
    name = session_name(jti) if jti else visitor_name(visitor or "")
    expected = csrf_token(parts_of(request).settings.require_jwt_secret(), name)
    form = await off_loop_if_large(request.whole, lambda: read_form(request))
    given = form.get("csrf")
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise UnsignedFormError(403, STALE_FORM)


PAGES = Pages(read_token=session_token, check_write=_check_write, refuse=refusal_page)


def page_router() -> GuardedRouter:
    """A router whose routes are pages."""
    return GuardedRouter(tag="page", pages=PAGES)
