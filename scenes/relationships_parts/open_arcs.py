"""`OpenArcs`: which relations one token may have, before anything is known of them."""

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.casing import stroke
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.marks import note_line
from scenes.look.theme import Rgb
from scenes.relationships_parts.arcs import Arcs

_WIDTH = 0.05  # of a line, in em of the chips
_ALPHA = 0.5


class OpenArcs(DrawnMobject):
    """Thin arcs, all alike, from one chip toward those that its token may attend to; ``grown`` (n,) says how far.

    Parameters
    ----------
    arcs
        Whose places they take.
    start
        The place of the chip that they start from.
    ends
        The places that they lead to.
    color
        Their colour.
    room
        At their ends, for what stands there, scene units.

    Examples
    --------
    .. code-block:: python

        class Asked(DrawingScene):
            def construct(self):
                traced, theme = trace("The cat sat."), THEMES["dark"]
                places = np.array([[-3, -1], [-1, -1], [1, -1], [3, -1]])
                nodes = GraphNodes(ChipTexts.of(traced, np.arange(4)), Region(-6, -3, 6, 3), places, 0.4, theme)
                arcs = Arcs(nodes, traced.weights[0], theme, "row", reach=3, limit=0.5)
                possible = OpenArcs(arcs, 2, np.array([0, 1, 3]), theme.ink(QUERY))
                possible.grown[:] = 0
                self.add(nodes)
                self.play(Change(possible, grown=1))
    """

    changing = ("opacity", "grown")

    def __init__(self, arcs: Arcs, start: int, ends: NDArray[np.int64], color: Rgb, room: float = 0.0) -> None:
        region = arcs.nodes.region
        super().__init__(region.width, region.height)
        self.points = region.corners
        self.arcs = arcs
        self.start = start
        self.ends = ends
        self.ink = color
        self.room = room
        self.grown: Array = np.ones(len(ends))
        self.span = max(arcs.span, float(arcs.apart[start, ends].max(initial=0.0)))

    def at(self, end: int, away: float) -> tuple[float, float]:
        """Return the point (x, y) where the arc to one chip is ``away`` from it, scene units."""
        line, apart = self._line(end)
        x, y = (float(np.interp(away, apart[: len(line) // 2], part[: len(line) // 2])) for part in line.T)
        return x, y

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the arcs, each from its start on."""
        region = self.arcs.nodes.region
        context.scale(width / region.width, -height / region.height)
        context.translate(-region.left, -region.top)
        alpha, line = float(self.opacity[0]) * _ALPHA, _WIDTH * float(self.arcs.nodes.sizes.min())
        for end, grown in zip(self.ends.tolist(), self.grown.tolist(), strict=True):
            points, apart = self._line(end)
            beyond = apart > self.room
            points = np.vstack([self.at(end, self.room), points[beyond]])[::-1]
            drawn = round(grown * (len(points) - 1))
            if not drawn:
                continue
            context.new_path()
            for x, y in points[: drawn + 1].tolist():
                context.line_to(x, y)
            note_line(context, line, alpha)
            stroke(context, line, self.ink, alpha)

    def _line(self, end: int) -> tuple[Array, Array]:
        """Return the points (k, 2) of the arc to one chip, from its end on, and how far each is from the chips."""
        line = self.arcs.arc(min(self.start, end), max(self.start, end), self.span)
        line = line if end < self.start else line[::-1]
        apart: Array = np.abs(line - line[0])[:, self.arcs.across]
        apart[len(line) // 2 :] = np.inf
        return line, apart
