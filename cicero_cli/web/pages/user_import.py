"""Upload of a sheet in two steps: what it would change, then the change. Between them the browser keeps the file.

The second form repeats the file and what was shown (`digest`). When the users have changed meanwhile, so that the import
would do something else than was agreed to, nothing is written and the new difference is shown.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import Response
from starlette.exceptions import HTTPException

from cicero_cli.domain.access.accounts import Role
from cicero_cli.errors import InputError, TryLaterError
from cicero_cli.services.roster.clients import get_client
from cicero_cli.services.roster.imported import Imported
from cicero_cli.services.roster.sheets import import_users
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.lanes import Lane
from cicero_cli.web.http.permissions import Client
from cicero_cli.web.http.sentences import error_sentence, sentence
from cicero_cli.web.pages.forms import Form, Upload, read_form
from cicero_cli.web.pages.html import format_number, go_to, render_page
from cicero_cli.web.pages.labels import UNSIGNED_FORM, UNSIGNED_UPLOAD
from cicero_cli.web.pages.page_guard import page_router

router = page_router()

LARGEST_BYTES = 1_000_000
MOST_LINES = 20_000  # more than any unit has people, and still read within a second or two
SHOWN_ROWS = 200  # of each table: who has more to look at looks at the file
_UPLOAD_LIMIT = LARGEST_BYTES + 20_000
_CONFIRM_LIMIT = LARGEST_BYTES * 3 // 2


@dataclass(frozen=True)
class _Wanted:
    """A file, which of its tabs, and whether people of other clients come along."""

    upload: Upload
    tab: str = ""
    transfer: bool = False


class _ChangedSinceError(Exception):
    """The import would now do something else than was shown."""

    def __init__(self, imported: Imported) -> None:
        super().__init__()
        self.imported = imported


@router.read("/klien/{client_id}/impor", role=Role.OPERATOR, client=Client.NAMED)
@router.read("/klien/{client_id}/impor/terapkan", role=Role.OPERATOR, client=Client.NAMED)
def form(call: Call, baru: str = "", berubah: str = "") -> Response:
    """Show the upload form, and how many users the last import changed."""
    done = [int(text) for text in (baru, berubah) if re.fullmatch("[0-9]{1,6}", text)]
    return _show_form(call, done=done)


def _form_unsigned(call: Call) -> Response:
    return _show_form(call, error=UNSIGNED_UPLOAD, status=403)


@router.write(
    "POST",
    "/klien/{client_id}/impor",
    role=Role.OPERATOR,
    client=Client.NAMED,
    lane=Lane.HEAVY,
    body_limit=_UPLOAD_LIMIT,
    show_unsigned=_form_unsigned,
)
def preview(call: Call) -> Response:
    """Show what the file would change, and every row that is wrong."""
    sent = read_form(call.request)
    upload = sent.files.get("berkas")
    if upload is None or not upload.name:
        return _show_form(call, error="Pilih dahulu berkasnya.")
    if len(upload.content) > LARGEST_BYTES:
        raise HTTPException(413)
    return _preview(call, _wanted(sent, upload))


def _preview_again(call: Call) -> Response:
    return _preview(call, _sent_along(call), notice=UNSIGNED_FORM, status=403)


@router.write(
    "POST",
    "/klien/{client_id}/impor/terapkan",
    role=Role.OPERATOR,
    client=Client.NAMED,
    lane=Lane.HEAVY,
    body_limit=_CONFIRM_LIMIT,
    show_unsigned=_preview_again,
)
def apply(call: Call) -> Response:
    """Write what was shown; show it anew when it is no longer that."""
    sent, wanted = read_form(call.request), _sent_along(call)
    try:
        with call.store.transaction():
            imported = _import(call, wanted, dry_run=False, skip_bad=sent.get("lewati") == "ya")
            _require_agreed(imported, sent.get("digest"))
    except _ChangedSinceError as changed:
        notice = "Data personel berubah sejak pratinjau, jadi belum ada yang disimpan. Periksa lagi perubahan di bawah."
        return _show_diff(call, wanted, changed.imported, notice=notice, status=409)
    except (InputError, TryLaterError) as error:
        return _show_form(call, error=f"{error_sentence(error)} {sentence(error.hint)}".strip())
    if imported.refused:
        return _show_diff(call, wanted, imported, status=400)
    counts = f"baru={len(imported.diff.new)}&berubah={len(imported.diff.changed)}"
    return go_to(f"/klien/{call.one_client}/impor?{counts}")


def _sent_along(call: Call) -> _Wanted:
    """What the second form repeats."""
    sent = read_form(call.request)
    try:
        content = base64.urlsafe_b64decode(sent.get("isi").encode("ascii"))
    except (binascii.Error, ValueError) as error:
        raise HTTPException(400, "Berkas tidak terbaca; unggah lagi.") from error
    if len(content) > LARGEST_BYTES:
        raise HTTPException(413)
    return _wanted(sent, Upload(sent.get("nama_berkas")[:80], content))


def _wanted(sent: Form, upload: Upload) -> _Wanted:
    return _Wanted(upload, sent.get("tab").strip(), sent.get("pindah") == "ya")


def _preview(call: Call, wanted: _Wanted, *, notice: str = "", status: int = 200) -> Response:
    try:
        imported = _import(call, wanted, dry_run=True, skip_bad=False)
    except InputError as error:
        told = f"{error_sentence(error)} {sentence(error.hint)}".strip()
        words = UNSIGNED_UPLOAD if notice else told
        return _show_form(call, error=words, status=max(status, 400))
    return _show_diff(call, wanted, imported, notice=notice, status=status)


def _import(call: Call, wanted: _Wanted, *, dry_run: bool, skip_bad: bool) -> Imported:
    upload = wanted.upload
    lines = len(upload.content.splitlines())
    if lines > MOST_LINES:
        raise InputError(
            f"Berkas ini berisi {format_number(lines)} baris; paling banyak {format_number(MOST_LINES)}."
            " Bagi menjadi beberapa berkas, lalu unggah satu per satu."
        )
    return import_users(
        call.store,
        call.one_client,
        upload.name if upload.name.strip(" -") else "berkas.csv",
        by=call.actor,
        content=upload.content,
        dry_run=dry_run,
        skip_bad=skip_bad,
        tab=wanted.tab or None,
        transfer=wanted.transfer,
    )


def _require_agreed(imported: Imported, digest: str) -> None:
    if imported.digest != digest:
        raise _ChangedSinceError(imported)


def _show_form(
    call: Call, *, error: str = "", status: int = 400, done: Sequence[int] = ()
) -> Response:
    return render_page(
        call,
        "import_form.html.j2",
        http_status=status if error else 200,
        client=get_client(call.store, call.one_client),
        error=error,
        done=done,
        largest_megabytes=LARGEST_BYTES // 1_000_000,
        most_lines=MOST_LINES,
    )


def _show_diff(
    call: Call,
    wanted: _Wanted,
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
        client=get_client(call.store, call.one_client),
        name=imported.source,
        diff=diff,
        bad=[replace(row, reason=sentence(row.reason)) for row in diff.bad[:SHOWN_ROWS]],
        bad_cells=[
            replace(cell, reason=sentence(cell.reason)) for cell in diff.bad_cells[:SHOWN_ROWS]
        ],
        shown_rows=SHOWN_ROWS,
        ignored=list(imported.roster.table.ignored),
        doubts=[
            replace(doubt, reason=sentence(doubt.reason)) for doubt in imported.doubts[:SHOWN_ROWS]
        ],
        all_doubts=imported.doubts,
        writes=len(diff.new) + len(diff.changed),
        content=base64.urlsafe_b64encode(wanted.upload.content).decode(),
        digest=imported.digest,
        wanted=wanted,
        notice=notice,
    )
