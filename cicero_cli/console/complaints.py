"""A complaint as a shell shows it: the figures then and now, post by post."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from cicero_cli.domain.attendance.complaints import Figures, count_done, is_done
from cicero_cli.domain.periods import in_zone, zone_abbreviation
from cicero_cli.domain.platforms import Platform
from cicero_cli.words import Text, join_texts

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from cicero_cli.services.attendance.complaints import ComplaintThenAndNow

_VIA = {
    "command": Text("by command"),
    "page": Text("on the page"),
    "dashboard": Text("by the dashboard"),
    "whatsapp": Text("by WhatsApp"),
}


def complaint_document(found: ComplaintThenAndNow) -> dict[str, Any]:
    """The JSON of `komplain show`: all that is kept, `then` and `now` as in `absensi explain`; times are the client's."""
    kept = asdict(found.complaint)
    zone = found.client.zone
    for name in ("filed_at", "proved_at", "closed_at"):
        kept[name] = in_zone(kept[name], zone)
    then = kept.pop("figures")
    return {
        **kept,
        "nama": found.user.nama,
        "message_id": found.message_id,
        "was": count_done(then),
        "is": count_done(found.now),
        "then": then,
        "now": found.now,
    }


def complaint_text(found: ComplaintThenAndNow) -> Text:
    """The same for a person to read."""
    kept, zone = found.complaint, found.client.zone
    lines = [
        Text(
            "Complaint {number}, {status}: {nama} ({user_id}) about {client_id}, {day}; times in {zone}",
            number=kept.complaint_id,
            status=kept.status.value,
            nama=found.user.nama,
            user_id=kept.user_id,
            client_id=kept.client_id,
            day=kept.day.isoformat(),
            zone=zone_abbreviation(zone),
        ),
        Text(
            "  filed {at} {via}, {by}: {issue}",
            at=_at(kept.filed_at, zone),
            via=_VIA[kept.via],
            by=kept.filed_by,
            issue=kept.issue or "-",
        ),
    ]
    if kept.username:
        lines.append(Text("  handle that was told: @{handle}", handle=kept.username))
    if kept.proved_at:
        lines.append(
            Text(
                "  proved {at} by {posts:,} post; {told}",
                plural="  proved {at} by {posts:,} posts; {told}",
                count=len(kept.proof or ()),
                posts=len(kept.proof or ()),
                at=_at(kept.proved_at, zone),
                told=Text("the person was told (message {number})", number=found.message_id)
                if found.message_id
                else Text("no message of it is on file"),
            )
        )
    if kept.closed_at:
        lines.append(
            Text(
                "  closed {at} by {by}: {answer}",
                at=_at(kept.closed_at, zone),
                by=kept.closed_by,
                answer=kept.answer,
            )
        )
    if not kept.figures:
        lines.append(Text("  the figures of then were not kept; those of now:"))
    for platform in found.now:
        lines += [Text(""), *_platform_lines(platform, kept.figures, found.now, zone)]
    return join_texts(lines, "\n")


def _platform_lines(platform: str, then: Figures, now: Figures, zone: ZoneInfo) -> Iterator[Text]:
    was, seen = _posts(then, platform), _posts(now, platform)
    yield Text(
        "{platform}: {was} of {posts_then} then, {done} of {posts} now",
        platform=Platform(platform).label,
        was=sum(map(is_done, was.values())),
        posts_then=len(was),
        done=sum(map(is_done, seen.values())),
        posts=len(seen),
    )
    for key in {**was, **seen}:
        yield Text("  {url}", url=(seen.get(key) or was[key])["url"])
        yield Text("    then: {state}", state=_state(was.get(key), Text("not listed yet"), zone))
        yield Text("    now:  {state}", state=_state(seen.get(key), Text("does not count"), zone))


def _posts(figures: Figures, platform: str) -> dict[str, Mapping[str, Any]]:
    return {post["id"]: post for post in figures.get(platform, {}).get("posts", ())}


def _state(post: Mapping[str, Any] | None, absent: Text, zone: ZoneInfo) -> Text:
    if post is None:
        return absent
    if post["seen_at"]:
        return Text("SEEN, first at {at}", at=_at(datetime.fromisoformat(post["seen_at"]), zone))
    if post["accepted"]:
        return Text("ACCEPTED: {reason}", reason=post["accepted"])
    if not post["fetched_at"]:
        return Text("not read yet")
    return Text(
        "not seen; {listed:,} of {total} listed at {at}",
        listed=post["listed"],
        total=Text("a hidden total")
        if post["total"] is None
        else Text("{number:,}", number=post["total"]),
        at=_at(datetime.fromisoformat(post["fetched_at"]), zone),
    )


def _at(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d %b %H:%M}"
