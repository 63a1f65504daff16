"""Posts and what people did to them, as the upstream shows them and as cicero keeps them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from cicero_cli.domain.platforms import Platform
from cicero_cli.errors import CiceroError


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
    author: str = ""  # whose account it was made on, as far as the upstream says
    collaborators: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The posts of an account since some moment, each once, newest first, pinned older ones left out.

    `is_complete`: every post since then is in it. A listing that is empty, cut short or of a private account never is;
    `problems` say why not, unless less was asked for, and what else somebody should know; a listing with one may be complete
    all the same. `unreadable`: how many posts could not be read.
    """

    posts: tuple[UpstreamPost, ...]
    is_complete: bool
    problems: tuple[CiceroError, ...] = ()
    unreadable: int = 0
    secuid: str | None = None  # TikTok only: what to ask for next time


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment on a TikTok post; the same person may write several."""

    comment_id: str
    username: str  # the handle, lower-case: `user.unique_id` upstream
    text: str
    created_at: datetime | None  # None: the upstream does not say
    likes: int = field(default=0, compare=False)
    is_reply: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """Who liked (Instagram) or commented (TikTok), as far as the upstream lists them; `total` is its own count.

    `problems`: why more of them could not be had. `known`: comments on file that were not read again, as `comments` are those
    that came since; `is_whole` is false then. `cursor`: where the page began that ended the reading.
    """

    total: int | None
    likes: tuple[str, ...] = ()  # handles, lower-case, each once
    comments: tuple[Comment, ...] = ()  # each id once
    problems: tuple[CiceroError, ...] = ()
    known: int = 0
    is_whole: bool = True
    cursor: int | None = field(default=None, compare=False)

    @property
    def listed(self) -> int:
        """How many likes or comments were listed, now or before."""
        return len(self.likes) + len(self.comments) + self.known


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One row of `insta_post` or `tiktok_post`.

    `listed` people of `total` (None: hidden) were named when likes or comments were last fetched; the newest listing
    shows `shown_count` (None: hidden), and showed `fetched_count` at that fetch.
    """

    post_id: int
    post_key: str
    client_id: str
    published_at: datetime
    day: date  # the client's, by the zone that it had when the post was read
    caption: str
    listed: int
    total: int | None
    shown_count: int | None
    fetched_at: datetime | None
    fetched_count: int | None
    account: str | None = None  # the client's on TikTok when the post was read
    whole_at: datetime | None = (
        None  # when all people were last read, not only those who came since
    )


_MUCH_SHORTER = 0.5


def is_contradicted(post: Post, engagement: Engagement) -> bool:
    """Whether the list of people cannot be what the count means, nor what was listed before (DESIGN section 3).

    An empty list under a count, or half of what an earlier reading had although the count is no smaller, is a failed
    reading: whoever is in it did it, and everything else is asked for again.
    """
    count = max(engagement.total or 0, post.shown_count or 0)
    if count and not engagement.listed:
        return True
    return count >= post.listed and engagement.listed < post.listed * _MUCH_SHORTER


_IN_ADDRESS = re.compile(r"/(?:p|reel|reels|tv|video|photo)/([^/?#\\s]+)")


def post_key_of(text: str) -> str:
    """The shortcode or video id, typed as it is or as the post's address."""
    found = _IN_ADDRESS.search(text)
    return found[1] if found else text.strip()


def post_url(platform: Platform, post_key: str, username: str | None) -> str:
    """Where a person opens the post."""
    if platform is Platform.INSTA:
        return f"https://www.instagram.com/p/{post_key}/"
    return f"https://www.tiktok.com/@{username or ''}/video/{post_key}"
