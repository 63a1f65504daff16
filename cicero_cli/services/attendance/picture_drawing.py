"""Draws a picture of a report: 1,080 pixels wide, in letters that a preview on a phone can show.

The colours are told apart by the colour-blind and by their lightness (Okabe-Ito, cividis).
"""

from __future__ import annotations

from typing import Any

from cicero_cli.domain.attendance.pictures import (
    Bar,
    Bars,
    HeatMap,
    Lines,
    Panel,
    Picture,
    stretches,
)
from cicero_cli.services.attendance.picture_canvas import WIDTH, Canvas

_EDGE = 40  # free on both sides
_ROOM = WIDTH - 2 * _EDGE
_INK, _GREY, _PALE, _PAPER = "#1B1F27", "#5A6270", "#E8EBF0", "#FFFFFF"
_BAND = "#14284B"
_GOOD, _LOW = "#0072B2", "#E69F00"
_LINE_STYLES = (("#0072B2", "-", "o"), ("#D55E00", "--", "s"))
_NAMES = 400  # how far names go
_BAR_HEIGHT, _BAR_GAP = 60, 16
_CHART_HEIGHT = 430
_DENSE_DAYS = 45  # more are drawn finer
_ROW_HEIGHT = 40


def draw_picture(picture: Picture) -> bytes:
    """The PNG's bytes."""
    from matplotlib import rc_context, rcdefaults

    with rc_context():
        rcdefaults()  # whatever a matplotlibrc says
        return _Drawing().draw(picture)


