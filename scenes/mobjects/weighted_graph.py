"""`WeightedGraph`: all edges of a graph of tokens, one mobject however many they are."""

from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array, corners
from scenes.drawing.arrows import fill_head, head_outline, stroke_line
from scenes.drawing.cairo_context import Context, rounded_rectangle, set_color
from scenes.drawing.drawn_mobject import DrawnMobject, Look
from scenes.drawing.fact import Fact
from scenes.drawing.kept import draw_kept
from scenes.drawing.outlines import ADVANCE, CAP_HEIGHT, draw_number
from scenes.look.theme import WEIGHT, Rgb, Theme
from scenes.mobjects.edge_routes import POINTS, Chips, Router, Routes, Shapes
from scenes.mobjects.graph_nodes import GraphNodes

_THINNEST, _WIDEST = 0.04, 0.3  # width of an edge, in em of the chips
_HEAD = 0.3, 0.13  # an arrowhead's length and half its width where the edge has no width, in em
_ROOM = 0.2  # between an edge and the chips, in em
_WIDEST_LOOP = 1.2  # width of a loop by that of the widest edge, at most
_VISIBLE = 0.25  # of the largest weight between two: whatever has so much is drawn
_OF_EDGES = ("grown", "shown", "lit", "flow", "printed")  # arrays (n, n)
_DIMMED = 0.42  # opacity of an edge that is not lit: it can still be seen
_PLATE_FIRST = 8  # how much sooner than a number its ground is there
_PLATE = 0.16  # around a number on its edge, in em


@dataclass(frozen=True)
class Edge:
    """One edge as it is drawn, in scene units.

    ``line`` (k, 2) is what is stroked, ``head`` (3, 2) the arrowhead; ``source`` and ``target`` are places of nodes.
    """

    source: int
    target: int
    line: Array
    head: Array
    width: float
    alpha: float


