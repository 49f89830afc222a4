"""`Opening`: two lines from a piece of a bar to the bar that shows what it is made of."""

import numpy as np

from scenes.drawing.arrows import stroke_line
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.look.theme import Theme
from scenes.places.layout import Region

_ROOM = 0.05  # between a line and what it leads from and to, in scene units


class Opening(DrawnMobject):
    """A piece opens into the bar below it: lines lead from its lower corners to the bar's upper ones.

    Parameters
    ----------
    piece, bar
        Where they stand.
    stroke
        Width of the lines, in scene units.
    theme
        Gives the colour.

    Examples
    --------
    .. code-block:: python

        class Opens(DrawingScene):
            def construct(self):
                opening = Opening(Region(2, 1, 4, 2), Region(-4, -2, 4, -1), 0.02, THEMES["dark"])
                self.play(Change(opening.set_opacity(0), opacity=1))
    """

    def __init__(self, piece: Region, bar: Region, stroke: float, theme: Theme) -> None:
        self.region = Region(bar.left, bar.top + _ROOM, bar.right, piece.bottom - _ROOM)
        super().__init__(self.region.width, self.region.height)
        self.points = self.region.corners
        self.piece = piece
        self.stroke = stroke
        self.theme = theme

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the lines."""
        region, piece = self.region, self.piece
        context.scale(width / region.width, -height / region.height)
        context.translate(-region.left, -region.top)
        for above, below in ((piece.left, region.left), (piece.right, region.right)):
            line = np.array([[above, region.top], [below, region.bottom]])
            stroke_line(context, line, self.stroke, self.theme.quiet, float(self.opacity[0]))
