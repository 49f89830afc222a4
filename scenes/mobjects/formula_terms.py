"""`FormulaTerms`: a formula whose terms have their own colours and light up one by one."""

from collections.abc import Sequence

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.marks import note_text
from scenes.drawing.typesetting import draw_typeset, typeset
from scenes.look.theme import Rgb, mix

_DIMMED = 0.3  # opacity of a term that is not lit
_UNLIT = 0.8  # and where it has a colour of its own for that: it can be read


class FormulaTerms(DrawnMobject):
    """A formula set as a whole by Typst, so that nothing moves when its terms light up.

    ``lit`` says for each term how bright it is, 0 (dimmed) to 1.

    Parameters
    ----------
    source
        Typst mathematics in which ``@3(…)`` makes what is in the brackets term 3; terms may stand in others. What is
        in none belongs to term 0.
    colors
        Of the terms.
    size
        In em, scene units.
    unlit
        Colour of terms that are not lit, instead of their own at less opacity.

    Examples
    --------
    .. code-block:: python

        class Projection(DrawingScene):
            def construct(self):
                colors = [THEMES["dark"].color(hue) for hue in (EMBEDDING, QUERY)]
                formula = FormulaTerms("X W_Q = @1(Q)", colors, 0.8)
                formula.lit = np.array([1.0, 0.0])
                self.add(formula)
                self.play(Change(formula, lit=1))
    """

    changing = ("opacity", "lit")

    def __init__(self, source: str, colors: Sequence[Rgb], size: float, unlit: Rgb | None = None) -> None:
        self.source = source
        self.unlit = unlit
        self.colors = tuple(colors)
        whole = typeset(source)
        super().__init__(whole.width * size, whole.height * size)
        self.lit: Array = np.ones(len(self.colors))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the terms."""
        whole = typeset(self.source)
        context.scale(width / whole.width, height / whole.height)
        note_text(context, self.source, 0, 0, whole.width, whole.height, self.opacity[0])
        least = _DIMMED if self.unlit is None else _UNLIT
        alphas = (self.opacity[0] * (least + (1 - least) * self.lit)).tolist()
        colors = self.colors if self.unlit is None else self._between(self.unlit)
        draw_typeset(context, whole, list(zip(colors, alphas, strict=True)))

    def _between(self, unlit: Rgb) -> list[Rgb]:
        return [mix(unlit, color, lit) for color, lit in zip(self.colors, self.lit.tolist(), strict=True)]
