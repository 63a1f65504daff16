"""The stand-in in a process of its own, until interrupted; the first line says where."""

from __future__ import annotations

import argparse

from cicero_cli.core.private_files import write_private
from cicero_cli.standins.google.server import StandIn
from cicero_cli.standins.google.spreadsheets import Access, Cell, Spreadsheet, Tab
from cicero_cli.standins.loopback import serve_until_interrupted

_KEY = "1StandInStandInStandInStandIn"


def main() -> None:
    """Serve a public and a shared sheet of made-up people until interrupted; the first line says where."""
    parser = argparse.ArgumentParser(prog="python -m cicero_cli.standins.google")
    parser.description = (
        f"Stand in for Google Sheets: {_KEY}0 is public, {_KEY}1 shared with the service account."
    )
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--account", help="where the service account's key is written")
    options = parser.parse_args()
    people: list[list[Cell]] = [
        [85_000_000 + number, f"Personel {number}", f"personel.{number}"]
        for number in range(options.rows)
    ]
    tabs = [Tab(title="Personel", rows=[["NRP", "Nama", "Instagram"], *people])]
    sheets = [
        Spreadsheet(key=f"{_KEY}0", tabs=tabs),
        Spreadsheet(key=f"{_KEY}1", tabs=tabs, access=Access.SHARED),
    ]
    standin = StandIn(sheets, port=options.port)
    if options.account is not None:
        write_private(options.account, standin.account.encode())
    serve_until_interrupted(standin)


if __name__ == "__main__":
    main()
