"""Records that are kept one by one: options become fields, and what became of a record is told in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from cicero_cli.console.language import shown
from cicero_cli.console.outcome import Outcome, record_outcome
from cicero_cli.console.tables import cell
from cicero_cli.domain.platforms import Platform
from cicero_cli.words import Text, join_texts

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


NOTHING_CHANGED = Text("Nothing is different: that is on file already.")


def fields_of(
    options: Mapping[str, Any], columns: Mapping[str, str], *, key: str = ""
) -> dict[str, Any]:
    """What was typed, by column: `options` are a command's `locals()`, taken in its first line, before it has others;
    `columns` says which are called otherwise.

    `key`: the argument that names the record instead of changing it.
    """
    return {
        columns.get(option, option): value for option, value in options.items() if option != key
    }


def added_outcome(
    record: DataclassInstance,
    line: str,
    *,
    more: Mapping[str, Any] = MappingProxyType({}),
    notes: Sequence[str] = (),
) -> Outcome:
    """A record that is new: itself for a script, with `more`; a line for a person."""
    row = {**asdict(record), **more}
    return Outcome(rows=[row], document=row, text=line, notes=notes)


def removed_outcome(line: str, record_id: str) -> Outcome:
    """A record that is gone."""
    return Outcome(text=line, document={"removed": record_id})


def user_outcome(user: DataclassInstance, extra: Mapping[Platform, Sequence[str]]) -> Outcome:
    """A user, and by platform what the user uses beside the main handle: `extra_insta`, `extra_tiktok`."""
    others = {f"extra_{platform}": list(handles) for platform, handles in extra.items()}
    shown = {name: ", ".join(handles) for name, handles in others.items() if handles}
    outcome = record_outcome({**asdict(user), **shown})
    return replace(outcome, document={**asdict(user), **others})


def with_history(
    outcome: Outcome, history: Sequence[DataclassInstance], *, limit: int | None
) -> Outcome:
    """A record and what it was on earlier days: a line for each for a person, the newest `limit` of them (None: all).

    `history` in the JSON is whole; who is on one client's roster need not read that no other one has them.
    """
    days = [asdict(one) for one in history]
    told = [one for one in days if _is_news(one, days)]
    lines = []
    for one in told[:limit]:
        facts = [
            *[value for key, value in one.items() if isinstance(value, str) and key != "nama"],
            *([Text("exception")] if one["exception"] else []),
            *([] if one["status"] else [Text("not on the roster")]),
        ]
        span = f"{one['from_day'] or ''}..{one['last_day'] or ''}"
        lines.append({"field": span, "value": join_texts(facts, ", ")})
    earlier = len(told) - len(lines)
    notes = [Text("… and {count} earlier: --all shows them", count=earlier)] if earlier else []
    document = {**outcome.document, "history": days}
    return replace(
        outcome,
        rows=[*(outcome.rows or ()), *lines],
        document=document,
        notes=[*outcome.notes, *notes],
    )


def changed_outcome(
    before: Outcome, after: Outcome, key: str, *, past: str | None = None
) -> Outcome:
    """A record after a change: what is different (`old > new`) for a person, for a script the record with
    `changed: {field: {old, new}}`. `past`: the days before today that were changed too.
    """
    new = after.document
    changed = find_changes(before.document, new)
    lines = change_lines(changed)
    line = Text("{record_id} ({nama}) changed:", record_id=new[key], nama=new["nama"])
    if not lines and past is None:
        line = NOTHING_CHANGED
    elif past is not None:
        lines.append(f"  {shown('days mended: {days}', days=past)}")
    return replace(
        after, text="\n".join([shown(line), *lines]), document={**new, "changed": changed}
    )


def find_changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """`{field: {old, new}}` of the fields that are different."""
    return {
        name: {"old": old.get(name), "new": value}
        for name, value in new.items()
        if old.get(name) != value
    }


def change_lines(changed: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """`  field: old > new`, a line each."""
    return [
        f"  {name}: {_told(each['old'])} > {_told(each['new'])}" for name, each in changed.items()
    ]


def days_mended(from_day: str | None, until: str | None = None) -> str | None:
    """`2026-11-01..2026-11-05` as it was typed; None when it was not."""
    return None if from_day is None else f"{from_day}..{until or ''}"


def _told(value: object) -> str:
    """As `set` takes it: what holds nothing is `''`, what is not on file `-`."""
    return "-" if value is None else cell(value) or "''"


def _is_news(one: Mapping[str, Any], days: Sequence[Mapping[str, Any]]) -> bool:
    return one["status"] or not any(
        other["status"]
        and (other["from_day"] or date.min) <= (one["last_day"] or date.max)
        and (other["last_day"] or date.max) >= (one["from_day"] or date.min)
        for other in days
    )
