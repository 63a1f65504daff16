"""Profiles that Redis keeps for as long as they are fresh, so that looking again costs neither a request nor a query."""

from __future__ import annotations

from datetime import datetime

import msgspec

from cicero_cli.domain.collection.profiles import InstagramProfile, KnownProfile, TiktokProfile
from cicero_cli.domain.platforms import Platform
from cicero_cli.services.collection.any_account import PROFILE_IS_FRESH
from cicero_cli.web.http.cache import Cache

# made here, for msgspec crashes when several threads are the first to use a type (gateways/upstream/http.py)
_DECODERS: dict[
    Platform,
    msgspec.json.Decoder[tuple[InstagramProfile, datetime]]
    | msgspec.json.Decoder[tuple[TiktokProfile, datetime]],
] = {
    Platform.INSTA: msgspec.json.Decoder(tuple[InstagramProfile, datetime]),
    Platform.TIKTOK: msgspec.json.Decoder(tuple[TiktokProfile, datetime]),
}


def find_kept(cache: Cache, platform: Platform, username: str) -> KnownProfile | None:
    """The profile that was kept under this name, if what is kept there can be read."""
    kept = cache.get(_key(platform, username))
    if kept is None:
        return None
    try:
        profile, fetched_at = _DECODERS[platform].decode(kept)
    except (ValueError, RecursionError):  # by another version, or not by us
        return None
    return KnownProfile(profile, fetched_at)


def keep(
    cache: Cache, platform: Platform, username: str, known: KnownProfile, *, now: datetime
) -> None:
    """Keep a profile until it is no longer fresh."""
    seconds = int((known.fetched_at + PROFILE_IS_FRESH - now).total_seconds())
    if seconds > 0:
        kept = msgspec.json.encode((known.profile, known.fetched_at))
        cache.set(_key(platform, username), kept, seconds=seconds)


def _key(platform: Platform, username: str) -> str:
    return f"profile:{platform}:{username}"
