"""`Questions`: question marks on their way from one node of a graph to all that may answer."""

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import CAP_HEIGHT, outline
from scenes.look.theme import Rgb
from scenes.mobjects.weighted_graph import WeightedGraph

_ROOM = 0.8  # between the middle of a mark and the chips, in em


class Questions(DrawnMobject):
    """A question mark on each edge into one node, running against the edge: from the one who asks.

    ``progress`` (1,) is the share of the way, 0 at the asking node, 1 where the edges start.

    Parameters
    ----------
    graph
        Whose edges they follow; it may be hidden.
    asker
        The place of the asking node.
    size
        In em, scene units.
    color
        Of the marks.

    Examples
    --------
    .. code-block:: python

        class Asking(DrawingScene):
            def construct(self):
                traced = trace("The cat sat.")
                texts, theme = ChipTexts.of(traced, np.arange(4)), THEMES["dark"]
                places = np.array([[0, 2], [4, 0], [0, -2], [-4, 0]])
                nodes = GraphNodes(texts, Region(-6, -3, 6, 3), places, 0.4, theme)
                questions = Questions(WeightedGraph(nodes, traced.weights[0], theme), 1, 0.6, theme.ink(QUERY))
                self.add(nodes)
                self.play(Change(questions, progress=0.5))
    """

    changing = ("opacity", "progress")

    def __init__(self, graph: WeightedGraph, asker: int, size: float, color: Rgb) -> None:
        super().__init__(graph.nodes.region.width, graph.nodes.region.height)
        self.points = graph.points.copy()
        self.graph = graph
        self.asker = asker
        self.size = size
        self.ink = color
        self.progress: Array = np.zeros(1)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the marks."""
        region = self.graph.nodes.region
        mark = outline("?", weight="BOLD")
        context.scale(width / region.width, height / region.height)
        for x, y in self.graph.points_along(self.asker, 1 - float(self.progress[0]), _ROOM * self.size):
            context.save()
            context.translate(x - region.left, region.top - y)
            context.scale(self.size, self.size)
            context.translate(-mark.width / 2, CAP_HEIGHT / 2)
            mark.draw(context, self.ink, float(self.opacity[0]))
            context.restore()
