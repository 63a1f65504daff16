"""The one shape of every answer: `{"success": …, "message"?: …, "data"?: …}`, made by msgspec."""

from __future__ import annotations

from typing import Any, Generic, Literal, TypeVar

import msgspec
from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

T = TypeVar("T")

_encoder = msgspec.json.Encoder(decimal_format="number")
_NOTHING: Any = object()


class Schema(BaseModel):
    """Base of what the OpenAPI document shows. Unknown fields of a request are ignored, as the contract says."""

    model_config = ConfigDict(extra="ignore")


def _hide_defaults(schema: dict[str, Any]) -> None:
    for field in schema["properties"].values():
        field.pop("default", None)


class Body(Schema):
    """Base of what is sent as JSON: a number is no text and no yes, and what is not sent has no value."""

    model_config = ConfigDict(extra="ignore", strict=True, json_schema_extra=_hide_defaults)


UNSENT: Any = None
"""As default: the field may be left out. Nobody reads this value, and the document does not show it."""


class Plain(Schema):
    """An answer without data."""

    success: Literal[True] = True
    message: str | None = None


class Envelope(Schema, Generic[T]):
    """An answer with data."""

    success: Literal[True] = True
    message: str | None = None
    data: T


class Refusal(Schema):
    """What every refused or failed call answers."""

    success: Literal[False] = False
    message: str = Field(examples=["Masuk dulu."])


def answer(
    data: Any = _NOTHING,
    *,
    message: str | None = None,
    http_status: int = 200,
    headers: dict[str, str] | None = None,
    **root: Any,
) -> Response:
    """A successful answer. `root` are fields beside `data`.

    Anything that msgspec encodes will do: dataclasses, dicts, `msgspec.Raw(bytes)` for JSON that PostgreSQL has made.
    """
    body: dict[str, Any] = {"success": True}
    if message is not None:
        body["message"] = message
    body.update(root)
    if data is not _NOTHING:
        body["data"] = data
    return _json(body, http_status, headers)


def refusal(status: int, message: str, *, headers: dict[str, str] | None = None) -> Response:
    """A refused or failed call."""
    return _json({"success": False, "message": message}, status, headers)


def _json(body: dict[str, Any], status: int, headers: dict[str, str] | None) -> Response:
    return Response(_encoder.encode(body), status, headers=headers, media_type="application/json")
