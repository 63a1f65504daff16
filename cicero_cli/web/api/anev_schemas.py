"""What OpenAPI shows of the answer of `dashboard/anev`; web/api/anev.py makes it."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from cicero_cli.web.http.answers import Schema


class Filters(Schema):
    """What was asked for, as it was understood."""

    time_range: str
    start_date: date | None = Field(description="null when there is no client")
    end_date: date | None
    client_id: str | None = Field(description="null for several")
    role: str | None
    scope: str | None
    regional_id: str | None
    permitted_time_ranges: list[str]


class Person(Schema):
    """Somebody who was expected, under the own client."""

    user_id: str
    nama: str
    title: str | None
    divisi: str | None
    jabatan: str | None
    insta: str | None
    tiktok: str | None
    exception: bool
    client_id: str
    nama_client: str


class _Engaged(Schema):
    user_id: str
    nama: str
    divisi: str | None
    client_id: str
    username: str | None


class Liker(_Engaged):
    """A user, and how many posts the handle has liked."""

    total_likes: int


class Commenter(_Engaged):
    """A user, and how many posts the handle has commented on."""

    total_comments: int


class InstagramEngagement(Schema):
    """Most likes first."""

    total_posts: int
    total_likes: int
    per_user: list[Liker]


class TiktokEngagement(Schema):
    """Most comments first; several by one user on one post are one."""

    total_posts: int
    total_comments: int
    per_user: list[Commenter]


class PostCounts(Schema):
    """Posts of the days."""

    instagram: int
    tiktok: int


class Compliance(Schema):
    """What a user was to do, and did; one with an exception has done all."""

    user_id: str
    nama: str
    assigned: int
    completed: int
    likes: int
    comments: int
    completion_rate: float = Field(description="from 0 to 1")


class SatfungUsers(Schema):
    """A division's active users."""

    satfung: str
    count: int


class SatfungLikes(Schema):
    """A division's likes; `active_personnel` have liked at least one of `task_count` posts."""

    satfung: str
    likes: int
    task_count: int
    total_personnel: int
    active_personnel: int


class SatfungComments(Schema):
    """A division's comments; `active_personnel` have commented on at least one of `task_count` posts."""

    satfung: str
    comments: int
    task_count: int
    total_personnel: int
    active_personnel: int


class Totals(Schema):
    """Sums over all users. An action is a post to like or to comment on."""

    posts: PostCounts
    likes: int
    comments: int
    total_users: int
    expected_actions: int = Field(description="the sum of what each user was to do")
    completed_actions: int
    overall_completion_rate: float = Field(description="from 0 to 1")
    compliance_per_pelaksana: list[Compliance]
    user_per_satfung: list[SatfungUsers]
    likes_per_satfung: list[SatfungLikes]
    tiktok_per_satfung: list[SatfungComments]


class PlatformSums(Schema):
    """One platform: its posts, and what was done there (likes on Instagram, comments on TikTok)."""

    platform: str = Field(examples=["instagram", "tiktok"])
    posts: int
    likes: int
    comments: int


class Task(Schema):
    """A post of the days."""

    task_id: str
    task_link: str


class PlatformTasks(Schema):
    """Posts of the days, oldest first."""

    instagram: list[Task]
    tiktok: list[Task]


class Raw(Schema):
    """What the sums are made of."""

    platform_tasks: PlatformTasks


class Aggregates(Schema):
    """What the page adds up."""

    totals: Totals
    platforms: list[PlatformSums]
    raw: Raw


class AnevData(Schema):
    """Everybody and everything of the days."""

    filters: Filters
    user_directory: list[Person]
    instagram_engagement: InstagramEngagement
    tiktok_engagement: TiktokEngagement
    aggregates: Aggregates
    raw: Raw = Field(description="as in `aggregates`")
