"""The letters of pictures: how wide a text is, where it is broken, and which of its letters the font has."""

from __future__ import annotations

from bisect import bisect_right
from pathlib import Path

_ENDING = "…"
_LONGEST = 200  # nothing longer fits anywhere


class Letters:
    """DejaVu Sans, which comes with matplotlib. What it does not have, such as emoji, is left out."""

    def __init__(self) -> None:
        import matplotlib as mpl
        from matplotlib.ft2font import FT2Font

        folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
        self.files = {False: folder / "DejaVuSans.ttf", True: folder / "DejaVuSans-Bold.ttf"}
        self._fonts = {bold: FT2Font(str(file)) for bold, file in self.files.items()}
        self._known = {bold: frozenset(font.get_charmap()) for bold, font in self._fonts.items()}

    def known(self, text: str, *, bold: bool = False) -> str:
        """Without the letters that the font has not."""
        letters = self._known[bold]
        if all(ord(letter) in letters for letter in text):
            return text
        kept = "".join(letter if ord(letter) in letters else " " for letter in text)
        return " ".join(kept.split()) or "?"

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """In pixels."""
        font = self._fonts[bold]
        font.set_size(size, 72)
        font.set_text(self.known(text, bold=bold))
        return float(font.get_width_height()[0]) / 64

    def wrap(
        self, text: str, size: float, room: float, *, lines: int, bold: bool = False
    ) -> list[str]:
        """The text in so many lines at most, broken between words; what does not fit is cut off with `…`."""
        shown: list[str] = []
        for word in self.known(text[:_LONGEST], bold=bold).split(" "):
            longer = f"{shown[-1]} {word}" if shown else word
            if shown and self.width(longer, size, bold=bold) <= room:
                shown[-1] = longer
            elif len(shown) < lines:
                shown.append(word)
            else:
                shown[-1] = longer
        return [self._cut(line, size, room, bold=bold) for line in shown]

    def _cut(self, line: str, size: float, room: float, *, bold: bool) -> str:
        if self.width(line, size, bold=bold) <= room:
            return line
        fitting = bisect_right(
            range(len(line)),
            room,
            key=lambda end: self.width(f"{line[:end]}{_ENDING}", size, bold=bold),
        )
        return f"{line[: max(0, fitting - 1)].rstrip()}{_ENDING}"
