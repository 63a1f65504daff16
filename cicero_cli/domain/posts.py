"""Posts and what people did to them, as the upstream shows them and as cicero keeps them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cicero_cli.domain.platforms import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamPost:
    """One post of a listing. A count that the platform hides or does not tell is None, never a number."""

    post_key: str  # Instagram's shortcode, TikTok's video id
    published_at: datetime
    caption: str = ""
    is_pinned: bool = False
    like_count: int | None = None
    comment_count: int | None = None
    share_count: int | None = None
    view_count: int | None = None
    kind: str = "image"  # image, video or album
    thumbnail_url: str | None = None
    collaborators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The posts of an account since some moment, each once, newest first, pinned older ones left out.

    `is_complete`: every post since then is in it. A listing that is empty, cut short or of a private account never is.
    """

    posts: tuple[UpstreamPost, ...]
    is_complete: bool
    secuid: str | None = None  # TikTok only: what to ask for next time


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment on a TikTok post; the same person may write several."""

    comment_id: str
    username: str  # the handle, lower-case: `user.unique_id` upstream
    text: str
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """Who liked (Instagram) or commented (TikTok), as far as the upstream lists them; `total` is its own count."""

    total: int | None
    likes: tuple[str, ...] = ()  # handles, lower-case, each once
    comments: tuple[Comment, ...] = ()  # each id once


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One row of `insta_post` or `tiktok_post`, as attendance needs it.

    `listed` people of `total` (None: hidden) were named when likes or comments were last fetched.
    """

    post_id: int
    post_key: str
    client_id: str
    published_at: datetime
    listed: int
    total: int | None
    fetched_at: datetime | None


def post_url(platform: Platform, post_key: str, username: str | None) -> str:
    """Where a person opens the post."""
    if platform is Platform.INSTA:
        return f"https://www.instagram.com/p/{post_key}/"
    return f"https://www.tiktok.com/@{username or ''}/video/{post_key}"
