"""The page that shows the OpenAPI document, without any file from elsewhere: Swagger UI comes with a wheel."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import fastapi_offline
from fastapi import Response
from fastapi.responses import FileResponse

from cicero_cli.web.http.call import Call
from cicero_cli.web.http.permissions import PUBLIC, Client
from cicero_cli.web.http.routing import GuardedRouter

router = GuardedRouter(prefix="/docs", tag="docs")

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cicero: the API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="calls"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
"""
_START = """SwaggerUIBundle({url: "/openapi.json", dom_id: "#calls", deepLinking: true});
"""
_FOLDER = Path(fastapi_offline.__file__).parent / "static"
_KINDS = {"css": "text/css", "js": "text/javascript"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
    " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)


@router.read("", role=PUBLIC, client=Client.NONE, lane=None, in_schema=False)
def page(call: Call) -> Response:
    """Show every call, its fields and its errors."""
    return Response(_PAGE, media_type="text/html", headers={"Content-Security-Policy": _POLICY})


@router.read("/{name}", role=PUBLIC, client=Client.NONE, lane=None, in_schema=False)
def part(
    call: Call,
    name: Literal["start.js", "swagger-ui-bundle.js", "swagger-ui.css"],
) -> Response:
    """Give one of the page's files."""
    kind, headers = _KINDS[name.rpartition(".")[2]], {"Cache-Control": "public, max-age=86400"}
    if name == "start.js":
        return Response(_START, media_type=kind, headers=headers)
    # in pieces: the script is 1.5 MB, and anybody may ask for it and then read slowly
    return FileResponse(_FOLDER / name, media_type=kind, headers=headers)
