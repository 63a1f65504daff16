"""What a form sent: fields and files, read once, with limits."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from python_multipart import parse_form
from python_multipart.exceptions import FormParserError
from starlette.exceptions import HTTPException

from cicero_cli.web.http.checked_request import CheckedRequest

_MOST_FIELDS = 60


@dataclass(frozen=True)
class Upload:
    """A file as it came; the name is for people to read, never a path."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Form:
    """Fields by name; of two with one name the last."""

    fields: dict[str, str] = field(default_factory=dict)
    files: dict[str, Upload] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """What was typed; empty when the form has no such field."""
        return self.fields.get(name, "")

    def is_checked(self, name: str) -> bool:
        """Whether a box was ticked; browsers leave out those that are not."""
        return name in self.fields


def read_form(request: CheckedRequest) -> Form:
    """The form in the request's body; 400 for what is none."""
    found: Form | None = getattr(request.state, "form", None)
    if found is None:
        found = request.state.form = _parse(request)
    return found


def _parse(request: CheckedRequest) -> Form:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        form = _parse_multipart(request)
    elif kind == "application/x-www-form-urlencoded":
        form = _parse_urlencoded(request.whole)
    else:
        raise HTTPException(400, "Isi permintaan bukan formulir.")
    if any("\x00" in value for value in form.fields.values()):
        raise HTTPException(400, "Isian memuat karakter yang bukan teks.")
    return form


def _parse_urlencoded(body: bytes) -> Form:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            encoding="utf-8",
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError as error:
        raise HTTPException(400, "Isi formulir tidak terbaca.") from error
    return Form(dict(pairs))


def _parse_multipart(request: CheckedRequest) -> Form:
    form = Form()
    count = 0

    def counted() -> None:
        nonlocal count
        count += 1
        if count > _MOST_FIELDS:
            raise HTTPException(400, "Formulir memuat terlalu banyak isian.")

    def on_field(one: Any) -> None:
        counted()
        form.fields[_text(one.field_name)] = _text(one.value or b"")

    def on_file(one: Any) -> None:
        counted()
        one.file_object.seek(0)
        name = _file_name(_text(one.file_name or b""))
        form.files[_text(one.field_name)] = Upload(name, one.file_object.read())
        one.close()

    headers = {
        "Content-Type": request.headers["content-type"].encode("latin-1"),
        "Content-Length": str(len(request.whole)).encode(),
    }
    try:
        parse_form(headers, io.BytesIO(request.whole), on_field, on_file)
    except (FormParserError, UnicodeDecodeError, ValueError, LookupError) as error:
        raise HTTPException(400, "Isi formulir tidak terbaca.") from error
    return form


def _text(value: bytes | None) -> str:
    return (value or b"").decode("utf-8")


def _file_name(text: str) -> str:
    """The last part of whatever a browser calls the file; empty when none was chosen."""
    name = re.split(r"[\\/]", text)[-1].strip()
    return "".join(character for character in name if character.isprintable())[:80]
