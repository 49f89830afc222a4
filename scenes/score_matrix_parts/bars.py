"""`Bars`: a row of a matrix as horizontal bars with their numbers."""

from collections.abc import Sequence
from itertools import product

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.casing import stroke
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import ADVANCE, draw_number
from scenes.look.theme import Hue, Theme

_THICK = 0.62  # a bar's thickness, as a share of its place
_ASIDE, _STEP, _DOT = 0.2, 0.26, 0.08  # dots of an ellipsis: from the left edge, from each other, radius, in em


class Bars(DrawnMobject):
    """One bar for each value, from a zero line; negative ones go left.

    ``lengths`` is what is drawn, as shares of the room for bars, so that it can move; the numbers are those of
    :attr:`numbers`, fade with ``printed`` and have ``beside`` (1,) characters of room at the right.

    Parameters
    ----------
    facts
        n numbers; None where there is none, as under a mask or an ellipsis.
    color
        Of the bars.
    size
        Of the numbers, in em, scene units.
    theme
        Gives the other colours.
    gaps
        Before which bars something is left out: there an ellipsis stands at the left edge.

    Examples
    --------
    .. code-block:: python

        class Row(DrawingScene):
            def construct(self):
                row = trace("The cat sat.").weights[0, 1].tolist()
                facts = [Fact(f"weights[0][1, {key}]", weight) for key, weight in enumerate(row)]
                self.add(Bars(facts, WEIGHT, 0.3, THEMES["dark"]).place(0, 0, 6, 3))
    """

    changing = ("opacity", "lengths", "zero", "beside", "printed", "lit")

    def __init__(
        self, facts: Sequence[Fact | None], color: Hue, size: float, theme: Theme, gaps: Sequence[int] = ()
    ) -> None:
        super().__init__(1, 1)
        self.gaps = tuple(gaps)
        self.size = size
        self.theme = theme
        self.take(facts, color)
        self.zero, self.lengths = self.spread(facts)
        self.beside = self.room_beside(facts)
        self.printed: Array = np.ones(1)
        self.lit: Array = np.ones(len(facts))

    def take(self, facts: Sequence[Fact | None], color: Hue) -> None:
        """Take other numbers; the bars keep their lengths until these are moved."""
        self.numbers = tuple(facts)
        self.ink = self.theme.color(color)

    def facts(self) -> list[Fact]:
        """Return the numbers that the bars show."""
        return [fact for fact in self.numbers if fact]

    @staticmethod
    def spread(facts: Sequence[Fact | None]) -> tuple[Array, Array]:
        """Return the zero line's place (1,) and the bars' lengths (n,) that make the numbers fill the room."""
        lengths = np.array([fact.value if fact else 0.0 for fact in facts])
        low, high = min(float(lengths.min()), 0.0), max(float(lengths.max()), 0.0)
        span = (high - low) or 1.0
        return np.array([-low / span]), lengths / span

    @staticmethod
    def room_beside(facts: Sequence[Fact | None]) -> Array:
        """Return how many characters (1,) the longest number has."""
        return np.array([max((len(fact.text) for fact in facts if fact), default=1)], dtype=float)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the zero line, then bars and numbers from top to bottom."""
        room = width - self.number_width
        pitch = height / len(self.numbers)
        zero = self.zero[0] * room
        alpha = self.opacity[0]
        for index, length in enumerate(self.lengths.tolist()):
            fact = self.numbers[index]
            if fact is None:
                continue
            lit = alpha * (0.3 + 0.7 * self.lit[index])
            start, end = sorted((zero, zero + length * room))
            context.rectangle(start, (index + (1 - _THICK) / 2) * pitch, max(end - start, 0.02), _THICK * pitch)
            set_color(context, self.ink, lit)
            context.fill()
            x, y = end + self.size * (0.3 + ADVANCE * len(fact.text) / 2), (index + 0.5) * pitch
            draw_number(context, fact.text, x, y, self.size, self.theme.text, lit * self.printed[0])
        context.move_to(zero, 0)
        context.line_to(zero, height)
        stroke(context, 0.02, self.theme.quiet, float(alpha))
        self._paint_gaps(context, pitch, float(alpha))

    def _paint_gaps(self, context: Context, pitch: float, alpha: float) -> None:
        """Draw an ellipsis before each bar before which something is left out."""
        set_color(context, self.theme.text, alpha)
        for gap, step in product(self.gaps, (-1, 0, 1)):
            context.arc(-_ASIDE * self.size, gap * pitch + step * _STEP * self.size, _DOT * self.size, 0, 2 * np.pi)
            context.fill()

    @property
    def number_width(self) -> float:
        """What is kept free at the right for the numbers, in scene units."""
        return float(self.size * (ADVANCE * self.beside[0] + 0.3))
