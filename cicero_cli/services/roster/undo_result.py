"""What taking back an import did, or would do, whether of people or of clients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from cicero_cli.domain.roster.import_changes import Kept
from cicero_cli.errors import InputError
from cicero_cli.repositories.database.store import Store
from cicero_cli.repositories.roster.kept_imports import KeptImport

MOST_LISTED = 100


def attempt(store: Store, *, dry_run: bool) -> AbstractContextManager[None]:
    """What is done inside holds, unless it is a dry run."""
    return store.rehearsal() if dry_run else store.transaction()


def undone_already(import_id: int) -> InputError:
    """The error for an import that was taken back before."""
    return InputError("import {import_id} was taken back already", import_id=import_id)


def undo_document(
    of: KeptImport,
    *,
    key: str,
    gone: Sequence[Mapping[str, Any]],
    changes: Sequence[Mapping[str, Any]],
    kept: Sequence[Kept],
    dry_run: bool,
) -> dict[str, Any]:
    """A taken back import as JSON (docs/scripting.md). `key`: what the ids of users or clients are called."""
    return {
        "import_id": of.import_id,
        "source": of.source,
        "at": of.at.isoformat(),
        "dry_run": dry_run,
        "gone": len(gone),
        "restored": len({change[key] for change in changes}),
        "kept": [
            {key: one.key, "nama": one.nama, "field": one.field, "reason": one.reason}
            for one in kept
        ],
        f"gone_{key.removesuffix('_id')}s": [*gone],
        "changes": [*changes],
    }
