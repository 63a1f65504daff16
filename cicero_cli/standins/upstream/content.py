"""What the stand-in's accounts hold, and the right answer to every request for it."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from cicero_cli.domain.platforms import Platform
from cicero_cli.standins.upstream import instagram, tiktok
from cicero_cli.standins.upstream.accounts import StandInAccount, StandInPost


class Content:
    """Accounts that may change while they are being served; `is_padded` makes bodies about as large as real ones."""

    def __init__(self, accounts: Iterable[StandInAccount], *, is_padded: bool) -> None:
        self._accounts = {(account.platform, account.username): account for account in accounts}
        self._is_padded = is_padded
        self._lock = threading.RLock()

    def put(self, account: StandInAccount) -> None:
        """Add an account, or replace the one of its name."""
        with self._lock:
            self._accounts[account.platform, account.username] = account

    def add_people(self, post_key: str, *handles: str) -> None:
        """More people like a post or comment on it."""
        with self._lock:
            account, post = self._find_post(post_key)
            grown = replace(post, people=(*post.people, *handles))
            posts = tuple(grown if each is post else each for each in account.posts)
            self.put(replace(account, posts=posts))

    def delete_post(self, post_key: str) -> None:
        """The account takes a post down."""
        with self._lock:
            account, post = self._find_post(post_key)
            posts = tuple(each for each in account.posts if each is not post)
            self.put(replace(account, posts=posts))

    def answer(self, path: str, query: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body."""
        routes = {
            "/v1/posts": self._instagram_posts,
            "/v1/likes": self._instagram_likes,
            "/v1/info": self._instagram_info,
            "/api/user/info": self._tiktok_info,
            "/api/user/posts": self._tiktok_posts,
            "/api/post/comments": self._tiktok_comments,
        }
        if path not in routes:
            return 404, {"message": f"Endpoint '{path}' does not exist"}
        try:
            return 200, routes[path](query)
        except KeyError as error:  # a parameter, an account or a post that is not there
            return 404, {"detail": f"Not found: {error.args[0]}"}

    def _instagram_posts(self, query: Mapping[str, str]) -> dict[str, Any]:
        account = self._accounts[Platform.INSTA, query["username_or_id_or_url"]]
        token = query.get("pagination_token", "")
        return instagram.posts_body(account, token, is_padded=self._is_padded)

    def _instagram_likes(self, query: Mapping[str, str]) -> dict[str, Any]:
        _, post = self._find_post(query["code_or_id_or_url"])
        return instagram.likes_body(post, is_padded=self._is_padded)

    def _instagram_info(self, query: Mapping[str, str]) -> dict[str, Any]:
        username = query["username_or_id_or_url"]
        account = self._find_account(Platform.INSTA, username)
        if account is None:
            raise KeyError(username)
        return instagram.info_body(account, with_about=query.get("include_about") == "true")

    def _tiktok_info(self, query: Mapping[str, str]) -> dict[str, Any]:
        account = self._find_account(Platform.TIKTOK, query["uniqueId"])
        if account is None:
            return {"statusCode": 10202, "status_msg": "user doesn't exist", "userInfo": {}}
        return tiktok.info_body(account)

    def _tiktok_posts(self, query: Mapping[str, str]) -> dict[str, Any]:
        if "secUid" not in query:
            return {"error": "missing required params: secUid"}
        with self._lock:
            known = {
                account.secuid: account
                for account in self._accounts.values()
                if account.platform is Platform.TIKTOK
            }
        account = known.get(query["secUid"])
        return tiktok.posts_body(
            account, query["cursor"], int(query["count"]), is_padded=self._is_padded
        )

    def _tiktok_comments(self, query: Mapping[str, str]) -> dict[str, Any]:
        _, post = self._find_post(query["videoId"])
        return tiktok.comments_body(
            post, int(query["cursor"]), int(query["count"]), is_padded=self._is_padded
        )

    def _find_account(self, platform: Platform, username: str) -> StandInAccount | None:
        """By the name that it has, else by one that it had."""
        with self._lock:
            found = self._accounts.get((platform, username))
            renamed = (
                account
                for account in self._accounts.values()
                if account.platform is platform and username in account.former
            )
            return found or next(renamed, None)

    def _find_post(self, key: str) -> tuple[StandInAccount, StandInPost]:
        with self._lock:
            for account in self._accounts.values():
                for post in account.posts:
                    if post.key == key:
                        return account, post
        raise KeyError(key)
