"""Bodies as social-api4 gives them: pages of posts, and the people who liked one."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import msgspec

from cicero_cli.standins.upstream.accounts import StandInAccount, StandInPost, digest

_POSTS_A_PAGE = 12
_PLACE_DIGITS = 8  # of a token of ours, at its end
_POST_BYTES, _PERSON_BYTES = 9_000, 450  # what a real one has more than ours
_KINDS = ((2, "clips", True), (1, "feed", False), (8, "carousel_container", False))


def posts_body(account: StandInAccount, token: str, *, is_padded: bool) -> dict[str, Any]:
    """The page that `token` stands for; "" is the first."""
    posts = () if account.is_private else in_order(account.posts)
    start = int(token[-_PLACE_DIGITS:], 16) if len(token) > _PLACE_DIGITS else 0
    stop = start + _POSTS_A_PAGE
    items = [_post(post, account.username, is_padded=is_padded) for post in posts[start:stop]]
    body: dict[str, Any] = {
        "data": {
            "count": len(items),
            "items": items,
            "user": _user(account.username, is_private=account.is_private),
        }
    }
    if stop < len(posts):
        body["pagination_token"] = digest(account.username)[:24] + f"{stop:08x}"
    elif len(posts) % 3:  # nobody has seen how a last page says so
        body["pagination_token"] = None if len(posts) % 3 == 1 else ""
    return body


def info_body(account: StandInAccount, *, with_about: bool) -> dict[str, Any]:
    """The account, private or not; `about` only when it was asked for."""
    number = int(digest(account.username), 16)
    picture = f"https://cdn.example.invalid/{number % 10**12}"
    about = {
        "country": "Indonesia",
        "date_joined": "May 2021",
        "date_joined_as_timestamp": 1_621_209_600,
        "former_usernames": number % 3,
    }
    return {
        "data": _user(account.username, is_private=account.is_private)
        | {
            "about": about if with_about else None,
            "account_type": 2,
            "biography": account.biography,
            "bio_links": [
                {
                    "is_pinned": False,
                    "link_id": 80_228_924_615_523_305,
                    "link_type": "external",
                    "lynx_url": f"https://l.example.invalid/{account.username}",
                    "title": "Situs resmi",
                    "url": f"https://{account.username}.example.invalid/",
                }
            ],
            "business_contact_method": "UNKNOWN",
            "category": "Organisasi pemerintah",
            "category_id": 226_899_825_266_823,
            "contact_phone_number": "",
            "external_url": "",
            "fbid_v2": str(number % 10**17),
            "follower_count": account.followers,
            "following_count": account.following,
            "hd_profile_pic_versions": [
                {"height": size, "url": f"{picture}-{size}", "width": size} for size in (320, 640)
            ],
            "is_business": True,
            "latest_reel_media": 0,
            "location_data": {
                "address_street": "Jalan Contoh 1",
                "city_id": 0,
                "city_name": "Jakarta",
                "instagram_location_id": "",
                "latitude": 0,
                "longitude": 0,
                "zip": "",
            },
            "media_count": len(account.posts),
            "profile_pic_url_hd": f"{picture}-640",
            "public_email": "",
            "public_phone_country_code": "",
            "public_phone_number": "",
            "total_igtv_videos": 0,
        }
    }


def likes_body(post: StandInPost, *, is_padded: bool) -> dict[str, Any]:
    """Everybody on one page; `total` counts more."""
    return {
        "data": {
            "count": len(post.people),
            "items": [encode_person(handle, is_padded=is_padded) for handle in post.people],
            "total": len(post.people) + post.unlisted,
        }
    }


def in_order(posts: Sequence[StandInPost]) -> list[StandInPost]:
    """Pinned ones first, then the newest first."""
    return sorted(posts, key=lambda post: (not post.is_pinned, -post.published_at.timestamp()))


@lru_cache(maxsize=50_000)
def encode_person(handle: str, *, is_padded: bool) -> msgspec.Raw:
    """One entry of the list of likes, encoded once: the same people like many posts."""
    person = _user(handle) | {"is_new": True, "latest_reel_media": 0}
    if is_padded:
        person["profile_pic_url"] += "x" * _PERSON_BYTES
    return msgspec.Raw(msgspec.json.encode(person))


def _post(post: StandInPost, username: str, *, is_padded: bool) -> dict[str, Any]:
    number = int(digest(post.key), 16)
    seconds = int(post.published_at.timestamp())
    authors = post.authors or (username,)
    media_type, product_type, is_video = _KINDS[number % 3]
    likes = len(post.people) + post.unlisted
    counts: dict[str, Any] = {
        "like_count": likes,
        "comment_count": likes // 9,
        "share_count": number % 7,
        "play_count": likes * 3 if is_video else None,
    }
    if post.hides_likes:
        counts["like_count"] = (None, 3)[number % 2]  # today's way, and the fake of old
    picture = f"https://cdn.example.invalid/{digest(post.key)[:12]}"
    item = {
        "id": str(number % 10**19),
        "code": post.key,
        "taken_at": seconds,
        "taken_at_ts": seconds,
        "caption": None
        if post.caption is None
        else {"text": post.caption, "hashtags": [], "mentions": [], "type": 1},
        "like_and_view_counts_disabled": post.hides_likes,
        "media_type": media_type,
        "product_type": product_type,
        "is_video": is_video,
        "is_pinned": post.is_pinned,
        "coauthor_producers": [_user(author) for author in authors[1:]],
        "user": _user(authors[0]),
        "image_versions": {"items": [{"height": 639, "width": 360, "url": picture}]},
        "thumbnail_url": picture,
        "location": None,
        "tagged_users": [],
        **({"metrics": counts} if post.has_metrics else counts),
    }
    if is_padded:
        item["video_dash_manifest"] = "x" * _POST_BYTES
    return item


def _user(handle: str, *, is_private: bool = False) -> dict[str, Any]:
    number = int(digest(handle), 16)
    return {
        "id": str(number % 10**11),
        "username": handle,
        "full_name": handle.replace(".", " ").title(),
        "is_private": is_private,
        "is_verified": False,
        "profile_pic_id": str(number % 10**19),
        "profile_pic_url": f"https://cdn.example.invalid/{number % 10**12}",
    }
