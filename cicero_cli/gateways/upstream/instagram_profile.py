"""What social-api4 says of an account: of about 150 keys those that are worth keeping, whatever else comes and goes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec

from cicero_cli.domain.collection.profiles import (
    About,
    BioLink,
    InstagramProfile,
    Location,
    Picture,
)
from cicero_cli.errors import UpstreamError
from cicero_cli.gateways.upstream.values import (
    items_of,
    moment,
    part,
    read_count,
    read_handle,
    read_key,
    read_text,
)


class _InfoReply(msgspec.Struct, frozen=True):
    data: dict[str, Any]


info_decoder = msgspec.json.Decoder(_InfoReply)


def to_profile(reply: _InfoReply) -> InstagramProfile:
    """The account of an answer; what is "" or 0 there is None here. UpstreamError without its id, name or followers.

    Anything else that is not as it should be is left out: the history of followers is what profiles are kept for.
    """
    info = reply.data
    account_id, username = read_key(info.get("id")), read_handle(info, "username")
    followers = read_count(info.get("follower_count"))
    following = read_count(info.get("following_count"))
    if not account_id or not username or followers is None or following is None:
        raise UpstreamError(
            "an Instagram account without its id, name or numbers of followers", code="unreadable"
        )
    picture = read_text(info.get("profile_pic_url_hd")) or read_text(info.get("profile_pic_url"))
    return InstagramProfile(
        account_id=account_id,
        username=username,
        full_name=read_text(info.get("full_name")),
        biography=read_text(info.get("biography")),
        followers=followers,
        following=following,
        posts=read_count(info.get("media_count")) or 0,
        is_private=info.get("is_private") is True,
        is_verified=info.get("is_verified") is True,
        category=_word(info.get("category")),
        external_url=_word(info.get("external_url")),
        picture_url=picture or None,
        is_business=info.get("is_business") is True,
        account_type=_small(info.get("account_type")),
        category_id=_word(info.get("category_id")),
        public_email=_word(info.get("public_email")),
        public_phone_country_code=_word(info.get("public_phone_country_code")),
        public_phone_number=_word(info.get("public_phone_number")),
        contact_phone_number=_word(info.get("contact_phone_number")),
        business_contact_method=_word(info.get("business_contact_method")),
        fbid=_word(info.get("fbid_v2")),
        total_igtv_videos=_small(info.get("total_igtv_videos")),
        latest_reel_at=_moment(info.get("latest_reel_media")),
        bio_links=tuple(filter(None, map(_to_link, items_of(info.get("bio_links"))))),
        pictures=_to_pictures(info),
        about=_to_about(info.get("about")),
        location=_to_location(info.get("location_data")),
    )


def _to_link(link: Any) -> BioLink | None:
    url = read_text(part(link, "url"))
    if not url:
        return None
    return BioLink(
        url=url,
        title=read_text(link.get("title")),
        lynx_url=_word(link.get("lynx_url")),
        link_id=_word(link.get("link_id")),
        link_type=_word(link.get("link_type")),
        is_pinned=link.get("is_pinned") is True,
    )


def _to_pictures(info: dict[str, Any]) -> tuple[Picture, ...]:
    """Each size once, smallest first."""
    found = {}
    for version in items_of(info.get("hd_profile_pic_versions")):
        url = read_text(part(version, "url"))
        width, height = _small(part(version, "width")), _small(part(version, "height"))
        if url and width and height:
            picture_id = _word(info.get("profile_pic_id")) or urlsplit(url).path
            found[width, height] = Picture(
                picture_id=picture_id, width=width, height=height, url=url
            )
    return tuple(found[size] for size in sorted(found))


def _to_about(about: Any) -> About | None:
    if not isinstance(about, dict):
        return None
    former = about.get("former_usernames")
    return About(
        country=_word(about.get("country")),
        date_joined=_word(about.get("date_joined")),
        joined_at=_moment(about.get("date_joined_as_timestamp")),
        former_usernames=None if former in (None, "") else str(former),
    )


def _to_location(location: Any) -> Location | None:
    """None when nothing of it is set; 0 degrees both ways is a place in the sea, and how "not set" looks."""
    if not isinstance(location, dict):
        return None
    latitude, longitude = _degrees(location.get("latitude")), _degrees(location.get("longitude"))
    has_place = bool(latitude or longitude)
    found = Location(
        address_street=_word(location.get("address_street")),
        city_name=_word(location.get("city_name")),
        city_id=_word(location.get("city_id")),
        instagram_location_id=_word(location.get("instagram_location_id")),
        latitude=latitude if has_place else None,
        longitude=longitude if has_place else None,
        zip=_word(location.get("zip")),
    )
    return None if found == Location() else found


def _degrees(value: Any) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else None


def _small(value: Any) -> int | None:
    """A count that an integer column holds."""
    count = read_count(value)
    return count if count is not None and count < _LARGEST_SMALL else None


_LARGEST_SMALL = 2**31


def _word(value: Any) -> str | None:
    """Ids and words, which come as texts and as numbers; what is not set is "" or 0."""
    return str(value) if value and isinstance(value, str | int | float) else None


def _moment(seconds: Any) -> datetime | None:
    try:
        return moment(seconds) if seconds else None
    except UpstreamError:  # of all that an account says, this matters least
        return None
