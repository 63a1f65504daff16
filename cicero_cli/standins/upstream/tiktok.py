"""Bodies as tiktok-api23 gives them: an account, pages of its videos, and pages of the comments on one."""

from __future__ import annotations

from typing import Any

from cicero_cli.standins.upstream.accounts import StandInAccount, StandInPost, digest
from cicero_cli.standins.upstream.instagram import in_order

_MOST_POSTS_A_PAGE = 16
_COMMENTS_A_PAGE = 20
_POST_BYTES, _COMMENT_BYTES = 21_000, 1_600  # what a real one has more than ours
_TEXTS = ("Siap", "Mantap", "", "Semangat selalu", "Terima kasih atas pelayanannya")


def info_body(account: StandInAccount) -> dict[str, Any]:
    """The account; its rounded numbers and its exact ones."""
    counts = {
        "diggCount": 0,
        "followerCount": account.followers,
        "followingCount": account.following,
        "friendCount": 5,
        "heart": account.followers * 9,
        "heartCount": account.followers * 9,
        "videoCount": len(account.posts),
    }
    rounded = {**counts, "followerCount": account.followers // 100 * 100}
    picture = f"https://cdn.example.invalid/{digest(account.username)[:12]}"
    return {
        "extra": {"fatal_item_ids": [], "logid": digest(account.username)},
        "statusCode": 0,
        "status_code": 0,
        "status_msg": "",
        "userInfo": {
            "user": _author(account)
            | {
                "avatarLarger": f"{picture}-larger",
                "avatarThumb": f"{picture}-thumb",
                "privateAccount": account.is_private,
                "signature": account.biography,
            },
            "stats": rounded,
            "statsV2": {name: str(count) for name, count in counts.items()},
        },
    }


def posts_body(
    account: StandInAccount | None, cursor: str, count: int, *, is_padded: bool
) -> dict[str, Any]:
    """The page from `cursor` on, which is a time in ms as text; no account: a secUid that means nothing any more."""
    posts = [] if account is None or account.is_private else in_order(account.posts)
    if cursor != "0":
        posts = [post for post in posts if not post.is_pinned and _cursor(post) < int(cursor)]
    page = posts[: min(count, _MOST_POSTS_A_PAGE)]
    has_more = len(page) < len(posts)
    return {
        "data": {
            "cursor": str(_cursor(page[-1])) if has_more else "-1",
            "extra": {"fatal_item_ids": []},
            "hasMore": has_more,
            "itemList": [_item(post, account, is_padded=is_padded) for post in page if account],
            "statusCode": 0,
            "status_code": 0,
            "status_msg": "",
        }
    }


def comments_body(post: StandInPost, cursor: int, count: int, *, is_padded: bool) -> dict[str, Any]:
    """A page of comments. One of twenty never comes, and a page repeats the last one of the page before."""
    slots = _slots(post)
    stop = cursor + min(count, _COMMENTS_A_PAGE)
    shown = slots[max(0, cursor - 1) : stop]
    comments = [
        _comment(post, place, handle, is_padded=is_padded)
        for place, handle in enumerate(shown, max(0, cursor - 1))
        if handle
    ]
    return {
        "alias_comment_deleted": False,
        "comments": comments if cursor < len(slots) else None,
        "cursor": stop if cursor < len(slots) else cursor,
        "has_more": int(stop < len(slots)),
        "status_code": 0,
        "status_msg": "",
        "total": len(slots) + post.unlisted,
    }


def _slots(post: StandInPost) -> list[str]:
    """A handle for each comment, "" for one that is filtered out; every seventh person comments twice."""
    slots: list[str] = []
    for number, handle in enumerate(post.people):
        for _ in range(1 if (number + 1) % 7 else 2):
            slots.append(handle)
            if len(slots) % _COMMENTS_A_PAGE == _COMMENTS_A_PAGE - 1:
                slots.append("")
    return slots


def _comment(post: StandInPost, place: int, handle: str, *, is_padded: bool) -> dict[str, Any]:
    number = int(digest(f"{post.key}/{place}"), 16)
    return {
        "aweme_id": post.key,
        "cid": f"7{number % 10**18:018d}",
        "create_time": int(post.published_at.timestamp()) + 60 * (place + 1),
        "digg_count": number % 5,
        "reply_comment": None,
        "reply_comment_total": post.unlisted if place == 0 else 0,
        "sort_tags": "x" * _COMMENT_BYTES if is_padded else "",
        "text": _TEXTS[number % len(_TEXTS)],
        "user": {
            "nickname": handle.split(".", maxsplit=1)[0].title(),
            "sec_uid": digest(handle),
            "uid": str(number % 10**19),
            "unique_id": handle,
        },
    }


def _item(post: StandInPost, account: StandInAccount, *, is_padded: bool) -> dict[str, Any]:
    number = int(digest(post.key), 16)
    comments = len(_slots(post)) + post.unlisted
    counts = {"diggCount": comments * 4, "commentCount": comments, "shareCount": number % 7}
    item: dict[str, Any] = {
        "id": post.key,
        "author": _author(account),
        "createTime": int(post.published_at.timestamp()),
        "desc": post.caption or "",
        "stats": counts | {"playCount": 12_300},
        "statsV2": {name: str(count) for name, count in counts.items()} | {"playCount": "12345"},
        "video": {
            "duration": 18,
            "cover": f"https://cdn.example.invalid/{digest(post.key)[:12]}",
            "bitrateInfo": "x" * _POST_BYTES if is_padded else "",
        },
    }
    if post.is_pinned:
        item["isPinnedItem"] = True
    if number % 4 == 0:
        item["imagePost"] = {"images": [], "title": ""}
    return item


def _author(account: StandInAccount) -> dict[str, Any]:
    return {
        "id": str(int(digest(account.username), 16) % 10**19),
        "nickname": account.username.title(),
        "privateAccount": account.is_private,
        "secUid": account.secuid,
        "uniqueId": account.username,
        "verified": False,
    }


def _cursor(post: StandInPost) -> int:
    return int(post.published_at.timestamp()) * 1000
