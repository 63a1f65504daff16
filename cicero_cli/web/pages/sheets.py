"""CSV upload in two steps: what it would change, then the change. Between them the browser keeps the file.

The second form repeats the file and what was shown (`digest`). When the users have changed meanwhile, so that the import
would do something else than was agreed to, nothing is written and the new difference is shown.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import replace

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.accounts import Role
from cicero_cli.domain.clients import Client as ClientRow
from cicero_cli.domain.roster_diff import RosterDiff
from cicero_cli.domain.roster_text import doubt_user_ids
from cicero_cli.errors import InputError, TryLaterError
from cicero_cli.services.importing import Imported, import_users
from cicero_cli.services.registering import get_client
from cicero_cli.web.access import Client
from cicero_cli.web.call import Call
from cicero_cli.web.pages.forms import Upload, read_form
from cicero_cli.web.pages.guarding import page_router
from cicero_cli.web.pages.rendering import go_to, render_page
from cicero_cli.web.pages.words import translate

router = page_router()

LARGEST_BYTES = 1_000_000
_UPLOAD_LIMIT = LARGEST_BYTES + 20_000
_CONFIRM_LIMIT = LARGEST_BYTES * 3 // 2


class _ChangedSinceError(Exception):
    """The import would now do something else than was shown."""

    def __init__(self, imported: Imported) -> None:
        super().__init__()
        self.imported = imported


@router.read("/klien/{client_id}/impor", role=Role.OPERATOR, client=Client.NAMED)
def form(call: Call) -> Response:
    """Show the upload form."""
    return _show_form(call, get_client(call.store, call.one_client))


@router.write(
    "POST",
    "/klien/{client_id}/impor",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=_UPLOAD_LIMIT,
)
def preview(call: Call) -> Response:
    """Show what the file would change, and every row that is wrong."""
    client = get_client(call.store, call.one_client)
    upload = read_form(call.request).files.get("berkas")
    if upload is None or not upload.name:
        return _show_form(call, client, error="Pilih dahulu berkas CSV.")
    if len(upload.content) > LARGEST_BYTES:
        raise HTTPException(413)
    try:
        imported = _import(call, client, upload, dry_run=True, skip_bad=False)
    except InputError as error:
        return _show_form(call, client, error=translate(error.message))
    return _show_diff(call, client, upload, imported)


@router.write(
    "POST",
    "/klien/{client_id}/impor/terapkan",
    role=Role.OPERATOR,
    client=Client.NAMED,
    body_limit=_CONFIRM_LIMIT,
)
def apply(call: Call) -> Response:
    """Write what was shown; show it anew when it is no longer that."""
    client = get_client(call.store, call.one_client)
    sent = read_form(call.request)
    try:
        content = base64.urlsafe_b64decode(sent.get("isi").encode("ascii"))
    except (binascii.Error, ValueError) as error:
        raise HTTPException(400, "Berkas tidak terbaca; unggah lagi.") from error
    if len(content) > LARGEST_BYTES:
        raise HTTPException(413)
    upload = Upload(sent.get("nama_berkas")[:80], content)
    try:
        with call.store.transaction():
            imported = _import(
                call, client, upload, dry_run=False, skip_bad=sent.get("lewati") == "ya"
            )
            _require_agreed(imported, sent.get("digest"))
    except _ChangedSinceError as changed:
        notice = "Data personel berubah sejak pratinjau, jadi belum ada yang disimpan. Periksa lagi perubahan di bawah."
        return _show_diff(call, client, upload, changed.imported, notice=notice, status=409)
    except (InputError, TryLaterError) as error:
        return _show_form(call, client, error=translate(error.message))
    if imported.refused:
        return _show_diff(call, client, upload, imported, status=400)
    return go_to(f"/klien/{client.client_id}/personel?ok=impor")


def _import(
    call: Call, client: ClientRow, upload: Upload, *, dry_run: bool, skip_bad: bool
) -> Imported:
    return import_users(
        call.store,
        client.client_id,
        upload.name if upload.name.strip(" -") else "berkas.csv",
        by=call.actor,
        content=upload.content,
        dry_run=dry_run,
        skip_bad=skip_bad,
    )


def _require_agreed(imported: Imported, digest: str) -> None:
    if _digest(imported.diff) != digest:
        raise _ChangedSinceError(imported)


def _digest(diff: RosterDiff) -> str:
    told = [(change.line, change.before, change.user) for change in [*diff.new, *diff.changed]]
    return hashlib.sha256(repr((told, list(diff.bad))).encode()).hexdigest()


def _show_form(call: Call, client: ClientRow, *, error: str = "") -> Response:
    return render_page(
        call,
        "import_form.html.j2",
        http_status=400 if error else 200,
        client=client,
        error=error,
        largest_megabytes=LARGEST_BYTES // 1_000_000,
    )


def _show_diff(
    call: Call,
    client: ClientRow,
    upload: Upload,
    imported: Imported,
    *,
    notice: str = "",
    status: int = 200,
) -> Response:
    diff = imported.diff
    return render_page(
        call,
        "import_diff.html.j2",
        http_status=status,
        client=client,
        name=imported.source,
        diff=diff,
        bad=[replace(row, reason=translate(row.reason)) for row in diff.bad],
        ignored=list(imported.roster.ignored),
        has_doubt=bool(doubt_user_ids(diff)),
        writes=len(diff.new) + len(diff.changed),
        content=base64.urlsafe_b64encode(upload.content).decode(),
        digest=_digest(diff),
        notice=notice,
    )
