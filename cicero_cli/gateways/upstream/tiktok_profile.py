"""What tiktok-api23 says of an account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from cicero_cli.domain.collection.profiles import TiktokProfile
from cicero_cli.errors import UpstreamError
from cicero_cli.gateways.upstream.values import part, read_count, read_handle, read_key, read_text


@dataclass(frozen=True, slots=True)
class User:
    """The account itself, as far as its posts are asked for with it; `raw`: all that came."""

    raw: dict[str, Any]
    sec_uid: str
    private_account: bool


@dataclass(frozen=True, slots=True)
class UserInfo:
    """What /api/user/info holds. Numbers are rounded in `stats` and exact texts in `statsV2`."""

    user: User
    raw: dict[str, Any]


def to_info(info: Any) -> UserInfo | None:
    """The account of an answer; None when there is none in it."""
    user = part(info, "user")
    if not isinstance(user, dict):
        return None
    return UserInfo(
        User(user, read_key(user.get("secUid")), user.get("privateAccount") is True), info
    )


def to_profile(user: User, info: UserInfo) -> TiktokProfile:
    """The account of an answer; UpstreamError when it does not say how many follow whom."""

    def count(*names: str) -> int | None:
        levels = ("statsV2", "stats")
        values = (part(info.raw, level, name) for level in levels for name in names)
        return next((count for value in values if (count := read_count(value)) is not None), None)

    raw = user.raw
    followers, following = count("followerCount"), count("followingCount")
    account_id, username = read_key(raw.get("id")), read_handle(raw, "uniqueId")
    if followers is None or following is None or not account_id or not username:
        raise UpstreamError(
            "a TikTok account without its id, name or numbers of followers", code="unreadable"
        )
    pictures = (read_text(raw.get(f"avatar{size}")) for size in ("Larger", "Medium", "Thumb"))
    return TiktokProfile(
        account_id=account_id,
        username=username,
        full_name=read_text(raw.get("nickname")),
        biography=read_text(raw.get("signature")),
        followers=followers,
        following=following,
        posts=count("videoCount") or 0,
        is_private=user.private_account,
        is_verified=raw.get("verified") is True,
        category=read_text(part(raw, "commerceUserInfo", "category")) or None,
        external_url=read_text(part(raw, "bioLink", "link")) or None,
        picture_url=next(filter(None, pictures), None),
        secuid=user.sec_uid,
        hearts=count("heartCount", "heart") or 0,
        friends=count("friendCount"),
    )
