"""Whatever goes wrong becomes a status and one line, with nothing of the inside in it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from cicero_cli.errors import (
    CiceroError,
    InputError,
    NotFoundError,
    QuotaError,
    RejectedError,
    UpstreamError,
)
from cicero_cli.repositories.database.pool import GivenUpError
from cicero_cli.services.access.guessing import SlowDownError
from cicero_cli.services.access.log_in import (
    AccessCodeRefusedError,
    LoginRefusedError,
    NotApprovedError,
)
from cicero_cli.web.http.answers import refusal
from cicero_cli.web.http.sentences import error_sentence
from cicero_cli.web.http.tokens import BadTokenError

log = logging.getLogger(__name__)

_WORDS = {
    400: "Permintaan tidak dimengerti.",
    401: "Token tidak berlaku; masuk lagi.",
    403: "Akun ini tidak berhak.",
    404: "Tidak ditemukan.",
    405: "Cara ini tidak ada di alamat ini.",
    408: "Permintaan datang terlalu lambat.",
    413: "Isi permintaan terlalu besar.",
    429: "Terlalu banyak permintaan; coba lagi nanti.",
    500: "Ada kesalahan di server.",
    502: "Sumber data menolak atau tidak menjawab.",
    503: "Server sedang sibuk; coba lagi.",
}


@dataclass(frozen=True)
class Refused:
    """A status, one line, and headers."""

    status: int
    message: str
    headers: Mapping[str, str] = field(default_factory=dict)

    def response(self) -> Response:
        """As JSON."""
        return refusal(self.status, self.message, headers=dict(self.headers))


def refuse(error: Exception, *, where: str) -> Refused:
    """What the client is told; only what nobody foresaw is logged, with its traceback."""
    match error:
        case BadTokenError():
            return Refused(401, _WORDS[401], {"WWW-Authenticate": "Bearer"})
        case HTTPException():
            own = str(error.detail)
            is_plain = own == HTTPStatus(error.status_code).phrase
            words = _WORDS.get(error.status_code, own) if is_plain else own
            return Refused(error.status_code, words, dict(error.headers or {}))
        case RequestValidationError():
            return Refused(400, _what_is_wrong(error))
        case GivenUpError() | ClientDisconnect():
            return Refused(503, _WORDS[503])  # nobody reads it
        case CiceroError():
            return _refuse_own(error, where)
    log.error("%s failed", where, exc_info=error)
    return Refused(500, _WORDS[500])


def _refuse_own(error: CiceroError, where: str) -> Refused:
    for kind, status, words in _OWN:
        if isinstance(error, kind):
            headers = {}
            if isinstance(error, SlowDownError):
                headers["Retry-After"] = str(error.wait_seconds)
            return Refused(status, words or error_sentence(error), headers)
    log.warning("%s: %s", where, error.message)
    return Refused(503, _WORDS[503], {"Retry-After": "5"})


_OWN: tuple[tuple[type[CiceroError], int, str], ...] = (
    # the first that fits; without words the error's own are shown
    (NotApprovedError, 401, "Akun belum disetujui admin atau belum diberi client."),
    (AccessCodeRefusedError, 401, "Client ID atau Operator (kode akses) salah."),
    (LoginRefusedError, 401, "Nama atau kata sandi salah."),
    (SlowDownError, 429, "Terlalu banyak percobaan; coba lagi nanti."),
    (NotFoundError, 404, ""),
    (InputError, 400, ""),
    (QuotaError, 503, "Kuota sumber data habis; coba lagi nanti."),
    (RejectedError, 404, "Sumber data tidak punya itu."),
    (UpstreamError, 502, _WORDS[502]),
)


def _what_is_wrong(error: RequestValidationError) -> str:
    """The first thing that is wrong: where, and what was expected; never the value."""
    for problem in error.errors():
        where = ".".join(str(part) for part in problem["loc"] if part not in {"body", "query"})
        words = _EXPECTED.get(problem["type"], "tidak sesuai")
        return f"{where or 'isi permintaan'}: {words.format(**problem.get('ctx', {}))}"
    return _WORDS[400]


_EXPECTED = {
    # by pydantic's names of what may be wrong
    "missing": "wajib diisi",
    "string_type": "harus teks",
    "string_too_short": "tidak boleh kosong",
    "string_too_long": "paling panjang {max_length} huruf",
    "bool_type": "harus true atau false",
    "bool_parsing": "harus true atau false",
    "int_type": "harus bilangan bulat",
    "int_parsing": "harus bilangan bulat",
    "int_from_float": "harus bilangan bulat",
    "float_type": "harus bilangan",
    "float_parsing": "harus bilangan",
    "finite_number": "harus bilangan",
    "greater_than": "harus lebih dari {gt}",
    "greater_than_equal": "paling kecil {ge}",
    "less_than": "harus kurang dari {lt}",
    "less_than_equal": "paling besar {le}",
    "literal_error": "harus salah satu dari {expected}",
    "dict_type": "harus objek JSON",
    "model_type": "harus objek JSON",
    "model_attributes_type": "harus objek JSON",
    "timezone_aware": "harus waktu dengan zona, misalnya 2026-11-25T21:00:00+07:00",
    "datetime_type": "harus waktu dengan zona, misalnya 2026-11-25T21:00:00+07:00",
    "datetime_parsing": "harus waktu dengan zona, misalnya 2026-11-25T21:00:00+07:00",
    "datetime_from_date_parsing": "harus waktu dengan zona, misalnya 2026-11-25T21:00:00+07:00",
}
