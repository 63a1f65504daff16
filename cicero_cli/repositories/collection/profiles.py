"""Profiles: rows of `insta_profile`, the `instagram_…` tables and the `tiktok_user…` tables."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

import msgspec
import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from cicero_cli.domain.collection.profiles import (
    AnyProfile,
    InstagramProfile,
    KnownProfile,
    TiktokProfile,
)
from cicero_cli.domain.platforms import Platform
from cicero_cli.repositories.database.sql_files import load_queries

_SQL = load_queries("profiles")
_KINDS: dict[Platform, type[InstagramProfile] | type[TiktokProfile]] = {
    Platform.INSTA: InstagramProfile,
    Platform.TIKTOK: TiktokProfile,
}


class ProfileRepository:
    """The profiles of accounts: as they are now, and their numbers and pictures over time."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self._connection = connection

    def store(self, profile: AnyProfile, *, day: date, now: datetime) -> None:
        """Keep a profile that was just read; `day` is the local day that its numbers are of."""
        words: dict[str, Any] = {**_without_nul(asdict(profile)), "day": day, "now": now}
        with self._connection.transaction():
            if isinstance(profile, TiktokProfile):
                self._run(words, "store_tiktok_user", "store_tiktok_metrics")
                return
            self._run(
                words, "store_insta_profile", "store_instagram_user", "store_instagram_metrics"
            )
            links = [
                {**link, "position": place} for place, link in enumerate(words.pop("bio_links"))
            ]
            lists = {"links": Jsonb(links), "pictures": Jsonb(list(words.pop("pictures")))}
            about, location = words.pop("about"), words.pop("location")
            self._run(words | lists, "store_instagram_bio_links", "store_instagram_pictures")
            if about is not None:
                self._run(words | about, "store_instagram_about")
            if location is None:
                self._run(words, "remove_instagram_location")
            else:
                self._run(words | location, "store_instagram_location")

    def find(self, platform: Platform, username: str) -> KnownProfile | None:
        """The account that was last seen under this name (lower-case), with its newest numbers."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            row = cursor.execute(
                _SQL[f"find_{platform}_profile"], {"username": username}
            ).fetchone()
        if row is None:
            return None
        fetched_at = row.pop("fetched_at")
        return KnownProfile(msgspec.convert(row, _KINDS[platform]), fetched_at)

    def _run(self, words: dict[str, Any], *queries: str) -> None:
        for query in queries:
            self._connection.execute(_SQL[query], words)


def _without_nul(value: Any) -> Any:
    """The same without U+0000, which PostgreSQL cannot keep and people do get into their biographies."""
    if isinstance(value, str):
        return value.replace("\x00", "")
    if isinstance(value, dict):
        return {key: _without_nul(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_without_nul(each) for each in value]
    return value
