"""`Arcs`: how much the tokens of a sentence relate to one another, as arcs over them."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context
from scenes.drawing.casing import stroke
from scenes.drawing.drawn_mobject import DrawnMobject, Look
from scenes.drawing.fact import Fact
from scenes.drawing.marks import note_line
from scenes.look.theme import WEIGHT, Theme
from scenes.mobjects.graph_nodes import GraphNodes
from scenes.relationships_parts.shorter_sentence import relations

_THINNEST = {"row": 0.06, "column": 0.08}  # width of an arc, in em of the chips; those of a column are small
_WIDEST = {"row": 0.42, "column": 0.55}
_PALEST = 0.6  # opacity of the weakest arc, and of those that are not lit: it can still be seen
_ROOM = 0.15  # between a chip and the arcs' feet, in em
_CURVES = 24  # pieces of an arc
_TURN = np.linspace(0, np.pi, 2 * _CURVES + 1)
_STEEP = {"row": 0.62, "column": 0.8}  # below 1, short arcs stand higher than their share


class Arcs(DrawnMobject):
    """One arc for each two tokens; its width is proportional to the larger attention weight between them.

    Arcs stand above a row of chips, or at the right of a column. Arrays (n, n), of which the upper half counts, say
    how they look: ``strengths`` (what widths are proportional to), ``grown`` (share that is drawn, from the earlier
    token on), ``shown`` (opacity) and ``lit`` (1 is plain, less is dimmed).

    Parameters
    ----------
    nodes
        The chips; arcs follow where these go.
    weights
        (tokens, tokens), attention weights.
    theme
        Gives the colours.
    standing
        Whether the chips stand in a row or in a column.
    reach
        Height of the highest arc, scene units.
    limit
        The strength that is drawn with full width.
    slots
        (n,), which token each chip is, -1 for none; left out, as they come.
    field
        What of the trace is shown, such as ``"weights[0]"``.
    faintest
        The strength below which two tokens have no arc: their value is 0.

    Examples
    --------
    .. code-block:: python

        class Relations(DrawingScene):
            def construct(self):
                traced, theme = trace("The cat sat."), THEMES["dark"]
                places = np.array([[-3, -1], [-1, -1], [1, -1], [3, -1]])
                nodes = GraphNodes(ChipTexts.of(traced, np.arange(4)), Region(-6, -3, 6, 3), places, 0.4, theme)
                arcs = Arcs(nodes, traced.weights[0], theme, "row", reach=3, limit=0.5)
                arcs.grown[:] = 0
                self.add(nodes)
                self.play(Change(arcs, grown=1))
    """

    changing = ("opacity", "strengths", "grown", "shown", "lit")

    def __init__(
        self,
        nodes: GraphNodes,
        weights: NDArray[np.floating],
        theme: Theme,
        standing: Literal["row", "column"],
        reach: float,
        limit: float,
        *,
        slots: NDArray[np.int64] | None = None,
        field: str = "",
        faintest: float = 0.02,
    ) -> None:
        super().__init__(nodes.region.width, nodes.region.height)
        self.points = nodes.region.corners
        self.nodes = nodes
        self.theme = theme
        self.standing = standing
        self.reach = reach
        self.limit = limit
        self.ink = theme.color(WEIGHT)
        self.field = field
        self.faintest = faintest
        count = len(nodes.texts.labels)
        self.slots = np.arange(count) if slots is None else slots
        self.weights: Array = weights.astype(float)[np.ix_(self.slots, self.slots)]
        self.weights[self.slots < 0] = self.weights[:, self.slots < 0] = 0
        self.relations = relations(self.weights)
        self.values = np.where(self.relations < faintest, 0.0, self.relations)
        self.strengths: Array = self.values.copy()
        self.grown: Array = np.ones((count, count))
        self.shown: Array = np.ones((count, count))
        self.lit: Array = np.ones((count, count))
        apart = self.apart
        self.span = max(float(apart.max(where=np.triu(self.values, 1) > 0, initial=0.0)), 1e-6)

    @property
    def apart(self) -> Array:
        """How far chips are from each other along the row or column, (n, n)."""
        along = self.nodes.places[:, self._axis]
        result: Array = np.abs(along[:, None] - along[None, :])
        return result

    @property
    def alphas(self) -> Array:
        """Opacity of each arc as it stands, (n, n); those of the upper half are drawn."""
        share = np.clip(2 * self.strengths / self.faintest - 1, 0, 1)
        by_strength = np.clip(self.strengths / self.limit, 0, 1)
        seen = self.shown * share * (self.grown > 0)
        result: Array = self.opacity[0] * seen * (_PALEST + (1 - _PALEST) * self.lit * by_strength)
        return result

    @property
    def widths(self) -> Array:
        """Width of each arc, (n, n), in em of the chips: proportional to its strength, but never less than a hair."""
        return np.maximum(_WIDEST[self.standing] * self.strengths / self.limit, _THINNEST[self.standing])

    def of_one(self, place: int) -> Array:
        """Return how much one token attends to each other, as the strengths of its arcs, (n, n); 0 for all others."""
        result = np.zeros_like(self.values)
        own = np.where(self.weights[place] < self.faintest, 0.0, self.weights[place])
        result[place], result[:, place] = own, own
        return result

    def fact(self, first: int, second: int) -> Fact:
        """Return how much two tokens, given by their chips, relate: the larger attention weight."""
        one, other = sorted((first, second), key=lambda place: self.weights[place, first + second - place])[::-1]
        source = f"{self.field}[{self.slots[one]}, {self.slots[other]}]"
        return Fact(source, float(self.relations[first, second]))

    def facts(self) -> list[Fact]:
        """Return the strength of each arc."""
        pairs = np.argwhere(np.triu(self.values, 1) > 0)
        return [self.fact(first, second) for first, second in pairs.tolist()]

    def only(self, *places: int) -> Array:
        """Return an array (n, n) that is 1 for the arcs of one chip, or for the arc between two, and 0 elsewhere."""
        count = len(self.slots)
        rows = np.isin(np.arange(count), places)
        return (rows[:, None] & rows[None, :] if len(places) > 1 else rows[:, None] | rows[None, :]).astype(float)

    def top(self, first: int, second: int) -> tuple[float, float]:
        """Return the point (x, y) of an arc that is farthest from the chips, scene units."""
        line = self.arc(first, second)
        x, y = line[len(line) // 2]
        return float(x), float(y)

    def arc(self, first: int, second: int, span: float | None = None) -> Array:
        """Return the points (k, 2) of an arc from the earlier to the later of two chips, scene units.

        One over the ``span`` is the highest; left out, the longest of those that are drawn.
        """
        axis, places = self._axis, self.nodes.places
        room = _ROOM * float(self.nodes.sizes.min())
        away = self.nodes.halves[:, self.across] + room
        start, end = places[first, axis], places[second, axis]
        base = max(places[first, self.across] + away[first], places[second, self.across] + away[second])
        high = self.reach * (abs(end - start) / (span or self.span)) ** _STEEP[self.standing]
        along = (start + end) / 2 - (end - start) / 2 * np.cos(_TURN)
        across = base + high * np.sin(_TURN)
        return np.stack([along, across] if axis == 0 else [across, along], axis=-1)

    def look(self) -> Look:
        """Return what tells how it looks, the nodes' places and sizes included."""
        nodes = self.nodes
        return (*super().look(), nodes.places.tobytes(), nodes.sizes.tobytes(), nodes.tall.tobytes())

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the arcs, the weakest first."""
        region = self.nodes.region
        context.scale(width / region.width, -height / region.height)
        context.translate(-region.left, -region.top)
        alphas, widths = np.triu(self.alphas, 1), self.widths
        pairs = np.argwhere(alphas > 0)
        em = float(self.nodes.sizes.min())
        for first, second in pairs[np.argsort(self.strengths[pairs[:, 0], pairs[:, 1]])].tolist():
            points = self.arc(first, second)
            drawn = max(round(float(self.grown[first, second]) * (len(points) - 1)), 1)
            context.new_path()
            for x, y in points[: drawn + 1].tolist():
                context.line_to(x, y)
            width, alpha = float(widths[first, second]) * em, float(alphas[first, second])
            note_line(context, width, alpha)
            stroke(context, width, self.ink, alpha)

    @property
    def across(self) -> int:
        """The axis along which arcs rise: 1 over a row, 0 beside a column."""
        return 1 - self._axis

    @property
    def _axis(self) -> int:
        return 0 if self.standing == "row" else 1
