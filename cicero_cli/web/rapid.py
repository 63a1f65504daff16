"""Any account on Instagram or TikTok, as the upstream shows it now: profiles and newest posts.

What is known and fresh serves (profiles for an hour, posts for a quarter of one); else the upstream is asked, within its
quota and the account's budget. When it cannot be asked, what was known before serves: `stale` and `fetched_at` say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from fastapi import Query, Response
from pydantic import Field
from starlette.exceptions import HTTPException

from cicero_cli.domain.accounts import Role
from cicero_cli.domain.clients import Client as ClientRow
from cicero_cli.domain.handles import normalise_handle
from cicero_cli.domain.periods import day_bounds, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.posts import UpstreamPost, post_url
from cicero_cli.domain.profiles import AnyProfile, InstagramProfile, TiktokProfile
from cicero_cli.domain.spans import SpanWords, month_span, read_span
from cicero_cli.errors import InputError, SettingError
from cicero_cli.services.registering import get_client
from cicero_cli.services.surveying import (
    MOST_POSTS,
    PROFILE_IS_FRESH,
    Asking,
    BudgetError,
    PostsWanted,
    Surveyed,
    survey_posts,
    survey_profile,
)
from cicero_cli.web.access import Client
from cicero_cli.web.answers import Envelope, Refusal, Schema, answer
from cicero_cli.web.call import Call
from cicero_cli.web.images import image_url
from cicero_cli.web.lanes import Lane
from cicero_cli.web.routing import GuardedRouter

T = TypeVar("T")

router = GuardedRouter(prefix="/api", tag="rapid")

HOME_ZONE = ZoneInfo("Asia/Jakarta")
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


class Profile(Schema):
    """An account. Pages divide by `followers` and `following`, so both are at least 1; `…_count` are exact."""

    username: str
    full_name: str
    bio: str
    biography: str
    category: str | None
    followers: int = Field(ge=1)
    following: int = Field(ge=1)
    follower_count: int
    following_count: int
    media_count: int
    profile_pic_url: str = Field(description="always loads")
    avatar: str = Field(description="the same")
    external_url: str | None
    is_private: bool
    is_verified: bool
    id: str


class BioLink(Schema):
    """A link below the biography."""

    url: str
    title: str


class InstagramInfo(Schema):
    """What else Instagram says of an account."""

    id: str
    username: str
    full_name: str
    biography: str
    bio_links: list[BioLink]
    external_url: str | None
    media_count: int
    total_igtv_videos: int
    follower_count: int
    following_count: int
    is_business: bool
    is_private: bool
    is_verified: bool
    category: str | None
    address: str | None
    public_email: str | None
    public_phone_number: str | None
    country: str | None
    date_joined: str | None
    profile_pic_url: str


class TiktokInfo(Schema):
    """What else TikTok says of an account."""

    id: str
    username: str
    full_name: str
    biography: str
    external_url: str | None
    video_count: int
    heart_count: int
    follower_count: int
    following_count: int
    friend_count: int | None
    is_private: bool
    is_verified: bool
    category: str | None
    avatar: str
    profile_pic_url: str


class RapidPost(Schema):
    """A post. A count that the platform hides or does not tell is 0; `likes_hidden` says so of likes."""

    id: str = Field(description="the shortcode or video id")
    url: str
    thumbnail: str = Field(description="always loads")
    caption: str
    created_at: datetime
    like_count: int
    comment_count: int
    share_count: int
    view_count: int | None
    likes_hidden: bool
    type: str = Field(examples=["image", "video", "album"])


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
    return _answer_posts(call, query, Platform.INSTA, query.limit, _read_days(query))


@router.read("/tiktok/rapid-posts", schema=Looked[list[RapidPost]], **_VIEW)
def tiktok_posts(call: Call, query: Annotated[PostsQuery, Query()]) -> Response:
    """List a TikTok account's newest posts, or those of some days."""
    return _answer_posts(call, query, Platform.TIKTOK, query.limit, _read_days(query))