class _Drawing:
    """A picture under way; `y` is where the next thing goes."""

    def __init__(self) -> None:
        self._canvas = Canvas()
        self._letters = self._canvas.letters
        self._y = 0.0

    def draw(self, picture: Picture) -> bytes:
        self._head(picture)
        self._sums(picture)
        for panel in picture.panels:
            self._panel(panel)
        return self._canvas.finish(self._y + _EDGE)

    def _head(self, picture: Picture) -> None:
        unit = self._letters.wrap(picture.unit, 52, _ROOM, lines=2, bold=True)
        title = self._letters.wrap(picture.title, 36, _ROOM, lines=2)
        when = [
            line
            for part in picture.when.split("\n")
            for line in self._letters.wrap(part, 30, _ROOM, lines=2)
        ]
        height = 36 + 64 * len(unit) + 48 * len(title) + 42 * len(when) + 22
        self._canvas.box(0, 0, WIDTH, height, _BAND)
        self._y = 36
        for lines, size, step, bold in (
            (unit, 52, 64, True),
            (title, 36, 48, False),
            (when, 30, 42, False),
        ):
            for line in lines:
                self._canvas.text(_EDGE, self._y + step / 2, line, size, _PAPER, bold=bold)
                self._y += step
        self._y = height

    def _sums(self, picture: Picture) -> None:
        """The figures that a commander reads first, side by side."""
        width = _ROOM / max(1, len(picture.sums))
        top, most = self._y + 30, 0
        for place, one in enumerate(picture.sums):
            x = _EDGE + place * width
            remark = self._letters.wrap(one.remark, 28, width - 20, lines=3)
            self._canvas.text(x, top + 20, one.heading, 34, _GREY, bold=True)
            self._canvas.text(x, top + 96, one.figure, 92, _INK, bold=True)
            for number, line in enumerate(remark):
                self._canvas.text(x, top + 176 + 38 * number, line, 28, _INK)
            most = max(most, len(remark))
        self._y = top + 164 + 38 * most

    def _panel(self, panel: Panel) -> None:
        self._y += 30
        self._canvas.box(_EDGE, self._y, _ROOM, 3, _PALE)
        self._y += 22
        for line in self._letters.wrap(panel.heading, 36, _ROOM, lines=2, bold=True):
            self._canvas.text(_EDGE, self._y + 24, line, 36, _INK, bold=True)
            self._y += 48
        self._y += 12
        match panel:
            case Bars():
                self._bars(panel)
            case Lines():
                self._lines(panel)
            case HeatMap():
                self._heat_map(panel)

    def _bars(self, panel: Bars) -> None:
        """The names on the left, the counts on the right; a line where all together stand, and who is below it in another colour."""
        counts = max([self._letters.width(bar.counts, 28) for bar in panel.bars], default=0)
        left, top = _EDGE + _NAMES + 16, self._y
        room = WIDTH - _EDGE - counts - 14 - left
        for bar in panel.bars:
            self._bar(bar, left, room, panel.whole)
            self._y += _BAR_HEIGHT + _BAR_GAP
        if panel.whole is not None and len(panel.bars) > 1:
            x = left + room * panel.whole
            self._canvas.stroke([x, x], [top - 6, self._y - _BAR_GAP + 6], _INK, width=3, style=":")
            self._legend(f"garis: seluruhnya {panel.whole_figure}", _LOW, "di bawahnya")

    def _bar(self, bar: Bar, left: float, room: float, whole: float | None) -> None:
        """Its percent stands inside where that has room for it, else behind it."""
        text, middle = self._canvas.text, self._y + _BAR_HEIGHT / 2
        if not bar.name:
            text(WIDTH / 2, middle, bar.figure, 28, _GREY, align="center", paper=_PAPER)
            return
        share = bar.share or 0
        is_low = whole is not None and share < whole
        self._name(bar.name, middle, 32)
        self._canvas.box(left, self._y, room, _BAR_HEIGHT, _PALE)
        if share:
            self._canvas.box(left, self._y, room * share, _BAR_HEIGHT, _LOW if is_low else _GOOD)
        if room * share >= self._letters.width(bar.figure, 30, bold=True) + 28:
            text(left + 14, middle, bar.figure, 30, _INK if is_low else _PAPER, bold=True)
        else:
            text(left + room * share + 12, middle, bar.figure, 30, _INK, bold=True, paper=_PALE)
        text(WIDTH - _EDGE, middle, bar.counts, 28, _INK, align="right")

    def _lines(self, panel: Lines) -> None:
        left, right = _EDGE + 100, WIDTH - _EDGE - 20
        top, bottom = self._y + 20, self._y + 20 + _CHART_HEIGHT
        step = (right - left) / max(1, len(panel.days))

        def x_of(place: int) -> float:
            return left + step * (place + 0.5)

        def y_of(share: float) -> float:
            return bottom - share * (bottom - top)

        for tenth in range(0, 11, 2):
            y = y_of(tenth / 10)
            self._canvas.stroke([left, right], [y, y], _PALE, width=2)
            self._canvas.text(left - 14, y, f"{tenth * 10}%", 26, _GREY, align="right")
        for place, missing in enumerate(panel.missing):
            if missing:
                self._canvas.hatch(left + step * place, top, step, bottom - top)
        self._canvas.stroke([left, right], [y_of(panel.goal)] * 2, _INK, width=3, style=":")
        for line, (colour, style, marker) in zip(panel.lines, _LINE_STYLES, strict=False):
            for stretch in stretches(line, panel.missing):
                x = [x_of(place) for place, _ in stretch]
                heights = [y_of(share) for _, share in stretch]
                is_dense = len(panel.days) > _DENSE_DAYS
                self._canvas.stroke(
                    x,
                    heights,
                    colour,
                    width=3 if is_dense else 5,
                    style=style,
                    marker="" if is_dense and len(stretch) > 1 else marker,
                )
        every = max(1, -(-len(panel.days) // 7))
        for place in range(0, len(panel.days), every):
            day = panel.days[place]
            self._canvas.text(
                x_of(place), bottom + 32, f"{day.day}/{day.month}", 26, _GREY, align="center"
            )
        self._y = bottom + 62
        self._keys(panel)

    def _keys(self, panel: Lines) -> None:
        """What each line is."""
        x = float(_EDGE)
        for line, (colour, style, marker) in zip(panel.lines, _LINE_STYLES, strict=False):
            y = self._y + 22
            self._canvas.stroke(
                [x, x + 35, x + 70], [y] * 3, colour, width=5, style=style, marker=marker
            )
            self._canvas.text(x + 84, y, line.name, 28, _INK)
            x += 84 + self._letters.width(line.name, 28) + 34
        goal = f"sasaran {panel.goal:.0%}"
        self._canvas.stroke([x, x + 60], [self._y + 22] * 2, _INK, width=3, style=":")
        self._canvas.text(x + 72, self._y + 22, goal, 28, _INK)
        x += 72 + self._letters.width(goal, 28) + 34
        self._y += 46
        if any(panel.missing):
            self._missing_key(x)

    def _missing_key(self, x: float) -> None:
        text = "data tidak diambil"
        if x + 56 + self._letters.width(text, 28) > WIDTH - _EDGE:
            x = _EDGE
            self._y += 40
        self._canvas.hatch(x, self._y - 40, 42, 34)
        self._canvas.text(x + 54, self._y - 24, text, 28, _INK)

    def _heat_map(self, panel: HeatMap) -> None:
        left = _EDGE + _NAMES + 10
        step = (WIDTH - _EDGE - left) / len(panel.days)
        self._scale(has_missing=any(panel.missing))
        every = max(1, -(-len(panel.days) // 6))
        for place in range(0, len(panel.days), every):
            day = panel.days[place]
            self._canvas.text(
                left + step * (place + 0.5),
                self._y + 18,
                f"{day.day}/{day.month}",
                24,
                _GREY,
                align="center",
            )
        self._y += 42
        top = self._y
        for row in panel.rows:
            self._name(row.name, self._y + _ROW_HEIGHT / 2, 26, lines=1)
            self._y += _ROW_HEIGHT
        self._canvas.cells(
            [left + step * place for place in range(len(panel.days) + 1)],
            [top + _ROW_HEIGHT * number for number in range(len(panel.rows) + 1)],
            [row.shares for row in panel.rows],
            has_edges=len(panel.days) <= _DENSE_DAYS,
        )
        for place, missing in enumerate(panel.missing):
            if missing:
                self._canvas.hatch(left + step * place, top, step, self._y - top)

    def _scale(self, *, has_missing: bool) -> None:
        """What the colours are."""
        y, x = self._y, float(_EDGE)
        for number in range(11):
            self._canvas.box(x + 30 * number, y, 31, 34, _heat(number / 10))
        self._canvas.text(x + 12, y + 17, "0%", 22, _PAPER, bold=True)
        self._canvas.text(x + 318, y + 17, "100%", 22, _INK, bold=True, align="right")
        self._y += 46
        self._canvas.text(x + 350, y + 17, "kosong: tidak wajib", 26, _INK)
        if has_missing:
            self._y += 34
            self._missing_key(_EDGE)
        self._y += 12

    def _legend(self, line: str, colour: str, word: str) -> None:
        y = self._y + 18
        left = _EDGE + _NAMES + 16
        self._canvas.text(left, y, line, 26, _GREY)
        x = left + self._letters.width(line, 26) + 28
        self._canvas.box(x, y - 15, 30, 30, colour)
        self._canvas.text(x + 40, y, word, 26, _GREY)
        self._y += 42

    def _name(self, name: str, middle: float, size: int, *, lines: int = 2) -> None:
        """In smaller letters where it would not fit on one line, and cut where not even that does."""
        shown = self._letters.wrap(name, size, _NAMES, lines=1)
        if lines > 1 and self._letters.width(name, size) > _NAMES:
            size = 26
            shown = self._letters.wrap(name, size, _NAMES, lines=lines)
        first = middle - (len(shown) - 1) * (size + 4) / 2
        for number, line in enumerate(shown):
            self._canvas.text(_EDGE, first + number * (size + 4), line, size, _INK)


def _heat(share: float) -> Any:
    from matplotlib import colormaps

    return colormaps["cividis"](share)
