"""What tiktok-api23 says of an account."""

from __future__ import annotations

import msgspec

from cicero_cli.domain.collection.profiles import TiktokProfile
from cicero_cli.errors import UpstreamError

Count = int | str | None


class _Commerce(msgspec.Struct, frozen=True):
    category: str | None = None


class _BioLink(msgspec.Struct, frozen=True):
    link: str | None = None


class User(msgspec.Struct, frozen=True, rename="camel"):
    """The account itself; which of its keys come depends on the account."""

    id: str = ""
    unique_id: str = ""
    sec_uid: str = ""
    private_account: bool | None = None
    verified: bool | None = None
    nickname: str | None = None
    signature: str | None = None
    avatar_larger: str | None = None
    avatar_medium: str | None = None
    avatar_thumb: str | None = None
    bio_link: _BioLink | None = None
    commerce_user_info: _Commerce | None = None


class Stats(msgspec.Struct, frozen=True, rename="camel"):
    """Numbers in `stats`, where they are rounded, exact texts in `statsV2`."""

    follower_count: Count = None
    following_count: Count = None
    video_count: Count = None
    heart_count: Count = None
    heart: Count = None
    friend_count: Count = None


class UserInfo(msgspec.Struct, frozen=True):
    """What /api/user/info holds."""

    user: User | None = None
    stats: Stats | None = None
    exact_stats: Stats | None = msgspec.field(default=None, name="statsV2")


def to_profile(user: User, info: UserInfo) -> TiktokProfile:
    """The account of an answer; UpstreamError when it does not say how many follow whom."""
    exact, rounded = info.exact_stats or Stats(), info.stats or Stats()
    followers = read_number(exact.follower_count, rounded.follower_count)
    following = read_number(exact.following_count, rounded.following_count)
    if followers is None or following is None or not user.id or not user.unique_id:
        raise UpstreamError("a TikTok account without its id, name or numbers of followers")
    commerce, link = user.commerce_user_info, user.bio_link
    return TiktokProfile(
        account_id=user.id,
        username=user.unique_id.lower(),
        full_name=user.nickname or "",
        biography=user.signature or "",
        followers=followers,
        following=following,
        posts=read_number(exact.video_count, rounded.video_count) or 0,
        is_private=bool(user.private_account),
        is_verified=bool(user.verified),
        category=(commerce and commerce.category) or None,
        external_url=(link and link.link) or None,
        picture_url=user.avatar_larger or user.avatar_medium or user.avatar_thumb,
        secuid=user.sec_uid,
        hearts=read_number(exact.heart_count, exact.heart, rounded.heart_count, rounded.heart) or 0,
        friends=read_number(exact.friend_count, rounded.friend_count),
    )


def read_number(*values: Count) -> int | None:
    """The first that is a number; None when none is."""
    for value in values:
        if isinstance(value, int):
            return value
        if value and value.isascii() and value.isdecimal():
            return int(value)
    return None
