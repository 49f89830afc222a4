"""`RankLines`: lines between two ranked lists, from where each entry was to where it is."""

from collections.abc import Sequence

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.casing import stroke
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.marks import note_line
from scenes.look.theme import Rgb
from scenes.places.layout import Region


class RankLines(DrawnMobject):
    """One line for each entry, from its rank in the list on the left to its rank in the one on the right.

    ``drawn`` says how far all lines have got, 0 to 1.

    Parameters
    ----------
    region
        The gap between the lists, as high as they are.
    before, after
        The entries' ranks in each list, 0 for the first.
    colors
        One for each line.
    stroke
        The lines' width in scene units.

    Examples
    --------
    .. code-block:: python

        class Swap(DrawingScene):
            def construct(self):
                lines = RankLines(Region(-1, -1, 1, 1), [0, 1], [1, 0], [OUTPUT, KEY])
                lines.drawn[:] = 0
                self.play(Change(lines, drawn=1))
    """

    changing = ("opacity", "drawn")

    def __init__(
        self,
        region: Region,
        before: Sequence[int],
        after: Sequence[int],
        colors: Sequence[Rgb],
        stroke: float = 0.03,
    ) -> None:
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.ranks = np.array([before, after], dtype=float)
        self.inks = tuple(colors)
        self.stroke = stroke
        self.drawn: Array = np.ones(1)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the lines as soft steps."""
        pitch = height / self.ranks.shape[1]
        along = np.linspace(0, float(self.drawn[0]), 24)
        step = along * along * (3 - 2 * along)
        if self.drawn[0] <= 0:
            return
        for index, color in enumerate(self.inks):
            start, end = (self.ranks[:, index] + 0.5) * pitch
            for x, share in zip(along.tolist(), step.tolist(), strict=True):
                context.line_to(x * width, start + share * (end - start))
            note_line(context, self.stroke, self.opacity[0])
            stroke(context, self.stroke, color, float(self.opacity[0]))
