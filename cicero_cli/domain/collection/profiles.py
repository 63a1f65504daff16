"""Profiles: an account as its platform shows it to anybody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from cicero_cli.domain.platforms import Platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What both platforms show. A text that is not there is None where that means something, else empty."""

    account_id: str  # stays when the name changes
    username: str
    full_name: str
    biography: str
    followers: int
    following: int
    posts: int
    is_private: bool
    is_verified: bool
    category: str | None = None
    external_url: str | None = None
    picture_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BioLink:
    """One link below a biography."""

    url: str
    title: str = ""
    lynx_url: str | None = None
    link_id: str | None = None
    link_type: str | None = None
    is_pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """The profile's picture in one size; `picture_id` stays while the signed address changes."""

    picture_id: str
    width: int
    height: int
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What Instagram says of the account itself; the upstream tells it only when asked to."""

    country: str | None = None
    date_joined: str | None = None  # month and year in words
    joined_at: datetime | None = None
    former_usernames: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where an account says that it is; what is not set is None."""

    address_street: str | None = None
    city_name: str | None = None
    city_id: str | None = None
    instagram_location_id: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    zip: str | None = None

    @property
    def address(self) -> str | None:
        """Street, town and postcode in one line."""
        parts = [self.address_street, self.city_name, self.zip]
        return ", ".join(part for part in parts if part) or None


@dataclass(frozen=True, slots=True, kw_only=True)
class InstagramProfile(Profile):
    """An Instagram account, as /v1/info tells it."""

    is_business: bool = False
    account_type: int | None = None
    category_id: str | None = None
    public_email: str | None = None
    public_phone_country_code: str | None = None
    public_phone_number: str | None = None
    contact_phone_number: str | None = None
    business_contact_method: str | None = None
    fbid: str | None = None
    total_igtv_videos: int | None = None
    latest_reel_at: datetime | None = None
    bio_links: tuple[BioLink, ...] = ()
    pictures: tuple[Picture, ...] = ()
    about: About | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TiktokProfile(Profile):
    """A TikTok account, as /api/user/info tells it."""

    secuid: str
    hearts: int
    friends: int | None = None


AnyProfile = InstagramProfile | TiktokProfile


def platform_of(profile: AnyProfile) -> Platform:
    """Where the account is."""
    return Platform.INSTA if isinstance(profile, InstagramProfile) else Platform.TIKTOK


@dataclass(frozen=True, slots=True)
class KnownProfile:
    """A profile as it was at a moment."""

    profile: AnyProfile
    fetched_at: datetime