@router.read("/insta/rapid-posts-month", schema=Looked[list[RapidPost]], **_VIEW)
def insta_posts_of_month(call: Call, query: Annotated[MonthQuery, Query()]) -> Response:
    """List an Instagram account's posts of a month, as far as the newest ones reach back."""

    def days(zone: ZoneInfo) -> tuple[datetime, datetime]:
        today = local_day(call.now, zone)
        span = month_span(
            today.replace(day=1, year=query.year or today.year, month=query.month or today.month)
        )
        return day_bounds(span.first_day, zone)[0], day_bounds(span.last_day, zone)[1]

    return _answer_posts(call, query, Platform.INSTA, query.limit, days)


def profile_document(call: Call, profile: AnyProfile) -> dict[str, Any]:
    """An account as `rapid-profile` and the aggregator show it."""
    picture = image_url(call, profile.picture_url)
    return {
        "username": profile.username,
        "full_name": profile.full_name,
        "bio": profile.biography,
        "biography": profile.biography,
        "category": profile.category,
        "followers": max(1, profile.followers),
        "following": max(1, profile.following),
        "follower_count": profile.followers,
        "following_count": profile.following,
        "media_count": profile.posts,
        "profile_pic_url": picture,
        "avatar": picture,
        "external_url": profile.external_url,
        "is_private": profile.is_private,
        "is_verified": profile.is_verified,
        "id": profile.account_id,
    }


def info_document(call: Call, profile: AnyProfile) -> dict[str, Any]:
    """An account as `rapid-info` shows it."""
    picture = image_url(call, profile.picture_url)
    shared = {
        "id": profile.account_id,
        "username": profile.username,
        "full_name": profile.full_name,
        "biography": profile.biography,
        "external_url": profile.external_url,
        "follower_count": profile.followers,
        "following_count": profile.following,
        "is_private": profile.is_private,
        "is_verified": profile.is_verified,
        "category": profile.category,
        "profile_pic_url": picture,
    }
    if isinstance(profile, TiktokProfile):
        return shared | {
            "video_count": profile.posts,
            "heart_count": profile.hearts,
            "friend_count": profile.friends,
            "avatar": picture,
        }
    about, location = profile.about, profile.location
    return shared | {
        "bio_links": [{"url": link.url, "title": link.title} for link in profile.bio_links],
        "media_count": profile.posts,
        "total_igtv_videos": profile.total_igtv_videos or 0,
        "is_business": profile.is_business,
        "address": location.address if location else None,
        "public_email": profile.public_email,
        "public_phone_number": profile.public_phone_number,
        "country": about.country if about else None,
        "date_joined": about.date_joined if about else None,
    }


def post_document(
    call: Call, platform: Platform, post: UpstreamPost, *, username: str | None, zone: ZoneInfo
) -> dict[str, Any]:
    """A post as `rapid-posts` and the aggregator show it."""
    return {
        "id": post.post_key,
        "url": post_url(platform, post.post_key, username),
        "thumbnail": image_url(call, post.thumbnail_url),
        "caption": post.caption,
        "created_at": post.published_at.astimezone(zone),
        "like_count": post.like_count or 0,
        "comment_count": post.comment_count or 0,
        "share_count": post.share_count or 0,
        "view_count": post.view_count,
        "likes_hidden": post.like_count is None,
        "type": post.kind,
    }


class _KeptInsta(msgspec.Struct, frozen=True):
    found: InstagramProfile
    fetched_at: datetime


class _KeptTiktok(msgspec.Struct, frozen=True):
    found: TiktokProfile
    fetched_at: datetime


# made here, for msgspec crashes when several threads are the first to use a type (gateways/http.py)
_insta_decoder = msgspec.json.Decoder(_KeptInsta)
_tiktok_decoder = msgspec.json.Decoder(_KeptTiktok)


def _answer_profile(
    call: Call,
    query: AccountQuery,
    platform: Platform,
    document: Callable[[Call, AnyProfile], dict[str, Any]],
) -> Response:
    username, client = _account(call, query, platform)
    surveyed = _find_kept(call, platform, username)
    if surveyed is None:
        with _asking(call, platform, username) as asking:
            surveyed = survey_profile(
                asking, platform, username, zone=client.zone if client else HOME_ZONE
            )
        _keep(call, platform, username, surveyed)
    return _looked(surveyed, document(call, surveyed.found))


