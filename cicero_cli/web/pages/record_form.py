"""The form of one record: shown, judged, and saved by a service. Whatever keeps it from being saved, what was typed stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fastapi import Response

from cicero_cli.errors import InputError, NotFoundError, TryLaterError
from cicero_cli.web.http.call import Call
from cicero_cli.web.http.sentences import error_sentence, reason_sentence
from cicero_cli.web.pages.fields import (
    Field,
    blame,
    compared,
    filled,
    fingerprint,
    focused,
    judged,
    typed,
    words_of,
)
from cicero_cli.web.pages.forms import read_form
from cicero_cli.web.pages.html import go_to, render_page
from cicero_cli.web.pages.labels import OUTDATED_FORM, UNSIGNED_FORM

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

BODY_LIMIT = 50_000


@dataclass(frozen=True, kw_only=True)
class RecordForm:
    """The form of a record, or with `record=None` of one that is to be; `shown` is what its template needs besides."""

    call: Call
    template: str
    fields: Sequence[Field]
    normalise: Callable[[str, object], object]
    record: DataclassInstance | None
    shown: Mapping[str, Any]

    def show(self) -> Response:
        """Show the record as it is, or empty fields."""
        record = self.record
        return self._render(self.fields if record is None else filled(self.fields, record))

    def show_unsigned(self) -> Response:
        """Show what was typed with a good token; the one that came was of a session that has ended."""
        form = read_form(self.call.request)
        return self._render(
            typed(self.fields, form), error=UNSIGNED_FORM, version=form.get("versi"), status=403
        )

    def save(self, write: Callable[[dict[str, Any]], str], *, unchanged: str = "") -> Response:
        """Let `write` store what is new, and go on to the address that it gives, or to `unchanged`."""
        form = read_form(self.call.request)
        fields, values = judged(typed(self.fields, form), self.normalise)
        if self.record is not None and form.get("versi") != fingerprint(self.record):
            shown = compared(fields, values, self.record)
            return self._render(shown, error=OUTDATED_FORM, status=409)
        if any(field.error for field in fields):
            return self._render(fields, status=400)
        if self.record is not None:
            values = {
                name: new for name, new in values.items() if new != getattr(self.record, name)
            }
            if not values:
                return go_to(unchanged)
        try:
            return go_to(write(words_of(fields, values)))
        except NotFoundError:
            raise  # removed, or moved to another client, since it was looked up
        except (InputError, TryLaterError) as error:
            blamed = blame(fields, error, reason_sentence(error))
            words = "" if blamed else error_sentence(error)
            return self._render(blamed or fields, error=words, status=400)

    def _render(
        self, fields: Sequence[Field], *, error: str = "", version: str = "", status: int = 200
    ) -> Response:
        return render_page(
            self.call,
            self.template,
            http_status=status,
            fields=focused(fields),
            error=error,
            versi=version or (fingerprint(self.record) if self.record else ""),
            **self.shown,
        )
