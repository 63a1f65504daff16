from __future__ import annotations

from dataclasses import replace

from cicero_cli.domain.messaging.sync_message import write_sync_message, write_unread_message
from cicero_cli.domain.roster.sheet import BadRow
from cicero_cli.domain.roster.sheet_diff import Change, RosterDiff
from cicero_cli.domain.roster.sheet_doubts import Doubt
from cicero_cli.domain.roster.users import User
from cicero_cli.words import Text

NASTY = User(
    user_id="85010001",
    client_id="A",
    nama="*Budi* `x` _y_\u202e",
    title="AKP",
    divisi="~SAT~\u200b",
)
LINK = "https://docs.google.com/spreadsheets/d/1a_B_c/edit#gid=0"


def test_nothing_that_a_sheet_holds_breaks_the_message() -> None:
    renamed = replace(NASTY, insta="_budi_s_", nama="Budi @semua")
    said = write_sync_message(
        "Polres *A*",
        "Sabtu, 21 November 2026",
        RosterDiff(
            new=[Change(line=2, user=NASTY, before=None)],
            changed=[Change(line=3, user=renamed, before=NASTY)],
            unchanged=0,
            missing=[],
            bad=[
                BadRow(
                    line=5,
                    column="*NRP*",
                    value="x",
                    reason=Text("{typed!r} is no handle", typed="*a* b"),
                )
            ],
        ),
        [
            Doubt(
                line=6,
                key="85010002",
                nama="_Ani_",
                reason=Text("the same handle as {nama}", nama="~Tono~"),
            )
        ],
        obstacles=[Text("{count} rows are refused", plural="", count=1)],
        import_id=None,
    )
    assert said == (
        "*Personel Polres A*\n"
        "Pembaruan dari lembar kerja, Sabtu, 21 November 2026\n"
        "\n"
        "*Belum diterapkan*, menunggu diperiksa:\n"
        "- 1 rows are refused\n"
        "\n"
        "*Baru (1)*\n"
        "1. AKP Budi x y (85010001), SAT\n"
        "\n"
        "*Berubah (1)*\n"
        "1. Budi semua (85010001): nama Budi x y → Budi semua; Instagram kosong → `_budi_s_`\n"
        "\n"
        "*Ditolak (1)*\n"
        "1. baris 5, NRP: 'a b' is no handle\n"
        "\n"
        "*Meragukan (1)*\n"
        "1. baris 6, Ani (85010002): the same handle as Tono\n"
        "\n"
        "Perbaiki lembar kerjanya; nanti malam diperiksa lagi. Bila sudah benar, minta admin mengimpornya."
    )


def test_a_sheets_address_can_still_be_opened() -> None:
    said = write_unread_message("Polres A", "hari ini", Text("{link} is no link", link=LINK))
    assert said.splitlines()[3] == f"Lembar kerja tidak dapat dibaca: {LINK} is no link"
