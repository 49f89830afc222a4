"""`Questions`: question marks on their way from one node of a graph to all that may answer."""

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.outlines import CAP_HEIGHT, outline
from scenes.look.theme import Rgb
from scenes.mobjects.graph_nodes import chip_halves
from scenes.mobjects.weighted_graph import WeightedGraph

_ROOM = 0.62  # between the middle of a mark and the chips, in em
_APART = 0.9  # from the middle of one mark to that of another, in em
_NEAR = 1.3  # of what is between a mark and its own chip: as far as others are to be from it
_TURNING = 0.4  # share of its way on which a mark keeps to its edge
_STRIDE = 0.382  # of the way around, from one mark to the next that sets out: the golden section


class Questions(DrawnMobject):
    """A question mark on each edge into one node, running against the edge: from the one who asks.

    ``progress`` (e,) is the share of its way for each of the e edges, from 0 at the asking node, where there is no mark
    yet, to 1 at the chip where the edge starts: in the middle of that side, so that it is seen whom it asks.

    Parameters
    ----------
    graph
        Whose edges they follow; it may be hidden.
    asker
        The place of the asking node.
    size
        In em, scene units; less where marks would stand too close to each other in the end.
    smallest
        Its least, in em, scene units.
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
                questions = Questions(WeightedGraph(nodes, traced.weights[0], theme), 1, 0.6, 0.3, theme.ink(QUERY))
                self.add(nodes)
                self.play(Change(questions, progress=0.5))
    """

    changing = ("opacity", "progress")

    def __init__(self, graph: WeightedGraph, asker: int, size: float, smallest: float, color: Rgb) -> None:
        super().__init__(graph.nodes.region.width, graph.nodes.region.height)
        self.points = graph.points.copy()
        self.graph = graph
        self.asker = asker
        ends = self._ends(size)
        apart = np.hypot(*np.moveaxis(ends[:, None] - ends, -1, 0))
        closest = float(apart[~np.eye(len(ends), dtype=bool)].min(initial=np.inf))
        self.size = float(np.clip(closest / _APART, smallest, size))
        self.ends = self._ends(self.size)
        self.ink = color
        self.progress: Array = np.zeros(len(ends))

    @property
    def turns(self) -> Array:
        """When each mark sets out, (e,), from 0 to 1: neighbours not one after the other, so that none meet."""
        count = len(self.progress)
        points = np.array(self.graph.points_along(self.asker, 0)) - self.graph.nodes.places[self.asker]
        around = np.argsort(np.argsort(np.arctan2(points[:, 1], points[:, 0])))
        return (around * _STRIDE % 1 if count > 1 else around).argsort().argsort() / max(count - 1, 1)

    def _ends(self, size: float) -> Array:
        """Return where marks of a ``size`` stand in the end, (e, 2): at the middle of a side of a chip."""
        nodes, room = self.graph.nodes, _ROOM * size
        ends = np.array(self.graph.points_along(self.asker, 0, room))
        starts = np.array(self.graph.points_along(self.asker, 0))
        halves = chip_halves(nodes.texts, 1.0, nodes.tall) * nodes.sizes[:, None]
        reached = (np.abs(starts[:, None] - nodes.places) - halves).max(axis=-1).argmin(axis=1)
        for index, chip in enumerate(reached.tolist()):
            if chip == self.asker:
                continue
            others = np.arange(len(halves)) != chip
            inward = np.sign(starts[index] - nodes.places[chip])
            beside = nodes.places[chip] + inward * np.diag(halves[chip] + room)  # horizontally, vertically
            tried = [*beside[::-1], ends[index]]
            away = [(np.abs(at - nodes.places[others]) - halves[others]).max(axis=-1).min() for at in tried]
            ends[index] = tried[int(np.minimum(away, _NEAR * room).argmax())]
        return ends

    def _at(self, index: int, progress: float) -> Array:
        """Return where a mark is: along its edge, and in the end where it shall stand."""
        now, last = (
            np.array(self.graph.points_along(self.asker, 1 - share, _ROOM * self.size)[index])
            for share in (progress, 1.0)
        )
        turned = max(progress - _TURNING, 0.0) / (1 - _TURNING)
        at: Array = now + turned * turned * (3 - 2 * turned) * (self.ends[index] - last)
        return at

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the marks."""
        region = self.graph.nodes.region
        mark = outline("?", weight="BOLD")
        context.scale(width / region.width, height / region.height)
        for index in np.flatnonzero(self.progress > 0).tolist():
            progress = float(self.progress[index])
            x, y = self._at(index, progress).tolist()
            context.save()
            context.translate(x - region.left, region.top - y)
            context.scale(self.size, self.size)
            context.translate(-mark.width / 2, CAP_HEIGHT / 2)
            mark.draw(context, self.ink, float(self.opacity[0]) * min(4 * progress, 1))
            context.restore()
