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
from cicero_cli.gateways.upstream.listing import moment

Word = str | int | float | None  # ids come as texts and as numbers, what is not set as "" or 0


class _BioLink(msgspec.Struct, frozen=True):
    url: str | None = None
    title: str | None = None
    lynx_url: str | None = None
    link_id: Word = None
    link_type: str | None = None
    is_pinned: bool | None = None


class _Picture(msgspec.Struct, frozen=True):
    url: str | None = None
    width: int | None = None
    height: int | None = None


class _About(msgspec.Struct, frozen=True):
    country: str | None = None
    date_joined: str | None = None
    date_joined_as_timestamp: int | str | None = None
    former_usernames: Any = None


class _Location(msgspec.Struct, frozen=True):
    address_street: str | None = None
    city_name: str | None = None
    city_id: Word = None
    instagram_location_id: Word = None
    latitude: float | None = None
    longitude: float | None = None
    zip: Word = None


class _Info(msgspec.Struct, frozen=True):
    id: str | int
    username: str
    follower_count: int
    following_count: int
    media_count: int | None = None
    full_name: str | None = None
    biography: str | None = None
    is_private: bool | None = None
    is_verified: bool | None = None
    is_business: bool | None = None
    account_type: int | None = None
    category: str | None = None
    category_id: Word = None
    external_url: str | None = None
    public_email: str | None = None
    public_phone_country_code: Word = None
    public_phone_number: Word = None
    contact_phone_number: Word = None
    business_contact_method: str | None = None
    fbid_v2: Word = None
    total_igtv_videos: int | None = None
    latest_reel_media: int | None = None
    profile_pic_id: Word = None
    profile_pic_url: str | None = None
    profile_pic_url_hd: str | None = None
    hd_profile_pic_versions: list[_Picture] | None = None
    bio_links: list[_BioLink] | None = None
    about: _About | None = None
    location_data: _Location | None = None


class _InfoReply(msgspec.Struct, frozen=True):
    data: _Info


info_decoder = msgspec.json.Decoder(_InfoReply)


def to_profile(reply: _InfoReply) -> InstagramProfile:
    """The account of an answer; what is "" or 0 there is None here."""
    info = reply.data
    return InstagramProfile(
        account_id=str(info.id),
        username=info.username.lower(),
        full_name=info.full_name or "",
        biography=info.biography or "",
        followers=info.follower_count,
        following=info.following_count,
        posts=info.media_count or 0,
        is_private=bool(info.is_private),
        is_verified=bool(info.is_verified),
        category=info.category or None,
        external_url=info.external_url or None,
        picture_url=info.profile_pic_url_hd or info.profile_pic_url,
        is_business=bool(info.is_business),
        account_type=info.account_type,
        category_id=_word(info.category_id),
        public_email=info.public_email or None,
        public_phone_country_code=_word(info.public_phone_country_code),
        public_phone_number=_word(info.public_phone_number),
        contact_phone_number=_word(info.contact_phone_number),
        business_contact_method=info.business_contact_method or None,
        fbid=_word(info.fbid_v2),
        total_igtv_videos=info.total_igtv_videos,
        latest_reel_at=_moment(info.latest_reel_media),
        bio_links=tuple(_to_link(link) for link in info.bio_links or () if link.url),
        pictures=_to_pictures(info),
        about=_to_about(info.about),
        location=_to_location(info.location_data),
    )


def _to_link(link: _BioLink) -> BioLink:
    return BioLink(
        url=link.url or "",
        title=link.title or "",
        lynx_url=link.lynx_url or None,
        link_id=_word(link.link_id),
        link_type=link.link_type or None,
        is_pinned=bool(link.is_pinned),
    )


def _to_pictures(info: _Info) -> tuple[Picture, ...]:
    """Each size once, smallest first."""
    found = {
        (version.width, version.height): Picture(
            picture_id=_word(info.profile_pic_id) or urlsplit(version.url).path,
            width=version.width,
            height=version.height,
            url=version.url,
        )
        for version in info.hd_profile_pic_versions or ()
        if version.url and version.width and version.height
    }
    return tuple(found[size] for size in sorted(found))


def _to_about(about: _About | None) -> About | None:
    if about is None:
        return None
    former = about.former_usernames
    return About(
        country=about.country or None,
        date_joined=about.date_joined or None,
        joined_at=_moment(about.date_joined_as_timestamp),
        former_usernames=None if former in (None, "") else str(former),
    )


def _to_location(location: _Location | None) -> Location | None:
    """None when nothing of it is set; 0 degrees both ways is a place in the sea, and how "not set" looks."""
    if location is None:
        return None
    has_place = bool(location.latitude or location.longitude)
    found = Location(
        address_street=location.address_street or None,
        city_name=location.city_name or None,
        city_id=_word(location.city_id),
        instagram_location_id=_word(location.instagram_location_id),
        latitude=location.latitude if has_place else None,
        longitude=location.longitude if has_place else None,
        zip=_word(location.zip),
    )
    return None if found == Location() else found


def _word(value: Word) -> str | None:
    return str(value) if value else None


def _moment(seconds: int | str | None) -> datetime | None:
    try:
        return moment(seconds) if seconds else None
    except UpstreamError:  # of all that an account says, this matters least
        return None