@dataclass(frozen=True, slots=True)
class _Ways:
    """Where edges go, kept until a chip moves. Slots, as Manim's cache of partial movies would hash a ``__dict__``."""

    state: bytes  # what they were found for
    pairs: NDArray[np.int64]  # (e, 2), source and target of each edge that is drawn, the weakest first
    routes: Routes  # of the e edges
    finished: dict[int, tuple[Array, Array]] = field(default_factory=dict)  # line and head of edges that are all grown

    def of(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the edges' own of ``values`` (n, n), as (e,)."""
        result: NDArray[Any] = values[self.pairs[:, 1], self.pairs[:, 0]]
        return result


class WeightedGraph(DrawnMobject):
    """Directed edges between chips: from each token that is attended to, to the token that attends.

    An edge starts and ends at the borders of its chips, bends toward the middle of the graph and keeps clear of other
    chips. Its width is proportional to the root of its weight, where the largest weight between two tokens has full
    width; very weak edges are not drawn. Loops stand out on a chip's outer side. Numbers lie on their edges.

    Arrays of shape (n, n), row = target (attending), column = source (attended), as attention weights have it, say
    how the edges look: ``grown`` (share of the way that is drawn), ``shown`` (opacity), ``lit`` (1 is plain, less is
    dimmed), ``flow`` (where a message is on its way, drawn between 0 and 1) and ``printed`` (opacity of the weight in
    numbers, for edges in :attr:`labelled`). ``strengths`` (n, n) is an edge's width by its weight alone, 0 where it is
    too weak to be drawn. ``loop_size`` (1,) is the size of loops, 1 or less; edges leave room for loops of the size
    ``loop_room``, so that they stay where they are while loops shrink.

    Parameters
    ----------
    nodes
        The n chips; edges follow where these go. Stand the nodes above the graph.
    weights
        (tokens, tokens), each from 0 to 1.
    theme
        Gives the colours.
    slots
        (n,), which token each node is, -1 for an ellipsis; left out, as they come.
    field
        What of the trace is shown, such as ``"weights[0]"``.
    faintest
        The weight below which an edge is not drawn, unless all are so weak.
    strongest
        How many edges into each node are drawn beside its loop, the strongest ones; left out, all.
    number_size
        Of printed weights, in em, scene units.
    message
        The messages' colour.
    boldness
        Of edges and their heads, less than 1 where they are many, and more where they are few.
    router
        Finds the ways of the edges; left out, they bend toward the middle.

    Examples
    --------
    .. code-block:: python

        class Graph(DrawingScene):
            def construct(self):
                traced = trace("The cat sat.")
                texts, theme = ChipTexts.of(traced, np.arange(4)), THEMES["dark"]
                places = np.array([[0, 2], [4, 0], [0, -2], [-4, 0]])
                nodes = GraphNodes(texts, Region(-6, -3, 6, 3), places, 0.4, theme)
                graph = WeightedGraph(nodes, traced.weights[0], theme)
                graph.grown[:] = 0
                self.add(graph, nodes)
                self.play(Change(graph, grown=1))
                self.play(Change(graph, flow=1))
    """

    changing = ("opacity", "grown", "shown", "lit", "flow", "printed", "loops", "loop_size")

    def __init__(
        self,
        nodes: GraphNodes,
        weights: NDArray[np.floating],
        theme: Theme,
        *,
        slots: NDArray[np.int64] | None = None,
        field: str = "",
        faintest: float = 0.02,
        strongest: int | None = None,
        number_size: float = 8 / 36,
        message: Rgb | None = None,
        boldness: float = 1.0,
        router: Router | None = None,
    ) -> None:
        super().__init__(nodes.region.width, nodes.region.height)
        self.points = nodes.region.corners
        self.nodes = nodes
        self.theme = theme
        self.ink = theme.color(WEIGHT)
        self.message = message or theme.text
        self.field = field
        self.number_size = number_size
        self.boldness = boldness
        count = len(nodes.texts.labels)
        self.slots = np.arange(count) if slots is None else slots
        self.weights: Array = np.array(weights, dtype=float)[np.ix_(self.slots, self.slots)]
        self.weights[self.slots < 0] = self.weights[:, self.slots < 0] = 0
        between: Array = self.weights * (1 - np.eye(count))
        self.limit = float(between.max()) or float(self.weights.max()) or 1.0
        ranks = np.argsort(np.argsort(-between, axis=1, kind="stable"), axis=1)
        seen = (ranks < (count if strongest is None else strongest)) | np.eye(count, dtype=bool)
        seen &= self.weights >= min(faintest, _VISIBLE * self.limit)
        self.strengths: Array = seen.astype(float) * np.minimum(np.sqrt(self.weights / self.limit), _WIDEST_LOOP)
        shape = count, count
        self.labelled: NDArray[np.bool_] = np.zeros(shape, dtype=bool)
        self.grown: Array = np.ones(shape)
        self.shown: Array = np.ones(shape)
        self.lit: Array = np.ones(shape)
        self.flow: Array = np.zeros(shape)
        self.printed: Array = np.ones(shape)
        self.middle: Array = np.array(nodes.region.center)
        self.loops: Array = outward(nodes.places, self.middle)
        self.loop_size: Array = np.ones(1)
        self.loop_room = 1.0
        self._ways: _Ways | None = None
        self._router = router or Router()

    @property
    def alphas(self) -> Array:
        """Opacity of each edge as it stands, (n, n)."""
        drawn = ((self.grown > 0) & (self.strengths > 0)).astype(float)
        result: Array = self.opacity[0] * self.shown * (_DIMMED + (1 - _DIMMED) * self.lit) * drawn
        return result

    @property
    def widths(self) -> Array:
        """Width of each edge, (n, n), in em of the chips: as the root of its weight, but never less than a hair."""
        size = np.where(np.eye(len(self.weights)), self.loop_size[0], 1.0)
        return np.maximum(_WIDEST * self.boldness * self.strengths * size, _THINNEST)

    def only(self, target: int, value: float = 1.0, others: float = 0.0) -> Array:
        """Return an array (n, n) that is ``value`` for the edges into one node and ``others`` elsewhere."""
        values = np.full(self.weights.shape, others)
        values[target] = value
        return values

    def fact(self, target: int, source: int) -> Fact:
        """Return one edge's weight."""
        index = f"{self.slots[target]}, {self.slots[source]}"
        return Fact(f"{self.field}[{index}]", float(self.weights[target, source]))

    def facts(self) -> list[Fact]:
        """Return the weight of each edge that is not too weak to be drawn."""
        return [self.fact(target, source) for target, source in np.argwhere(self.strengths > 0).tolist()]

    def edges(self, among: NDArray[np.bool_] | None = None) -> list[Edge]:
        """Return the edges as they are drawn now, the weakest first; if not all, those ``among`` (n, n) says."""
        alphas, widths, sizes = self.alphas, self.widths, self.nodes.sizes
        chosen = alphas > 0 if among is None else among & (alphas > 0)
        ways = self._routed()
        result = []
        for index in np.flatnonzero(ways.of(chosen)).tolist():
            source, target = ways.pairs[index].tolist()
            em = float(min(sizes[source], sizes[target]))
            width = float(widths[target, source]) * em
            size = float(self.loop_size[0]) if source == target else 1.0
            line, head = self._drawn(ways, index, float(self.grown[target, source]), width, em * size)
            result.append(Edge(source, target, line, head, width, float(alphas[target, source])))
        return result

    def points_along(self, target: int, share: float, room: float = 0.0) -> list[tuple[float, float]]:
        """Return a point (x, y) on each edge into a node, at a share of its way, in scene units.

        The way is without ``room`` at both ends.
        """
        ways = self._routed()
        into = np.flatnonzero(ways.pairs[:, 1] == target)
        cuts = np.minimum(room / ways.routes.lengths[into], 0.5)
        shares = cuts + share * (1 - 2 * cuts)
        return [(float(x), float(y)) for x, y in map(_at, ways.routes.points[into], shares.tolist())]

    def number_at(self, target: int, source: int) -> tuple[float, float] | None:
        """Return where the number of an edge stands, (x, y) in scene units; None if it has none."""
        ways = self._routed()
        found = np.flatnonzero((ways.pairs == [source, target]).all(axis=1))
        if not len(found) or np.isnan(ways.routes.labels[found[0]]).any():
            return None
        x, y = ways.routes.labels[found[0]].tolist()
        return x, y

    def look(self) -> Look:
        """Return what tells how it looks, the nodes' places and sizes included."""
        nodes = self.nodes
        return (*super().look(), nodes.places.tobytes(), nodes.sizes.tobytes() + nodes.tall.tobytes())

    def changed_part(self, before: Look) -> Array | None:
        """Return the corner points of the rectangle around the edges that look otherwise than they did."""
        now, region = self.look(), self.nodes.region
        if before[:2] != now[:2] or before[-4:] != now[-4:] or not np.array_equal(self.points, region.corners):
            return None  # moved, or faded as a whole
        then = dict(zip(self.changing, (np.frombuffer(array) for array in before[1:]), strict=False))
        differs = {name: then[name].reshape(self.weights.shape) != getattr(self, name) for name in _OF_EDGES}
        if ((then["shown"] > 0) != (self.shown > 0).ravel()).any():
            return None  # an edge came or went, which may lead others another way
        ways = self._routed()
        changed = ways.of(np.logical_or.reduce(list(differs.values())))
        points, labels = ways.routes.points[changed], ways.routes.labels[changed]
        places = np.concatenate([points.reshape(-1, 2), labels, [region.center]])
        room = max(_WIDEST + _HEAD[1], 0.5) * float(self.nodes.sizes.max()) + 2 * self.number_size
        low, high = np.nanmin(places, axis=0) - room, np.nanmax(places, axis=0) + room  # few edges have a label
        return corners(*(low + high) / 2, *(high - low))

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw edges, those at rest first, then numbers, then messages."""
        region = self.nodes.region
        context.scale(width / region.width, -height / region.height)
        context.translate(-region.left, -region.top)
        self._paint_edges(context)
        self._paint_numbers(context)
        self._paint_messages(context)

    def _paint_edges(self, context: Context) -> None:
        alphas, ways = self.alphas, self._routed()
        finished = self.grown == 1
        dimmed, plain = finished & (self.lit == 0), finished & (self.lit == 1)
        for among in (dimmed, plain):
            if (alphas[among] > 0).any():
                look = self.weights, ways.pairs, ways.routes.points, among, alphas[among]
                draw_kept(context, tuple(array.tobytes() for array in look), partial(self._draw_edges, among))
        self._draw_edges(~(dimmed | plain), context)

    def _draw_edges(self, among: NDArray[np.bool_], context: Context) -> None:
        for edge in self.edges(among):
            stroke_line(context, edge.line, edge.width, self.ink, edge.alpha)
            fill_head(context, edge.head, self.ink, edge.alpha)

    def _paint_numbers(self, context: Context) -> None:
        alphas = self.alphas * self.printed * self.labelled
        if not alphas.any():
            return
        ways = self._routed()
        for (source, target), (x, y) in zip(ways.pairs.tolist(), ways.routes.labels.tolist(), strict=True):
            if alphas[target, source] > 0 and not np.isnan(x):
                alpha = self.opacity[0] * self.shown[target, source] * self.printed[target, source]
                context.save()
                context.translate(x, y)
                context.scale(1, -1)
                self._paint_plate(context, float(alpha))
                text = self.fact(target, source).text
                draw_number(context, text, 0, 0, self.number_size, self.theme.text, float(alpha))
                context.restore()

    def _paint_plate(self, context: Context, alpha: float) -> None:
        """Draw the ground of a number, so that no line crosses it."""
        across, up = number_half(self.number_size)
        rounded_rectangle(context, -across, -up, 2 * across, 2 * up, up / 2, up / 2)
        set_color(context, self.theme.plate, min(_PLATE_FIRST * alpha, 1))
        context.fill()

    def _paint_messages(self, context: Context) -> None:
        moving = (self.flow > 0) & (self.flow < 1) & (self.alphas > 0)
        if not moving.any():
            return
        ways = self._routed()
        widths, alphas = self.widths, self.shown * self.strengths
        for index in np.flatnonzero(ways.of(moving)).tolist():
            source, target = ways.pairs[index].tolist()
            x, y = _at(ways.routes.points[index], float(self.flow[target, source]))
            radius = (0.13 + 0.6 * widths[target, source]) * self.nodes.sizes[source]
            context.new_path()
            context.arc(x, y, radius, 0, 2 * np.pi)
            set_color(context, self.message, float(alphas[target, source]))
            context.fill()

    def _drawn(self, ways: _Ways, index: int, grown: float, width: float, em: float) -> tuple[Array, Array]:
        """Return the stroked part of a line and its head, at the end of the ``grown`` share of its way."""
        if grown == 1 and index in ways.finished:
            return ways.finished[index]
        points, length = ways.routes.points[index], float(ways.routes.lengths[index]) * grown
        long, half = _head(width, em * self.boldness)
        long = min(long, 0.6 * length)
        half = min(half, 0.55 * long)
        base_share = grown * (1 - long / length) if length else 0.0
        tip, base = _at(points, grown), _at(points, base_share)
        inner = points[: int(base_share * (POINTS - 1)) + 1]
        # the stroke ends inside of the head, so that no gap shows between them
        drawn = np.concatenate([inner, [base + 0.1 * (tip - base)]]), head_outline(tip, base, half)
        if grown == 1:
            ways.finished[index] = drawn
        return drawn

    def _routed(self) -> _Ways:
        """Return the ways of the edges that are drawn, as the chips stand now."""
        nodes, drawn = self.nodes, (self.shown > 0) & (self.strengths > 0)
        parts = (nodes.places, nodes.sizes, nodes.tall, drawn, self.labelled, self.loops, self.loop_size, self.middle)
        state = b"".join(np.ascontiguousarray(part).tobytes() for part in parts)
        if self._ways is None or self._ways.state != state:
            self._ways = self._find_ways(state, drawn)
        return self._ways

    def _find_ways(self, state: bytes, drawn: NDArray[np.bool_]) -> _Ways:
        nodes = self.nodes
        pairs = np.argwhere(drawn)[:, ::-1]
        room = _ROOM * float(nodes.sizes.min())
        numbered = self.labelled[pairs[:, 1], pairs[:, 0]]
        chips = Chips(nodes.places, nodes.halves)
        widths = self.widths[pairs[:, 1], pairs[:, 0]] * nodes.sizes[pairs].min(axis=1)
        heads = np.stack(_head(widths, self.boldness * nodes.sizes[pairs].min(axis=1)), axis=-1)
        size = float(self.loop_size[0])
        shapes = Shapes(self.middle, room, number_half(self.number_size), self.loops, size, max(size, self.loop_room))
        routes = self._router.route(chips, pairs, numbered, heads, shapes)
        weakest_first = np.argsort(self.weights[pairs[:, 1], pairs[:, 0]])
        return _Ways(state, pairs[weakest_first], routes.among(weakest_first))


def _head(width: Any, em: Any) -> tuple[Any, Any]:
    """Return length and half the width of a head on a line of some width."""
    return _HEAD[0] * em + 1.3 * width, _HEAD[1] * em + 0.7 * width


def number_half(size: float) -> Array:
    """Return half the width and half the height of a number with its ground, (2,), ``size`` being its em."""
    return np.array([ADVANCE * 4 / 2, CAP_HEIGHT / 2]) * size + _PLATE * size


def outward(places: Array, middle: Array) -> Array:
    """Return the directions (n, 2) in which nodes on an ellipse around ``middle`` look away from it; upward in it."""
    away = places - middle
    axes = np.maximum(np.abs(away).max(axis=0), 1e-6)
    return np.where(np.abs(away).max(axis=1, keepdims=True) < 1e-6, [0.0, 1.0], away / axes**2)


def _at(points: Array, share: float) -> Array:
    """Return the point (2,) at a share of the way along a line."""
    place = share * (len(points) - 1)
    before = min(int(place), len(points) - 2)
    result: Array = points[before] + (place - before) * (points[before + 1] - points[before])
    return result