def _answer_posts(
    call: Call,
    query: AccountQuery,
    platform: Platform,
    limit: int,
    days: Callable[[ZoneInfo], tuple[datetime, datetime] | None],
) -> Response:
    username, client = _account(call, query, platform)
    zone = client.zone if client else HOME_ZONE
    start, end = days(zone) or (None, None)
    wanted = PostsWanted(limit=min(limit, MOST_POSTS), start=start, end=end)
    with _asking(call, platform, username) as asking:
        surveyed = survey_posts(asking, platform, username, wanted, client=client)
    posts = [
        post_document(call, platform, post, username=username, zone=zone) for post in surveyed.found
    ]
    return _looked(surveyed, posts)


def _read_days(query: PostsQuery) -> Callable[[ZoneInfo], tuple[datetime, datetime] | None]:
    words = SpanWords(mulai=query.start_date, selesai=query.end_date)
    try:
        read = read_span(words)
    except ValueError as error:
        raise InputError(str(error)) from error

    def days(zone: ZoneInfo) -> tuple[datetime, datetime] | None:
        if words.is_silent:
            return None
        span = read(date.min)  # days that were said are the same whatever today is
        return day_bounds(span.first_day, zone)[0], day_bounds(span.last_day, zone)[1]

    return days


def _account(call: Call, query: AccountQuery, platform: Platform) -> tuple[str, ClientRow | None]:
    """The handle that is asked about, and the client whose account it is, if the call names that client."""
    client_id = call.client_id or call.caller.client_id
    client = None
    if client_id is not None and call.caller.may_see(client_id):
        client = call.store.clients.get(client_id)
    try:
        username = normalise_handle(query.username)
    except ValueError as error:
        raise InputError(f"username: {error}") from error
    own = None if client is None else _handle(client, platform)
    if username is not None:
        return username, client if username == own else None
    if client is None:
        if client_id is not None:
            get_client(call.store, client_id)
        raise InputError("sebut username atau client_id")
    if own is None:
        raise HTTPException(404, f"{client.client_id} belum punya akun {platform.label}.")
    return own, client


def _handle(client: ClientRow, platform: Platform) -> str | None:
    return client.client_insta if platform is Platform.INSTA else client.client_tiktok


@contextmanager
def _asking(call: Call, platform: Platform, username: str) -> Iterator[Asking]:
    """Questions at the caller's behest; only when one is to be asked does the call go on where waiting is allowed."""
    upstreams, username_of_caller = call.parts.upstreams, call.caller.username
    hour = call.now.replace(minute=0, second=0, microsecond=0)

    def open_source() -> Any:
        call.move_to(Lane.UPSTREAM)
        return upstreams.source(platform)

    def spend(requests: int) -> bool:
        spent = call.store.usage.spend(username_of_caller, requests, hour=hour)
        return spent <= call.settings.rapid_budget

    turn = upstreams.turn(platform, username) if call.lane is Lane.UPSTREAM else nullcontext()
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


def _looked(surveyed: Surveyed[Any], document: Any) -> Response:
    return answer(document, fetched_at=surveyed.fetched_at, stale=surveyed.is_stale)


def _find_kept(call: Call, platform: Platform, username: str) -> Surveyed[AnyProfile] | None:
    kept = call.cache.get(f"profile:{platform}:{username}")
    if kept is None:
        return None
    decoder = _insta_decoder if platform is Platform.INSTA else _tiktok_decoder
    try:
        known = decoder.decode(kept)
    except msgspec.DecodeError:  # kept by another version
        return None
    return Surveyed(known.found, known.fetched_at)


def _keep(call: Call, platform: Platform, username: str, surveyed: Surveyed[AnyProfile]) -> None:
    seconds = int((surveyed.fetched_at + PROFILE_IS_FRESH - call.now).total_seconds())
    if seconds > 0 and not surveyed.is_stale:
        kept = {"found": surveyed.found, "fetched_at": surveyed.fetched_at}
        call.cache.set(f"profile:{platform}:{username}", msgspec.json.encode(kept), seconds=seconds)
