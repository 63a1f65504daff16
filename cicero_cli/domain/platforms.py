"""The two platforms, under the names that every command, column and table uses."""

from __future__ import annotations

from enum import StrEnum


class Platform(StrEnum):
    """Where posts appear, and what a user is expected to do there."""

    INSTA = "insta"  # to like every post
    TIKTOK = "tiktok"  # to comment on every post

    @property
    def label(self) -> str:
        return {"insta": "Instagram", "tiktok": "TikTok"}[self.value]
