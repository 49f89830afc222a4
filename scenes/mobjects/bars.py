"""`Bars`: a row of a matrix as horizontal bars with their numbers."""

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.cairo_context import Context, Rgb, set_color
from scenes.drawing.drawn_mobject import Array, DrawnMobject
from scenes.drawing.outlines import ADVANCE, number
from scenes.mobjects.tensor import print_number
from scenes.theme import Theme

_THICK = 0.62  # a bar's thickness, as a share of its place


class Bars(DrawnMobject):
    """One bar for each value, from a zero line; negative ones go left.

    ``lengths`` is what is drawn, as shares of the room for bars, so that it can move; the numbers are those of
    :attr:`values` and fade with ``printed``.

    Parameters
    ----------
    values
        (n,); NaN where there is none, as under a mask or an ellipsis.
    color
        Of the bars.
    size
        Of the numbers, in em, scene units.
    theme
        Gives the other colours.
    decimals
        Printed after the point.
    field
        What of the trace is shown, such as ``"weights[0, 2]"``.
    """

    changing = ("opacity", "lengths", "zero", "printed", "lit")

    def __init__(
        self,
        values: NDArray[np.floating],
        color: Rgb,
        size: float,
        theme: Theme,
        decimals: int = 2,
        field: str = "",
    ) -> None:
        super().__init__(1, 1)
        self.size = size
        self.theme = theme
        self.take(values, color, decimals, field)
        self.zero, self.lengths = self.spread(values)
        self.printed: Array = np.ones(1)
        self.lit: Array = np.ones(len(values))

    def take(self, values: NDArray[np.floating], color: Rgb, decimals: int = 2, field: str = "") -> None:
        """Take other values for the numbers; the bars keep their lengths until these are moved."""
        self.values = np.asarray(values, dtype=float)
        self.texts = [print_number(value, decimals) for value in self.values.tolist()]
        self.ink = color
        self.field = field

    @staticmethod
    def spread(values: NDArray[np.floating]) -> tuple[Array, Array]:
        """Return the zero line's place (1,) and the bars' lengths (n,) that make ``values`` fill the room."""
        lengths = np.nan_to_num(np.asarray(values, dtype=float))
        low, high = min(float(lengths.min()), 0.0), max(float(lengths.max()), 0.0)
        span = (high - low) or 1.0
        return np.array([-low / span]), lengths / span

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the zero line, then bars and numbers from top to bottom."""
        room = width - self.number_width
        pitch = height / len(self.values)
        zero = self.zero[0] * room
        alpha = self.opacity[0]
        for index, length in enumerate(self.lengths.tolist()):
            if np.isnan(self.values[index]):
                continue
            lit = alpha * (0.3 + 0.7 * self.lit[index])
            start, end = sorted((zero, zero + length * room))
            context.rectangle(start, (index + (1 - _THICK) / 2) * pitch, max(end - start, 0.02), _THICK * pitch)
            set_color(context, self.ink, lit)
            context.fill()
            self._paint_number(context, index, end, pitch, lit * self.printed[0])
        set_color(context, self.theme.quiet, alpha)
        context.set_line_width(0.02)
        context.move_to(zero, 0)
        context.line_to(zero, height)
        context.stroke()

    @property
    def number_width(self) -> float:
        """What is kept free at the right for the numbers, in scene units."""
        return self.size * (ADVANCE * 7 + 0.3)

    def _paint_number(self, context: Context, index: int, end: float, pitch: float, alpha: float) -> None:
        text = self.texts[index]
        context.save()
        context.translate(end + self.size * (0.3 + ADVANCE * len(text) / 2), (index + 0.5) * pitch)
        context.scale(self.size, self.size)
        set_color(context, self.theme.text, alpha)
        context.append_path(number(text))
        context.fill()
        context.restore()
