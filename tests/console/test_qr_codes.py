from __future__ import annotations

import segno

from cicero_cli.console.qr_codes import draw_qr

_ROWS_OF = {"█": (0, 0), "▀": (0, 1), "▄": (1, 0), " ": (1, 1)}


def test_every_module_of_the_code_is_drawn() -> None:
    value = "2@" + "a-long-code/with+signs,=" * 9
    drawn = [
        [_ROWS_OF[sign][half] for sign in line]
        for line in draw_qr(value).splitlines()
        for half in (0, 1)
    ]
    wanted = [
        [int(module > 0) for module in row]
        for row in segno.make(value, error="l", micro=False).matrix_iter(border=2)
    ]
    assert drawn[: len(wanted)] == wanted
    assert drawn[len(wanted) :] in ([], [[0] * len(wanted[0])])
