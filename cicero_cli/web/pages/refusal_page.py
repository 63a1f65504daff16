"""Refusals as pages: what went wrong, and a way on. Who is logged in keeps the head of every page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Match

from cicero_cli.web.http.call import parts_of
from cicero_cli.web.http.permissions import SAFE_METHODS
from cicero_cli.web.http.tokens import BadTokenError, read_claims
from cicero_cli.web.pages.cookies import session_token
from cicero_cli.web.pages.html import header, respond
from cicero_cli.web.pages.labels import STALE_FORM


def refusal_page(request: Request, status: int, message: str) -> Response:
    """What went wrong, as a page; who has to log in first is sent there and comes back."""
    if status == 401 and request.method in SAFE_METHODS:  # noqa: PLR2004 - no token, or one that has ended
        return RedirectResponse(_log_in(_asked(request)), 303)
    title, own = _REFUSALS.get(status, ("Ada yang tidak beres", ""))
    words = own or message
    if message == STALE_FORM:
        title, words = "Formulir kedaluwarsa", STALE_FORM
    where, label = _way_on(request, status)
    return respond(
        "refusal.html.j2",
        status,
        {"Retry-After": "5"} if status == 503 else None,  # noqa: PLR2004 - busy
        **_head(request, status),
        path="",
        is_wrong=False,
        title=title,
        words=words,
        code=status,
        where=where,
        label=label,
    )


def wants_page(request: Request) -> bool:
    """Whether an address that is no route's was opened by a person rather than called by a program."""
    is_api = request.url.path.startswith(("/api", "/webhooks"))
    return not is_api and "text/html" in request.headers.get("accept", "")


_REFUSALS = {
    401: ("Sesi berakhir", "Sesi Anda sudah berakhir, jadi belum ada yang disimpan. Masuk lagi, lalu ulangi langkah terakhir."),
    404: ("Halaman tidak ada", "Alamat ini tidak menunjuk ke apa pun. Mungkin salah ketik, atau datanya sudah dipindahkan."),
    405: ("Halaman tidak ada", "Alamat ini tidak dapat dibuka langsung."),
    413: ("Terlalu besar", "Berkas atau isian terlalu besar untuk dikirim. Berkas lembar kerja paling besar 1 MB."),
    429: ("Terlalu cepat", ""),
    403: ("Tidak berhak", "Akun Anda tidak berhak membuka halaman atau melakukan langkah ini. Hubungi admin bila perlu."),
    500: ("Kesalahan server", "Ada kesalahan di server dan sudah dicatat. Coba lagi; bila berulang, hubungi admin."),
    503: ("Server sibuk", "Server sedang sibuk. Coba lagi sebentar lagi."),
}  # fmt: skip
_MEND_BY_TYPING = frozenset({400, 413, 429, 503})


def _head(request: Request, status: int) -> dict[str, Any]:
    """Who asks, as the token says: no database is asked, for it may be what is broken."""
    token = None if status == 401 else session_token(request)  # noqa: PLR2004 - the token is what was refused
    if token is None:
        return {"who": None}
    parts = parts_of(request)
    key = parts.settings.require_jwt_secret()
    try:
        claims = read_claims(token, key, now=parts.clock())
    except BadTokenError:
        return {"who": None}
    return header(claims.username, claims.role, jti=claims.jti, key=key)


def _way_on(request: Request, status: int) -> tuple[str, str]:
    """An address, and what its button says."""
    is_form = request.method not in SAFE_METHODS and _is_shown(request)
    if status == 401:  # noqa: PLR2004 - the token has ended
        return _log_in(_asked(request) if is_form else "/"), "Masuk"
    if status in _MEND_BY_TYPING and is_form:
        return _asked(request), "Kembali ke formulir"
    dated = {"hari", "bulan"} & request.query_params.keys()
    if status == 400 and dated:  # noqa: PLR2004 - the day is what was wrong
        url = request.url.remove_query_params(sorted(dated))
        return url.path + (f"?{url.query}" if url.query else ""), "Buka yang terbaru"
    return "/", "Ke halaman ringkasan"


def _is_shown(request: Request) -> bool:
    """Whether the address that a form was sent to shows that form, too."""
    scope = {**request.scope, "method": "GET"}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.routes)


def _asked(request: Request) -> str:
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _log_in(then: str) -> str:
    return "/masuk" if then == "/" else f"/masuk?lanjut={quote(then, safe='')}"
