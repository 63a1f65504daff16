"""Any account on Instagram or TikTok, as the upstream shows it now: profiles and newest posts.

What is known and fresh serves (profiles for an hour, posts for a quarter of one); else the upstream is asked, within its
quota and the account's budget. When it cannot be asked, what was known before serves: `stale` and `fetched_at` say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

from fastapi import Query, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from cicero_cli.domain.access.accounts import Role
from cicero_cli.domain.collection.profiles import AnyProfile, KnownProfile
from cicero_cli.domain.periods import HOME_ZONE, local_day, span_bounds
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client as ClientRow
from cicero_cli.domain.spans import Span, SpanWords, month_span, read_span
from cicero_cli.errors import InputError, SettingError
from cicero_cli.services.collection.any_account import (
    MOST_POSTS,
    Asking,
    BudgetError,
    PostsWanted,
    Surveyed,
    survey_posts,
    survey_profile,
)
from cicero_cli.services.roster.clients import get_client
from cicero_cli.web.api.account_documents import (
    InstagramInfo,
    Profile,
    RapidPost,
    TiktokInfo,
    info_document,
    post_document,
    profile_document,
)
from cicero_cli.web.http.answers import Envelope, Refusal, Schema, answer
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.kept_profiles import find_kept, keep
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.routing import GuardedRouter
from cicero_cli.web.http.usernames import read_username
from cicero_cli.words import reason_of

T = TypeVar("T")

router = GuardedRouter(prefix="/api", tag="rapid")

_USUAL_POSTS = 12


class AccountQuery(Schema):
    """Which account; blank parameters say nothing."""

    username: str | None = Field(
        default=None, max_length=300, description="a handle or a profile's address, of any account"
    )
    client_id: str | None = Field(
        default=None,
        description="instead: this client's account; without both the token's client's",
    )


class PostsQuery(AccountQuery):
    """Which posts: the newest, or the newest of some days."""

    limit: int = Field(
        default=_USUAL_POSTS, ge=1, le=100_000, description=f"more than {MOST_POSTS} count as that"
    )
    start_date: str | None = Field(default=None, description="first day, YYYY-MM-DD")
    end_date: str | None = Field(default=None, description="last day; one alone is that one day")


class MonthQuery(AccountQuery):
    """Which month; the present one unless it is said."""

    limit: int = Field(default=MOST_POSTS, ge=1, le=100_000)
    month: int | None = Field(default=None, ge=1, le=12)
    year: int | None = Field(default=None, ge=2010, le=2099)


class Looked(Envelope[T], Generic[T]):
    """An answer, when the upstream gave it, and whether it should be newer."""

    fetched_at: datetime
    stale: bool = Field(description="true: the upstream could not be asked, an older answer serves")


_VIEW: dict[str, Any] = {
    "role": Role.VIEWER,
    "client": Client.OWN,
    "responses": {
        429: {
            "model": Refusal,
            "description": "This account's budget (CICERO_RAPID_BUDGET) is used up",
        },
        502: {"model": Refusal, "description": "The upstream did not answer, and nothing is known"},
    },
}


@router.read("/insta/rapid-profile", schema=Looked[Profile], **_VIEW)
def insta_profile(call: Call, query: Annotated[AccountQuery, Query()]) -> Response:
    """Show an Instagram account."""
    return _answer_profile(call, query, Platform.INSTA, profile_document)


@router.read("/tiktok/rapid-profile", schema=Looked[Profile], **_VIEW)
def tiktok_profile(call: Call, query: Annotated[AccountQuery, Query()]) -> Response:
    """Show a TikTok account."""
    return _answer_profile(call, query, Platform.TIKTOK, profile_document)


@router.read("/insta/rapid-info", schema=Looked[InstagramInfo], **_VIEW)
def insta_info(call: Call, query: Annotated[AccountQuery, Query()]) -> Response:
    """Show all that is worth knowing of an Instagram account."""
    return _answer_profile(call, query, Platform.INSTA, info_document)


@router.read("/tiktok/rapid-info", schema=Looked[TiktokInfo], **_VIEW)
def tiktok_info(call: Call, query: Annotated[AccountQuery, Query()]) -> Response:
    """Show all that is worth knowing of a TikTok account."""
    return _answer_profile(call, query, Platform.TIKTOK, info_document)


@router.read("/insta/rapid-posts", schema=Looked[list[RapidPost]], **_VIEW)
def insta_posts(call: Call, query: Annotated[PostsQuery, Query()]) -> Response:
    """List an Instagram account's newest posts, or those of some days."""
    return _answer_newest_posts(call, query, Platform.INSTA)


@router.read("/tiktok/rapid-posts", schema=Looked[list[RapidPost]], **_VIEW)
def tiktok_posts(call: Call, query: Annotated[PostsQuery, Query()]) -> Response:
    """List a TikTok account's newest posts, or those of some days."""
    return _answer_newest_posts(call, query, Platform.TIKTOK)


