"""Where a picture is drawn (PNG): matplotlib with everything placed in pixels from the top left."""

from __future__ import annotations

import io
import logging
from collections.abc import Sequence
from typing import Any

from cicero_cli.services.attendance.picture_letters import Letters

WIDTH = 1080
_DPI = 100
_PAPER = "#FFFFFF"


class Canvas:
    """A sheet of paper 1,080 pixels wide, as long as it is said to be in the end. Sizes of letters are in pixels too."""

    def __init__(self) -> None:
        logging.getLogger("matplotlib").setLevel(
            logging.ERROR
        )  # of its folders, which no reader needs
        from matplotlib.figure import Figure

        self.letters = Letters()
        self._figure = Figure(dpi=_DPI, facecolor=_PAPER)
        self._axes = self._figure.add_axes((0, 0, 1, 1))
        self._axes.axis("off")

    def finish(self, height: float) -> bytes:
        """The PNG's bytes."""
        from matplotlib.backends.backend_agg import FigureCanvasAgg

        self._figure.set_size_inches(WIDTH / _DPI, int(height) / _DPI)
        self._axes.set_xlim(0, WIDTH)
        self._axes.set_ylim(int(height), 0)
        file = io.BytesIO()
        FigureCanvasAgg(self._figure).print_figure(file, format="png", dpi=_DPI)
        return file.getvalue()

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str,
        *,
        bold: bool = False,
        align: str = "left",
        paper: str | None = None,
    ) -> None:
        """`paper`: what stands behind it is covered in this colour."""
        self._axes.text(
            x,
            y,
            self.letters.known(text, bold=bold),
            fontsize=size * 72 / _DPI,
            color=colour,
            font=self.letters.files[bold],
            ha=align,
            va="center",
            parse_math=False,
            zorder=5,
            bbox={"facecolor": paper, "linewidth": 0, "pad": 2} if paper else None,
        )

    def cells(
        self,
        x: Sequence[float],
        y: Sequence[float],
        shares: Sequence[Sequence[float | None]],
        *,
        has_edges: bool,
    ) -> None:
        """A grid with these edges, coloured by share; empty where there is none."""
        values = [[float("nan") if one is None else one for one in row] for row in shares]
        self._axes.pcolormesh(
            x,
            y,
            values,
            cmap="cividis",
            vmin=0,
            vmax=1,
            edgecolors=_PAPER if has_edges else "none",
            linewidth=1,
        )

    def box(self, x: float, y: float, width: float, height: float, colour: Any) -> None:
        from matplotlib.patches import Rectangle

        self._axes.add_patch(Rectangle((x, y), width, height, facecolor=colour, linewidth=0))

    def hatch(self, x: float, y: float, width: float, height: float) -> None:
        from matplotlib.patches import Rectangle

        self._axes.add_patch(
            Rectangle(
                (x, y),
                width,
                height,
                facecolor="#F4F5F7",
                edgecolor="#9AA1AC",
                hatch="///",
                linewidth=0,
            )
        )

    def stroke(
        self,
        x: Sequence[float],
        y: Sequence[float],
        colour: str,
        *,
        width: float,
        style: str = "-",
        marker: str = "",
    ) -> None:
        self._axes.plot(
            x,
            y,
            color=colour,
            linewidth=width * 72 / _DPI,
            linestyle=style,
            marker=marker,
            markersize=8,
        )
