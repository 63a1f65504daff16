"""An empty workbook for a unit to fill in, which `user import` reads as it is: every column text, ranks and divisions to choose.

Its words are Indonesian, as all that a unit is handed. The example stands above the headings, where no import takes it for a
person.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from cicero_cli.domain.roster.ranks import division_key, list_ranks
from cicero_cli.repositories.database.store import Store
from cicero_cli.services.roster.clients import get_client

_COLUMNS: tuple[tuple[str, int, str], ...] = (
    ("NRP / NIP", 22, "85010001"),
    ("NAMA", 32, "Budi Santoso"),
    ("PANGKAT", 18, "BRIPKA"),
    ("SATFUNG", 22, "SAT LANTAS"),
    ("JABATAN", 24, "BANIT"),
    ("INSTAGRAM", 22, "budi.santoso"),
    ("TIKTOK", 22, "budi.santoso"),
    ("NO. HP / WA", 18, "081234567890"),
    ("EMAIL", 26, "budi@example.com"),
    ("PENGECUALIAN", 15, "tidak"),
    ("STATUS", 12, "aktif"),
)
_DIVISIONS = (
    "BAG OPS", "BAG REN", "BAG SDM", "BAG LOG", "SAT INTELKAM", "SAT RESKRIM", "SAT RESNARKOBA", "SAT BINMAS",
    "SAT SAMAPTA", "SAT LANTAS", "SAT TAHTI", "SI UM", "SI KEU", "SI PROPAM", "SI HUMAS", "SI KUM", "SI TIK", "SPKT",
)  # fmt: skip
_TITLE = "Isi mulai baris 4, satu personel satu baris. Baris 2 adalah contoh. Kolom yang tidak diperlukan boleh dikosongkan."
_FIRST_ROW, _LAST_ROW = 3, 20_000


def write_template(divisions: Sequence[str] = ()) -> bytes:
    """The workbook; without divisions it offers those of a polres."""
    from xlsxwriter import Workbook

    out = io.BytesIO()
    with Workbook(out, {"in_memory": True, "strings_to_urls": False}) as book:
        sheet, lists = book.add_worksheet("Personel"), book.add_worksheet("Pilihan")
        text = book.add_format({"num_format": "@"})
        example = book.add_format({"num_format": "@", "italic": True, "font_color": "#808080"})
        bold = book.add_format({"bold": True, "num_format": "@", "bottom": 1})
        sheet.write_string(0, 0, _TITLE)
        for column, (heading, width, value) in enumerate(_COLUMNS):
            sheet.set_column(column, column, width, text)
            sheet.write_string(1, column, value, example)
            sheet.write_string(2, column, heading, bold)
        sheet.freeze_panes(_FIRST_ROW, 2)
        _offer(sheet, "PENGECUALIAN", ["ya", "tidak"])
        _offer(sheet, "STATUS", ["aktif", "nonaktif"])
        # a list of its own tab: what stands in the cell's rule itself may not be longer than 255 letters
        for column, (heading, choices) in enumerate(
            {"PANGKAT": list_ranks(), "SATFUNG": divisions or _DIVISIONS}.items()
        ):
            lists.write_column(0, column, choices)
            letter = "AB"[column]
            _offer(sheet, heading, f"=Pilihan!${letter}$1:${letter}${len(choices)}")
        lists.hide()
    return out.getvalue()


def write_template_of(store: Store, client_id: str | None) -> bytes:
    """The workbook with the divisions that the client's users have, each in one spelling."""
    if client_id is None:
        return write_template()
    client = get_client(store, client_id)
    divisions = {
        division_key(user.divisi): user.divisi
        for user in store.users.list([client.client_id])
        if user.divisi
    }
    return write_template(sorted(divisions.values()))


def _offer(sheet: Any, heading: str, source: str | list[str]) -> None:
    """A drop-down, which lets other values through: a unit has ranks and divisions that nobody has thought of."""
    column = next(index for index, (name, *_) in enumerate(_COLUMNS) if name == heading)
    rule = {"validate": "list", "source": source, "show_error": False}
    sheet.data_validation(_FIRST_ROW, column, _LAST_ROW, column, rule)