@router.read("/insta/rapid-posts-month", schema=Looked[list[RapidPost]], **_VIEW)
def insta_posts_of_month(call: Call, query: Annotated[MonthQuery, Query()]) -> Response:
    """List an Instagram account's posts of a month, as far as the newest ones reach back."""
    account = _read_account(call, query, Platform.INSTA)
    today = local_day(call.now, account.zone)
    month = today.replace(day=1, year=query.year or today.year, month=query.month or today.month)
    return _answer_posts(call, account, query.limit, month_span(month))


@dataclass(frozen=True)
class _Account:
    """The account that is asked about, and the client whose it is, if the call names that client."""

    platform: Platform
    username: str
    client: ClientRow | None

    @property
    def zone(self) -> ZoneInfo:
        return self.client.zone if self.client else HOME_ZONE


def _read_account(call: Call, query: AccountQuery, platform: Platform) -> _Account:
    client_id = call.client_id or call.caller.client_id
    client = None
    if client_id is not None and call.caller.may_see(client_id):
        client = call.store.clients.get(client_id)
    username = read_username(query.username)
    own = None if client is None else client.known_username(platform)
    if username is not None:
        return _Account(platform, username, client if username == own else None)
    if client is None:
        if client_id is not None:
            get_client(call.store, client_id)
        raise InputError("sebut username atau client_id")
    if own is None:
        raise HTTPException(404, f"{client.client_id} belum punya akun {platform.label}.")
    return _Account(platform, own, client)


def _answer_profile(
    call: Call,
    query: AccountQuery,
    platform: Platform,
    document: Callable[[Call, AnyProfile], dict[str, Any]],
) -> Response:
    account = _read_account(call, query, platform)
    known = find_kept(call.cache, platform, account.username)
    if known is not None:
        found = Surveyed(known.profile, known.fetched_at)
        return _looked(call, found, document(call, known.profile))
    with _asking(call, account) as asking:
        surveyed = survey_profile(asking, platform, account.username, zone=account.zone)
    if not surveyed.is_stale:
        known = KnownProfile(surveyed.found, surveyed.fetched_at)
        keep(call.cache, platform, account.username, known, now=call.now)
    return _looked(call, surveyed, document(call, surveyed.found))


def _answer_newest_posts(call: Call, query: PostsQuery, platform: Platform) -> Response:
    account = _read_account(call, query, platform)
    words = SpanWords(mulai=query.start_date, selesai=query.end_date)
    try:
        span = read_span(words)(local_day(call.now, account.zone))
    except ValueError as error:
        raise InputError(reason_of(error)) from error
    return _answer_posts(call, account, query.limit, None if words.is_silent else span)


def _answer_posts(call: Call, account: _Account, limit: int, span: Span | None) -> Response:
    start, end = None, None
    if span is not None:
        start, end = span_bounds(span.first_day, span.last_day, account.zone)
    wanted = PostsWanted(limit=min(limit, MOST_POSTS), start=start, end=end)
    with _asking(call, account) as asking:
        surveyed = survey_posts(
            asking, account.platform, account.username, wanted, client=account.client
        )
    posts = [
        post_document(call, account.platform, post, username=account.username, zone=account.zone)
        for post in surveyed.found
    ]
    return _looked(call, surveyed, posts)


@contextmanager
def _asking(call: Call, account: _Account) -> Iterator[Asking]:
    """Questions at the caller's behest; only when one is to be asked does the call go on where waiting is allowed."""
    upstreams, caller = call.parts.upstreams, call.caller.username
    hour = call.now.replace(minute=0, second=0, microsecond=0)

    def open_source() -> Any:
        call.move_to(Lane.UPSTREAM)
        return upstreams.source(account.platform)

    def spend(requests: int) -> bool:
        spent = call.store.usage.spend(caller, requests, hour=hour)
        return spent <= call.settings.rapid_budget

    is_asked_here = call.lane is Lane.UPSTREAM
    turn = upstreams.turn(account.platform, account.username) if is_asked_here else nullcontext()
    try:
        with turn:
            yield Asking(store=call.store, open_source=open_source, spend=spend, now=call.now)
    except BudgetError as error:
        raise HTTPException(
            429,
            "Akun ini sudah terlalu sering meminta data baru; coba lagi nanti.",
            headers={"Retry-After": str(3600 - int((call.now - hour).total_seconds()))},
        ) from error
    except SettingError as error:
        words = (
            "RAPIDAPI_KEY belum dipasang di server dan belum ada data tersimpan."
            if call.settings.rapidapi_key is None
            else "Sumber data menolak kunci atau paket server; hubungi admin."
        )
        raise HTTPException(503, words) from error


def _looked(call: Call, surveyed: Surveyed[Any], document: Any) -> Response:
    fetched_at = surveyed.fetched_at.astimezone(call.zone)
    return answer(document, fetched_at=fetched_at, stale=surveyed.is_stale)
