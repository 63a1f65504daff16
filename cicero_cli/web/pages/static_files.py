"""The style sheet and the icon."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from fastapi import Response
from fastapi.responses import FileResponse

from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import PUBLIC, Client
from cicero_cli.web.pages.page_guard import page_router

router = page_router()

_FOLDER = Path(__file__).resolve().parent.parent / "static"
_KINDS = {"css": "text/css", "svg": "image/svg+xml"}


@router.read("/static/{name}", role=PUBLIC, client=Client.NONE, lane=None)
def file(
    call: Call,
    name: Literal["cicero.css", "cicero.svg"],
) -> Response:
    """Give a file of the pages; its address carries the version, so it may be kept."""
    return FileResponse(
        _FOLDER / name,
        media_type=_KINDS[name.rpartition(".")[2]],
        headers={"Cache-Control": "public, max-age=604800"},
    )
