"""The answer to "I did like it", for a person to read."""

from __future__ import annotations

from datetime import date

from cicero_cli.domain.attendance.absensi import Status
from cicero_cli.domain.attendance.laphar_sentences import evening_of
from cicero_cli.domain.collection.posts import Post
from cicero_cli.domain.periods import zone_abbreviation
from cicero_cli.domain.platforms import Platform
from cicero_cli.domain.roster.clients import Client
from cicero_cli.services.attendance.explanation import Explanation, PlatformExplanation
from cicero_cli.words import Text, join_texts


def explanation_text(explanation: Explanation) -> Text:
    """The same for a person to read: a paragraph a platform, a line or three a post."""
    user, client = explanation.user, explanation.client
    lines = [
        Text(
            "{nama} ({user_id}), {client_id}, {day}; times in {zone}",
            nama=user.nama,
            user_id=user.user_id,
            client_id=client.client_id,
            day=explanation.moment.day.isoformat(),
            zone=zone_abbreviation(client.zone),
        )
    ]
    rows = [part.in_report for part in explanation.platforms]
    if not any(rows):
        lines.append(Text("Not expected on this day, so its report does not count this user."))
    elif any(row and row.status is Status.DIKECUALIKAN for row in rows):
        lines.append(Text("Excepted on this day: counted as having done every post."))
    for part in explanation.platforms:
        lines += [Text(""), *_platform_lines(part, client)]
    return join_texts(lines, "\n")


def _platform_lines(part: PlatformExplanation, client: Client) -> list[Text]:
    lines = [_done_line(part)]
    if not part.is_listed:
        lines.append(
            Text(
                "  this day was never fetched (cicero fetch {platform})",
                platform=part.platform.value,
            )
        )
    elif not part.posts:
        lines.append(Text("  no posts that day, so nobody is absent"))
    for seen in part.posts:
        lines.append(Text("  {url}", url=seen.url))
        lines.append(_read_line(seen.post, part.platform, client, part.attendance.day))
        if evening_of(seen.post, part.attendance.day, client.zone):
            lines.append(
                Text(
                    "    of the evening before, after the last time for posts, so it counts on this day"
                )
            )
        if seen.seen_at is not None:
            at = seen.seen_at.astimezone(client.zone)
            lines.append(
                Text("    SEEN, first at {at:%d %b %H:%M}", at=at)
                if seen.seen_as == part.username
                else Text(
                    "    SEEN as @{handle}, first at {at:%d %b %H:%M}", handle=seen.seen_as, at=at
                )
            )
        elif seen.accepted is None:
            lines.append(_unseen_line(seen.post))
        if seen.accepted is not None:
            lines.append(
                Text(
                    "    ACCEPTED by {by} on {at:%d %b %H:%M}: {reason}",
                    by=seen.accepted.made_by,
                    at=seen.accepted.made_at.astimezone(client.zone),
                    reason=seen.accepted.reason,
                )
            )
        lines += [
            Text("    looks like: @{handle} ({reason})", handle=miss.handle, reason=miss.reason)
            for miss in seen.near_misses
        ]
    for post in part.attendance.late_posts:
        lines.append(Text("  {url}", url=post.url))
        lines.append(
            Text(
                "    published {at:%H:%M}, after {until}, so it counts on the next day",
                at=post.published_at.astimezone(client.zone),
                until=part.attendance.posts_until,
            )
        )
    return lines


def _done_line(part: PlatformExplanation) -> Text:
    handle: str = Text("no handle on file, so nothing can be matched")
    if part.username:
        handle = f"@{part.username}"
    if part.former:
        former = ", ".join(f"@{name}" for name in part.former)
        handle = Text("{handle}; before: {former}", handle=handle, former=former)
    done = sum(seen.is_done for seen in part.posts)
    return Text(
        "{platform}: {handle}; liked {done} of {posts} posts"
        if part.platform is Platform.INSTA
        else "{platform}: {handle}; commented {done} of {posts} posts",
        platform=part.platform.label,
        handle=handle,
        done=done,
        posts=len(part.posts),
    )


def _read_line(post: Post, platform: Platform, client: Client, day: date) -> Text:
    is_likes = platform is Platform.INSTA
    published_at = post.published_at.astimezone(client.zone)
    at = f"{published_at:%H:%M}" if published_at.date() == day else f"{published_at:%d %b %H:%M}"
    if post.fetched_at is None:
        if is_likes:
            return Text("    published {at}; likers not fetched yet", at=at)
        return Text("    published {at}; comments not fetched yet", at=at)
    total = (
        Text("a hidden total") if post.total is None else Text("{number:,.0f}", number=post.total)
    )
    return Text(
        "    published {at}; {listed:,} of {total} likers listed at {read:%d %b %H:%M}"
        if is_likes
        else "    published {at}; {listed:,} of {total} comments listed at {read:%d %b %H:%M}",
        at=at,
        listed=post.listed,
        total=total,
        read=post.fetched_at.astimezone(client.zone),
    )


def _unseen_line(post: Post) -> Text:
    if post.fetched_at is None:
        return Text("    NOT SEEN: run cicero fetch first")
    if post.total is not None and post.listed < post.total:
        missing = post.total - post.listed
        return Text(
            "    NOT SEEN, but {missing:,} are not listed, so absence is no proof", missing=missing
        )
    return Text("    NOT SEEN")
