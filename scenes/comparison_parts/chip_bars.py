"""`ChipBars`: a row of attention weights as bars that stand on the chips they belong to."""

from collections.abc import Sequence

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.drawn_mobject import DrawnMobject, Look
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import CAP_HEIGHT, draw_number
from scenes.look.theme import WEIGHT, Theme
from scenes.mobjects.graph_nodes import GraphNodes

NUMBER = 1.0  # size of a number, in em of its chip
GAP = 0.14  # between a chip and its bar, and between a bar and its number, in em

_WIDE = 0.9  # a bar's width, in em
_TAIL = 0.12  # by which a decimal comma goes under its line, in em
_THIN = 0.04  # height of a bar that is nearly nothing, in em
_DIMMED, _DIMMED_NUMBER = 0.4, 0.55  # opacity of a bar that is not lit, and of its number


class ChipBars(DrawnMobject):
    """One bar on each chip, as high as its weight's share of the largest, with the weight in numbers over it.

    ``grown`` (n,) says how much of each bar is there, and ``lit`` (n,) dims; a number that would read 0.00 is left out.

    Parameters
    ----------
    nodes
        The n chips; bars follow where these go.
    weights
        The chips' numbers; None for a token that may not be attended to, and for an ellipsis.
    limit
        The weight whose bar is as high as ``reach``, so that several rows can share a scale.
    reach
        Height of a bar at ``limit``, in em of the chips.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class Row(DrawingScene):
            def construct(self):
                traced, theme = trace("The cat sat."), THEMES["dark"]
                places = np.array([[-3, -1], [-1, -1], [1, -1], [3, -1]])
                nodes = GraphNodes(ChipTexts.of(traced, np.arange(4)), Region(-6, -3, 6, 3), places, 0.4, theme)
                row = traced.weights[0, 1].tolist()
                weights = [Fact(f"weights[0][1, {token}]", weight) for token, weight in enumerate(row)]
                self.add(nodes, ChipBars(nodes, weights, max(row), 3.0, theme))
    """

    changing = ("opacity", "grown", "lit")

    def __init__(
        self, nodes: GraphNodes, weights: Sequence[Fact | None], limit: float, reach: float, theme: Theme
    ) -> None:
        super().__init__(nodes.region.width, nodes.region.height)
        self.points = nodes.region.corners
        self.nodes = nodes
        self.theme = theme
        self.numbers = tuple(weights)
        self.limit = limit
        self.grown: Array = np.ones(len(self.numbers))
        self.lit: Array = np.ones(len(self.numbers))
        self.reach = reach

    @staticmethod
    def texts(weights: Sequence[Fact | None]) -> list[str]:
        """Return what is printed over each chip, "" where nothing may be attended to, and where it would read 0.00."""
        return [weight.text if weight and weight.printed else "" for weight in weights]

    def facts(self) -> list[Fact]:
        """Return the weights."""
        return [weight for weight in self.numbers if weight]

    def look(self) -> Look:
        """Return what tells how it looks, the nodes included: their places, sizes, and which are shown."""
        return (*super().look(), *self.nodes.look())

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw bars and numbers."""
        nodes, region = self.nodes, self.nodes.region
        context.scale(width / region.width, height / region.height)
        shown = self.opacity[0] * nodes.shown
        alphas, written = (shown * (least + (1 - least) * self.lit) for least in (_DIMMED, _DIMMED_NUMBER))
        for index, (weight, text) in enumerate(zip(self.numbers, self.texts(self.numbers), strict=True)):
            if weight is None or alphas[index] <= 0 or self.grown[index] <= 0:
                continue
            em, (x, y) = nodes.sizes[index], nodes.places[index]
            high = max(weight.value / self.limit * self.reach, _THIN) * self.grown[index]
            foot = region.top - y - nodes.halves[index, 1] - GAP * em
            context.rectangle(x - region.left - _WIDE * em / 2, foot - high * em, _WIDE * em, high * em)
            set_color(context, self.theme.color(WEIGHT), float(alphas[index]))
            context.fill()
            seen = float(written[index] * self.grown[index])
            if text and seen > 0:
                tail = _TAIL * ("," in text)
                middle = foot - (high + GAP + tail + NUMBER * CAP_HEIGHT / 2) * em
                draw_number(context, text, x - region.left, middle, NUMBER * em, self.theme.text, seen)
