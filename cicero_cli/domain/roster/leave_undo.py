"""What taking back an import of people does to the leave that it brought."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from cicero_cli.domain.roster.import_changes import ImportChange, Kept, kept_field
from cicero_cli.domain.roster.leave_days import LeaveChange, LeaveDays
from cicero_cli.domain.roster.users import User


def undo_leave(
    changes: Sequence[ImportChange],
    present: Mapping[str, User],
    staying: Collection[str],
    on_file: Mapping[str, Sequence[LeaveDays]],
) -> tuple[dict[str, LeaveChange], list[Kept]]:
    """What becomes of leave that stands as the import left it, and which does not; of people who stay as they are, nothing."""
    taken_back: dict[str, LeaveChange] = {}
    kept: list[Kept] = []
    for change in changes:
        if change.leave is None or change.user_id in staying:
            continue
        if change.leave.after in on_file.get(change.user_id, ()):
            taken_back[change.user_id] = LeaveChange(
                before=change.leave.after, after=change.leave.before
            )
        elif user := present.get(change.user_id):
            kept.append(kept_field(user, "leave"))
    return taken_back, kept
