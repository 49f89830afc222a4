"""`EmptyCells`: the grid of a matrix before it is filled."""

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.cairo_context import Context
from scenes.drawing.casing import stroke
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import Theme, mix
from scenes.places.layout import Region

_LINE = 0.02  # width in scene units
_STRONG = 0.4  # how much of the quiet colour it has
_INSIDE = 0.08  # from a cell's edge to its outline, as a share of its shorter side


class EmptyCells(DrawnMobject):
    """An outline for each cell that a matrix will have.

    Parameters
    ----------
    region
        Where the matrix stands.
    rows, columns
        Which are shown, -1 for an ellipsis, where nothing is drawn.
    theme
        Gives the colour.

    Examples
    --------
    .. code-block:: python

        class Empty(DrawingScene):
            def construct(self):
                self.add(EmptyCells(Region(-2, -2, 2, 2), np.arange(4), np.arange(4), THEMES["dark"]))
    """

    def __init__(self, region: Region, rows: NDArray[np.int64], columns: NDArray[np.int64], theme: Theme) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.rows, self.columns = rows, columns
        self.ink = mix(theme.background, theme.quiet, _STRONG)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Stroke the outlines."""
        across, down = width / len(self.columns), height / len(self.rows)
        inside = _INSIDE * min(across, down)
        for row in np.flatnonzero(self.rows >= 0).tolist():
            for column in np.flatnonzero(self.columns >= 0).tolist():
                context.rectangle(column * across + inside, row * down + inside, across - 2 * inside, down - 2 * inside)
        stroke(context, _LINE, self.ink, float(self.opacity[0]))
