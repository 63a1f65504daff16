"""An account of a platform and its posts as every route shows them: the schemas, and the documents that fit them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import Field

from cicero_cli.domain.collection.posts import UpstreamPost, post_url
from cicero_cli.domain.collection.profiles import AnyProfile, TiktokProfile
from cicero_cli.domain.platforms import Platform
from cicero_cli.web.api.images import image_url
from cicero_cli.web.http.answers import Schema
from cicero_cli.web.http.call import Call


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


def profile_document(call: Call, profile: AnyProfile) -> dict[str, Any]:
    """What Profile says of an account."""
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
    """What InstagramInfo or TiktokInfo says of an account."""
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
    """What RapidPost says of a post."""
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
