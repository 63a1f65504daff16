"""Looking at any account on a dashboard's behalf: what is known and fresh serves, else the upstream is asked once.

What the upstream says is kept. When it cannot be asked (no key, no quota, no answer), what was known before serves,
however old, and says so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

from cicero_cli.domain.collection.posts import Listing, UpstreamPost
from cicero_cli.domain.collection.profiles import AnyProfile, TiktokProfile
from cicero_cli.domain.collection.usage import Meter
from cicero_cli.domain.periods import HOME_ZONE, local_day
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.domain.roster.posts_until import counted_day
from cicero_cli.errors import (
    CiceroError,
    QuotaError,
    RejectedError,
    SettingError,
    TryLaterError,
    UpstreamError,
)
from cicero_cli.repositories.collection.any_account import Survey
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.collection.quotas import exhausted_until, refuse_while_exhausted
from cicero_cli.services.ports import AccountSource

T = TypeVar("T")

log = logging.getLogger(__name__)

PROFILE_IS_FRESH = timedelta(hours=1)
POSTS_ARE_FRESH = timedelta(minutes=15)
MOST_POSTS = 120  # ten pages of Instagram
FIRST_MOMENT = datetime(2010, 1, 1, tzinfo=UTC)  # before it nothing was published


class BudgetError(TryLaterError):
    """The account at whose behest the upstream would be asked has asked enough for now."""

    code = "budget"


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Who asks, and what with.

    `spend` counts requests against the account's budget, or takes some back; False: it was used up before.
    """

    store: Store
    open_source: Callable[[], AccountSource]
    spend: Callable[[int], bool]
    now: datetime


@dataclass(frozen=True)
class Surveyed(Generic[T]):
    """An answer; stale when the upstream should have been asked and could not be."""

    found: T
    fetched_at: datetime
    is_stale: bool = False


@dataclass(frozen=True, kw_only=True)
class PostsWanted:
    """Which posts: the newest `limit` of those published from `start` (None: whenever) up to `end`."""

    limit: int
    start: datetime | None = None
    end: datetime | None = None

    def pick(self, posts: Sequence[UpstreamPost]) -> tuple[UpstreamPost, ...]:
        """Newest first, each once."""
        distinct = {post.post_key: post for post in posts}.values()
        newest = sorted(distinct, key=lambda post: post.published_at, reverse=True)
        return tuple(post for post in newest if self._includes(post))[: self.limit]

    def is_answered_by(self, survey: Survey) -> bool:
        """Whether asking the upstream would bring nothing more."""
        if self.start is not None and survey.reaches_back_to <= self.start:
            return True
        showed_nothing = not survey.posts and survey.reaches_back_to >= survey.fetched_at
        return (
            showed_nothing
            or survey.reaches_back_to <= FIRST_MOMENT
            or len(survey.posts) >= MOST_POSTS
            or len(self.pick(survey.posts)) >= self.limit
        )

    def _includes(self, post: UpstreamPost) -> bool:
        return (self.start is None or post.published_at >= self.start) and (
            self.end is None or post.published_at < self.end
        )


def survey_profile(
    asking: Asking, platform: Platform, username: str, *, zone: ZoneInfo = HOME_ZONE
) -> Surveyed[AnyProfile]:
    """The account of this name. BudgetError, and whatever the upstream says when nothing is known of the account."""
    known = asking.store.profiles.find(platform, username)
    if known is not None and asking.now - known.fetched_at < PROFILE_IS_FRESH:
        return Surveyed(known.profile, known.fetched_at)
    try:
        profile = _ask(asking, lambda source, meter: source.read_profile(username, meter=meter))
    except (QuotaError, SettingError, UpstreamError) as error:
        older = known and Surveyed(known.profile, known.fetched_at, is_stale=True)
        return _fall_back(error, older or None)
    asking.store.profiles.store(profile, day=local_day(asking.now, zone), now=asking.now)
    return Surveyed(profile, asking.now)


def survey_posts(
    asking: Asking,
    platform: Platform,
    username: str,
    wanted: PostsWanted,
    *,
    client: Client | None = None,
) -> Surveyed[tuple[UpstreamPost, ...]]:
    """Posts of the account of this name, which is `client`'s when one is given; errors as survey_profile."""
    surveys = asking.store.surveys(platform)
    survey = surveys.find(username)
    is_fresh = survey is not None and asking.now - survey.fetched_at < POSTS_ARE_FRESH
    is_stale = False
    if survey is None or not is_fresh or not wanted.is_answered_by(survey):
        try:
            survey = _look(asking, platform, username, wanted, client)
        except (QuotaError, SettingError, UpstreamError) as error:
            survey = _fall_back(error, survey or _stored_survey(asking, platform, wanted, client))
            is_stale = True
        else:
            surveys.store(username, survey)
    posts = list(survey.posts)
    if client is not None and wanted.start is not None:
        posts = [*_list_stored(asking, platform, wanted, client), *posts]  # the newer look wins
    return Surveyed(wanted.pick(posts), survey.fetched_at, is_stale)


