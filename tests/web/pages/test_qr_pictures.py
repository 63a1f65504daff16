from __future__ import annotations

import re

import segno

from cicero_cli.standins.whatsapp.pictures import draw_png
from cicero_cli.web.pages.qr_pictures import qr_picture, qr_svg

VALUE = "2@" + "a-long-code/with+signs,=<&>" * 9


def test_every_dark_module_of_the_code_is_drawn_within_its_border() -> None:
    svg = str(qr_svg(VALUE))
    wanted = [
        (x, y)
        for y, row in enumerate(segno.make(VALUE, error="l", micro=False).matrix_iter(border=4))
        for x, module in enumerate(row)
        if module
    ]
    assert [(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", svg)] == wanted
    assert VALUE not in svg


def test_a_picture_comes_with_the_page() -> None:
    picture = str(qr_picture(draw_png(VALUE)))
    assert re.fullmatch(
        r'<img class="qr" alt="[^"<>]+" src="data:image/png;base64,[\w+/=]+">', picture
    )
