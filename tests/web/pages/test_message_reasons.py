"""Every code that a message or a pause can have has words that the people of a unit understand."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cicero_cli
from cicero_cli.domain.messaging.messages import MessageStatus
from cicero_cli.gateways.whatsapp import cloud_errors, waha_states
from cicero_cli.repositories.database.sql_files import load_queries
from cicero_cli.services.messaging import pace
from cicero_cli.web.pages.message_reasons import explain_code, next_step

PACKAGE = Path(cicero_cli.__file__).parent
SOURCES = [
    *(PACKAGE / "gateways" / "whatsapp").glob("*.py"),
    *(
        PACKAGE / "services" / "messaging" / f"{name}.py"
        for name in ("delivery", "outcomes", "unconfirmed", "pace")
    ),
]
HOLES = {"http_": "503", "meta_": "131999", "session_": "scan_qr_code", "upload_": "timeout"}
NO_REASONS = {"accepted", "found"}  # a message that went out has no code


def codes_in(path: Path) -> Iterator[str]:
    """The codes that a module gives: as `code=…` or `state=…`, to a pause, or in a table beside a hint."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.keyword(arg="code" | "state", value=value):
                yield from words_of(value)
            case ast.Call(func=ast.Name(id="_pause"), args=[first, *_]):
                yield from words_of(first)
            case ast.Assign(targets=[ast.Name(id="_CAPPED" | "CAPPED")], value=value):
                yield from words_of(value)
            case ast.Tuple(elts=[ast.Constant(value=str(code)), ast.Constant(value=str(hint))]) if (
                "check CICERO_" in hint
            ):
                yield code  # fmt: skip


def words_of(value: ast.expr) -> Iterator[str]:
    match value:
        case ast.Constant(value=str(code)):
            yield code
        case ast.JoinedStr(values=[ast.Constant(value=str(beginning)), *_]):
            yield beginning + HOLES[beginning]
        case ast.IfExp(body=body, orelse=orelse):
            yield from words_of(body)
            yield from words_of(orelse)


def every_code() -> set[str]:
    codes = {code for path in SOURCES for code in codes_in(path)}
    for statement in load_queries("outbox").values():
        codes |= set(re.findall(r"error_code = (?:CASE .* THEN )?'(\w+)'", statement))
    codes.add(pace.DAILY_CAP)
    codes |= {f"meta_{code}" for code in (*cloud_errors._PAUSED, *cloud_errors._SLOWER, *cloud_errors._HOPELESS)}  # fmt: skip
    codes |= {
        waha_states.read_state(word).state
        for word in (*waha_states._OPERATOR, *waha_states._PASSING, "?")
    }
    return codes - NO_REASONS


def test_no_code_was_forgotten() -> None:
    codes = every_code()
    assert {"ack_error", "by_hand", "quiet_hours", "no_session", "timeout", "ambiguous", "http_503", "working", "daily_cap"} <= codes  # fmt: skip
    assert [code for code in sorted(codes) if "belum dikenal" in explain_code(code).what] == []
    numbers = [code for code in codes if re.fullmatch(r"meta_\d+", code)]
    assert [code for code in numbers if code[5:] in explain_code(code).what] == []


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("session_scan_qr_code", "Akun WhatsApp belum tertaut."),
        (
            "upload_timeout",
            "Lampiran belum terunggah. Gerbang WhatsApp tidak menjawab tepat waktu.",
        ),
        ("http_418", "kesalahan 418."),
        ("meta_7", "kesalahan 7."),
        ("brand_new", "Sebab yang belum dikenal: brand_new."),
        ("session_", "Sebab yang belum dikenal: ."),
    ],
)
def test_a_code_is_told_by_what_it_is_made_of(code: str, what: str) -> None:
    assert explain_code(code).what.endswith(what)


def test_what_to_do_depends_on_what_became_of_the_message() -> None:
    assert next_step("failed", "not_in_group").startswith("Masukkan akun pengirim ke grup")
    assert next_step("failed", "not_in_group").endswith("Sesudah itu kirim ulang.")
    assert "tandai terkirim" in next_step("unknown", "ambiguous")
    assert next_step("queued", None) == ""
    assert "pada gilirannya" in next_step("queued", "quiet_hours")
    quiet = {status for status in MessageStatus if not next_step(status, None)}
    assert quiet == {"queued", "accepted", "delivered", "read", "cancelled"}