def _look(
    asking: Asking, platform: Platform, username: str, wanted: PostsWanted, client: Client | None
) -> Survey:
    """Ask for the newest posts and keep those of clients."""
    since = wanted.start or FIRST_MOMENT
    whose = _as_client(asking, platform, username, client)
    depth = MOST_POSTS if wanted.start is not None else wanted.limit
    listing = _ask(
        asking,
        lambda source, meter: source.list_posts(whose, since=since, meter=meter, limit=depth),
    )
    _keep_posts_of_clients(asking, platform, username, listing)
    if listing.is_complete:
        reaches_back_to = since
    else:
        unpinned = [post.published_at for post in listing.posts if not post.is_pinned]
        reaches_back_to = min(unpinned, default=asking.now)
    return Survey(listing.posts, reaches_back_to, asking.now)


def _as_client(asking: Asking, platform: Platform, username: str, client: Client | None) -> Client:
    """Whose posts a source is asked for; on TikTok with the secUid that goes with the name."""
    if platform is Platform.INSTA:
        return Client(client_id="", nama=username, client_insta=username)
    if client is not None and client.client_tiktok == username and client.tiktok_secuid:
        return client
    profile = survey_profile(asking, platform, username).found
    assert isinstance(profile, TiktokProfile)  # noqa: S101 - it was asked for on TikTok
    if profile.is_private:
        raise RejectedError(
            "{platform} account {username} is private, so its posts cannot be read",
            platform="TikTok",
            code="account_private",
            username=username,
        )
    return Client(client_id="", nama=username, client_tiktok=username, tiktok_secuid=profile.secuid)


def _keep_posts_of_clients(
    asking: Asking, platform: Platform, username: str, listing: Listing
) -> None:
    """Store them for each client whose account it is, as far as fetches ask who liked them.

    A post of a day that no fetch has listed would count against everybody, for nobody has read who liked it.
    """
    if not listing.posts:
        return
    oldest = min(post.published_at for post in listing.posts)
    for client in asking.store.clients.list(active_only=True):
        if client.followed_username(platform) != username:
            continue
        first_day = local_day(oldest, client.zone)
        today = local_day(asking.now, client.zone)
        days = {
            *asking.store.surveys(platform).list_told_days(client.client_id, first_day),
            today,
            today + timedelta(days=1),  # of this evening
        }
        posts = [post for post in listing.posts if _day_of(asking.store, client, post) in days]
        with asking.store.transaction():
            asking.store.posts(platform).store(client.client_id, posts, now=asking.now)
            if listing.secuid is not None and listing.secuid != client.tiktok_secuid:
                asking.store.clients.remember_secuid(client.client_id, listing.secuid)


def _day_of(store: Store, client: Client, post: UpstreamPost) -> date:
    evening = store.clients.of_day(client, local_day(post.published_at, client.zone), None)
    return counted_day(post.published_at, client.zone, evening.posts_until)


def _stored_survey(
    asking: Asking, platform: Platform, wanted: PostsWanted, client: Client | None
) -> Survey | None:
    """What fetches have stored of a client's posts, as if somebody had looked when the newest of them was read."""
    if client is None:
        return None
    posts = _list_stored(asking, platform, wanted, client)
    keys = [post.post_key for post in posts]
    read_at = asking.store.surveys(platform).find_read_at(client.client_id, keys)
    return None if read_at is None else Survey(tuple(posts), FIRST_MOMENT, read_at)


def _list_stored(
    asking: Asking, platform: Platform, wanted: PostsWanted, client: Client
) -> list[UpstreamPost]:
    return asking.store.surveys(platform).list_stored(
        client.client_id,
        start=wanted.start or FIRST_MOMENT,
        end=wanted.end or asking.now + timedelta(days=1),
        limit=wanted.limit,
    )


def _ask(asking: Asking, question: Callable[[AccountSource, Meter], T]) -> T:
    """One question, within quota and budget; what it cost is recorded whatever comes of it."""
    source = asking.open_source()
    refuse_while_exhausted(asking.store, source.host, now=asking.now)
    if not asking.spend(1):
        raise BudgetError("this account has asked the upstream as often as it may for now")
    meter, quota_error = Meter(), None
    try:
        return question(source, meter)
    except QuotaError as error:
        quota_error = error
        raise
    finally:
        asking.spend(meter.requests - 1)  # nothing was asked: that one is taken back
        asking.store.usage.add(
            source.host,
            meter,
            exhausted_until=exhausted_until(quota_error, now=asking.now),
            now=asking.now,
        )


def _fall_back(error: CiceroError, known: T | None) -> T:
    """What was known before, unless the upstream said that there is no such account."""
    if known is None or isinstance(error, RejectedError):
        raise error
    log.warning("the upstream was not asked, an older answer serves: %s", error)
    return known
