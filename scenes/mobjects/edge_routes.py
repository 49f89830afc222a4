"""`Router`: the way of each edge of a graph, from the border of one chip to the border of another."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array
from scenes.mobjects.edge_ends import apart, border, way_out

POINTS = 33  # of each edge, at equal distances along it

_BENDS = (
    0.35,
    0.45,
    0.55,
    0.25,
    0.65,
    0.75,
    0.15,
    0.85,
    0.0,
)  # how far an edge is drawn to the middle; first choice first
_SWERVES = (0.06, 0.0, -0.06, 0.16, -0.16, 0.3, -0.3)  # to its own side, as a share of its length
_BOTH_WAYS = 1.6  # how far the middles of two edges are apart that run both ways, in widths of their heads
_WIDE_SWERVES = (
    0.6,
    -0.6,
    1.0,
    -1.0,
    1.6,
    -1.6,
)  # of a short edge, so that its number has room; the first two of any edge that has no other way
_NUMBERS = (0.3, 0.36, 0.24, 0.42, 0.18, 0.5)  # where on its edge a number lies, as a share of the way; first first
_SETTLED = np.linspace(0.12, 0.72, 16)  # where it may lie in the end, so that it covers least of other edges
_FAR = (1.2, 1.8, 2.6)  # half boxes around a number, in its own: what is within is near it
_BESIDE = 1.0  # how much of an edge is seen beside its number and head, in numbers' widths
_DEEPEST = 1.4  # how far to the middle the bend of a short edge is measured, in its lengths
_APART_WIDTHS = np.array([1.2, 2.2])  # of starts and of heads that stand side by side, in half widths of the heads
_HEAD_SHARES = np.linspace(0.1, 1, 8)  # of its length, where the sides of a head are looked at
_SPARE = 1.1  # of a head, so that what is curved does not touch what is straight
_BY_START = 0.75  # of the room, between an edge and the chip that it leaves: half of the widest edge
_TIP = 0.4  # of the room, between an edge's tip and its chip: nearer than its start, so that no arrowhead floats
LOOP_HEIGHT = 2.45  # of a loop above its chip's border, in half heights of the chip
_APART = 0.55  # angle between a loop's direction and its ends, seen from the chip
_TURNS = (0, 20, -20, 40, -40, 60, -60, 90, -90)  # of a loop that would be in the way, in degrees; first choice first
_ROUNDS = 4  # of trying again
_TIMES = np.linspace(0, 1, POINTS)


@dataclass(frozen=True)
class Routes:
    """The ways of e edges.

    ``points`` (e, POINTS, 2) lead from source to target at equal distances; ``lengths`` (e,) are in the same unit;
    ``labels`` (e, 2) are the centres of the numbers on them, NaN where there is none, or no room for it.
    """

    points: Array
    lengths: Array
    labels: Array

    def among(self, chosen: NDArray[np.int64]) -> "Routes":
        """Return the ways of some edges, by their numbers."""
        return Routes(self.points[chosen], self.lengths[chosen], self.labels[chosen])


@dataclass(frozen=True)
class Chips:
    """What edges start from, end at and keep clear of: boxes with ``centers`` (n, 2) and ``halves`` (n, 2)."""

    centers: Array
    halves: Array


@dataclass(frozen=True)
class Shapes:
    """What the ways of all edges share.

    ``middle`` (2,) is where edges are drawn to; ``room`` is kept between a border and an edge's start, and at least
    between an edge and a chip or number of others; ``label`` (2,) is half the width and half the height of a number
    with its ground; ``loops`` (n, 2) is the direction in which each chip's loop stands out, ``loop_size`` how large
    loops are, 1 or less, and ``loop_room`` for how large ones edges and numbers leave room.
    """

    middle: Array
    room: float
    label: Array
    loops: Array
    loop_size: float
    loop_room: float


@dataclass(frozen=True)
class _Edges:
    """Some edges, loops not among them: ``pairs`` (e, 2) of source and target, which are ``labelled`` (e,), and their
    ``heads`` (e, 2), length and half the width."""

    pairs: NDArray[np.int64]
    labelled: NDArray[np.bool_]
    heads: Array

    def of(self, chosen: Any) -> "_Edges":
        """Return those of some numbers (k,)."""
        return _Edges(self.pairs[chosen], self.labelled[chosen], self.heads[chosen])


class Router:
    """Finds the ways of a graph's edges, and keeps those between chips until what they keep clear of is another.

    ``clear_of`` holds boxes of other things than chips that edges keep clear of.
    """

    __slots__ = ("_between", "_state", "clear_of")  # as Manim's cache of partial movies would hash a ``__dict__``

    def __init__(self) -> None:
        self._state = b""
        self.clear_of = Chips(np.zeros((0, 2)), np.zeros((0, 2)))

    def route(
        self, chips: Chips, pairs: NDArray[np.int64], labelled: NDArray[np.bool_], heads: Array, shapes: Shapes
    ) -> Routes:
        """Return ways that leave a chip's border, bend toward the middle, clear all other chips, and end at a border.

        Parameters
        ----------
        chips
            The n nodes.
        pairs
            (e, 2), source and target of each edge; a loop where they are the same.
        labelled
            (e,), which edges have a number.
        heads
            (e, 2), length and half the width of each edge's head, which clears all chips too.
        shapes
            What all edges share.
        """
        points = np.empty((len(pairs), POINTS, 2))
        labels = np.full((len(pairs), 2), np.nan)
        is_loop = pairs[:, 0] == pairs[:, 1]
        roomy = replace(shapes, loop_size=shapes.loop_room)
        taken = _with(chips, self.clear_of)
        for index in np.flatnonzero(is_loop):
            node = pairs[index, 0]
            angle = _clear_loop(taken, node, roomy)
            line, labels[index] = _loop(chips, node, angle, roomy)
            points[index], _ = _loop(chips, node, angle, shapes)
            taken = _with(taken, boxes_around(line))
            if labelled[index]:
                taken = _with(taken, Chips(labels[index][None], shapes.label[None]))
        labels[is_loop & ~labelled] = np.nan
        between = np.flatnonzero(~is_loop)
        if len(between):
            edges = _Edges(pairs[between], labelled[between], heads[between])
            points[between], labels[between] = self._clear(taken, edges, shapes)
        lengths = np.hypot(*np.moveaxis(np.diff(points, axis=1), -1, 0)).sum(axis=1)
        return Routes(_evenly(points), lengths, labels)

    def _clear(self, chips: Chips, edges: _Edges, shapes: Shapes) -> tuple[Array, Array]:
        told = *vars(chips).values(), *vars(edges).values(), shapes.middle, shapes.label, np.array(shapes.room)
        state = b"".join(np.ascontiguousarray(part).tobytes() for part in told)
        if state != self._state:
            self._state, self._between = state, _clear(chips, edges, shapes)
        return self._between


def _clear(chips: Chips, edges: _Edges, shapes: Shapes) -> tuple[Array, Array]:
    """Return points (e, POINTS, 2) and labels (e, 2) of the first way of each edge that clears all that is not its own.

    Where no way does, it is the one that comes least close.
    """
    count = len(edges.pairs)
    plain = np.full(count, _BENDS[0]), _aside(chips, edges), np.full(count, _NUMBERS[0])
    ends = _ends(chips, edges, shapes, *plain)
    points, labels = _bent(chips, edges, shapes, *plain, ends[0])
    for turn in range(_ROUNDS if edges.labelled.any() else 1):  # where one number gives way, another may have to
        depth = _trespass(points, labels, edges, chips, shapes)
        for index in np.flatnonzero(edges.labelled if turn else edges.labelled | (depth > 0)).tolist():
            others = _others(labels, index)
            if max(depth[index], _under(labels[index][None], others, shapes)[0]) > 0:
                points[index], labels[index] = _find_way(chips, edges, index, ends[:, index], others, shapes)
    for index in np.flatnonzero(edges.labelled).tolist():
        number, others = labels[index][None], _others(labels, index)
        over = _depth(number[:, None], chips.centers, chips.halves + shapes.label).max()
        if max(over, _under(number, others, shapes)[0]) > 0:
            labels[index] = np.nan  # it has no room
        else:
            labels[index] = _settled(points, labels, edges, index, chips, shapes)
    return points, labels


def _aside(chips: Chips, edges: _Edges) -> Array:
    """Return how far edges swerve to their own side, (e,): two that run both ways so far that their heads are apart."""
    pairs = edges.pairs
    both = (pairs[:, None] == pairs[:, ::-1]).all(axis=-1)
    lengths = np.hypot(*(chips.centers[pairs[:, 0]] - chips.centers[pairs[:, 1]]).T)
    heads = edges.heads[:, 1] + np.where(both, edges.heads[:, 1], 0).max(axis=1)
    needed = np.minimum(_BOTH_WAYS * heads / np.maximum(lengths, 1e-9), _SWERVES[-2])
    return np.where(both.any(axis=1), np.maximum(needed, _SWERVES[0]), _SWERVES[0])


def _settled(points: Array, labels: Array, edges: _Edges, index: int, chips: Chips, shapes: Shapes) -> Array:
    """Return where an edge's number is farthest from other edges, the wide ones above all; it clears all else there."""
    way = points[index]
    places = way[np.round(_SETTLED * (POINTS - 1)).astype(int)]
    tries = np.vstack([labels[index], places])
    same = edges.of(np.full(len(tries), index))
    ways, others = np.broadcast_to(way, (len(tries), *way.shape)), _others(labels, index)
    depth = np.maximum(_trespass(ways, tries, same, chips, shapes), _under(tries, others, shapes))
    near: Array = np.zeros((len(tries), len(points)))
    for far in _FAR:
        near += (_depth(points, tries, np.broadcast_to(far * shapes.label, tries.shape)).T > 0) / far
    near[:, index] = 0
    cost = near @ edges.heads[:, 1] ** 2 + 1e6 * np.maximum(depth - depth[0], 0)
    best: Array = tries[int(np.argmin(cost))]
    return best


def _find_way(
    chips: Chips, edges: _Edges, index: int, ends: Array, others: Array, shapes: Shapes
) -> tuple[Array, Array]:
    """Return points and number of an edge's first way that clears chips and ``others``' numbers, or the best one."""
    found, least = None, np.inf
    labelled = bool(edges.labelled[index])
    for wide, both, share in product((False, True), ends, _NUMBERS[: None if labelled else 1]):
        bends, swerves = _choices(wide, labelled)
        same = edges.of(np.full(len(bends), index))
        shares = np.full(len(bends), share)
        ways, numbers = _bent(chips, same, shapes, bends, swerves, shares, np.broadcast_to(both, (len(bends), 2, 2)))
        depth = np.maximum(_trespass(ways, numbers, same, chips, shapes), _under(numbers, others, shapes))
        best = int(np.argmin(depth))
        if depth[best] < least:
            found, least = (ways[best], numbers[best]), float(depth[best])
        if least == 0:
            break
    assert found
    return found


@cache
def _choices(wide: bool, labelled: bool) -> tuple[Array, Array]:
    """Return bend and swerve of each way to try."""
    swerves, bends = np.meshgrid(_WIDE_SWERVES[: None if labelled else 2] if wide else _SWERVES, _BENDS, indexing="ij")
    return bends.ravel(), swerves.ravel()


def _ends(chips: Chips, edges: _Edges, shapes: Shapes, bends: Array, swerves: Array, shares: Array) -> Array:
    """Return where each edge may start and end, (4, e, 2, 2), NaN for as it comes; first choice first.

    All that meets at a chip is spread along its border, in the order in which it comes, or farther from its target.
    """
    as_it_comes = np.full((len(edges.pairs), 2, 2), np.nan)
    plain = _bent(chips, edges, shapes, bends, swerves, shares, as_it_comes)[0][:, [0, -1]]
    nodes, flat = edges.pairs.ravel(), plain.reshape(-1, 2)
    center, half = chips.centers[nodes], chips.halves[nodes]
    widths = (_APART_WIDTHS * edges.heads[:, 1:]).ravel()
    rooms = np.tile([1.0, _TIP], len(edges.pairs)) * shapes.room
    beside = apart(flat, center, half, nodes, widths, rooms).reshape(plain.shape)
    tips, middles = beside[:, 1], chips.centers[edges.pairs[:, 1]]
    outward = (tips - middles) / np.maximum(np.hypot(*(tips - middles).T), 1e-9)[:, None]
    starts, farther = as_it_comes[:, 0], tips + (1 - _TIP) * shapes.room * outward
    return np.stack([beside, *(np.stack([starts, end], axis=1) for end in (tips, starts, farther))])


def _others(labels: Array, index: int) -> Array:
    """Return the numbers that there are besides that of one edge, (k, 2)."""
    others = np.delete(labels, index, axis=0)
    return others[~np.isnan(others[:, 0])]


def _bent(
    chips: Chips,
    edges: _Edges,
    shapes: Shapes,
    bends: Array,
    swerves: Array,
    shares: Array,
    ends: Array,
) -> tuple[Array, Array]:
    """Return parabolas between borders, (e, POINTS, 2), and where their numbers stand, (e, 2), at ``shares`` (e,).

    They start and end at ``ends`` (e, 2, 2), or, where that is NaN, at the border's nearest point.
    """
    (start, end), (start_half, end_half) = chips.centers[edges.pairs.T], chips.halves[edges.pairs.T]
    along = end - start
    aside = np.stack([-along[:, 1], along[:, 0]], axis=-1)
    halfway = (start + end) / 2
    inward = shapes.middle - halfway
    far, length = (np.maximum(np.hypot(*way.T), 1e-9) for way in (inward, along))
    depth = bends * np.minimum(_DEEPEST * length / far, 1.0)
    control = halfway + depth[:, None] * inward + swerves[:, None] * aside
    first = np.where(np.isnan(ends[:, 0]), border(start, start_half, control, shapes.room), ends[:, 0])
    last = np.where(np.isnan(ends[:, 1]), border(end, end_half, control, _TIP * shapes.room), ends[:, 1])

    def at(time: Array) -> Array:
        ways: Array = (1 - time) ** 2 * first[:, None] + 2 * time * (1 - time) * control[:, None]
        return ways + time**2 * last[:, None]

    points: Array = at(_TIMES[:, None])
    return points, np.where(edges.labelled[:, None], at(shares[:, None, None])[:, 0], np.nan)


def _trespass(points: Array, labels: Array, edges: _Edges, chips: Chips, shapes: Shapes) -> Array:
    """Return how deep each edge with its number goes into chips, or its number into its head, (e,); 0 where clear."""
    depth = _depth(points, chips.centers, chips.halves + 1.3 * shapes.room)
    rows = np.arange(len(points))
    for own, near in zip(edges.pairs.T, (_BY_START, 0.0), strict=True):  # to which it comes nearer
        depth[rows, own] = _depth(points, chips.centers, chips.halves + near * shapes.room)[rows, own]
    corners = _head_corners(points, _SPARE * edges.heads)
    low, high = (chips.centers - chips.halves).min(axis=0), (chips.centers + chips.halves).max(axis=0)
    beyond = np.maximum(low - points, points - high).max(axis=(1, 2))
    result: Array = np.maximum(depth, _depth(corners, chips.centers, chips.halves)).max(axis=1)
    result = np.maximum(result, beyond)
    if edges.labelled.any():
        numbers = np.nan_to_num(labels, nan=1e6)[:, None]
        result = np.maximum(result, _depth(numbers, chips.centers, chips.halves + shapes.label).max(axis=1))
        to_head = (shapes.label - np.abs(corners - numbers)).min(axis=2).max(axis=1)
        result = np.maximum(result, to_head)
        result = np.maximum(result, _hidden(points, labels, edges, shapes))
    return result


def _hidden(points: Array, labels: Array, edges: _Edges, shapes: Shapes) -> Array:
    """Return how much of each edge is missing beside its number, (e,), a fifth of its length."""
    steps = np.hypot(*np.moveaxis(np.diff(points, axis=1), -1, 0))
    middles = (points[:, 1:] + points[:, :-1]) / 2
    under = (np.abs(middles - np.nan_to_num(labels, nan=1e6)[:, None]) < shapes.label).all(axis=-1)
    seen = (steps * ~under).sum(axis=1)
    wanted = 2 * _BESIDE * shapes.label[0] + edges.heads[:, 0]
    missing: Array = np.where(edges.labelled, np.maximum(wanted - seen, 0) / 5, 0.0)
    return missing


def _under(labels: Array, others: Array, shapes: Shapes) -> Array:
    """Return how deep each number goes into the numbers of others, (e,)."""
    if not len(others) or np.isnan(labels).all():
        return np.zeros(len(labels))
    deepest: Array = _depth(labels[:, None], others, np.broadcast_to(2 * shapes.label, others.shape)).max(axis=1)
    return deepest


def _head_corners(points: Array, heads: Array) -> Array:
    """Return points (e, 16, 2) on both sides of the heads, from close to the tip to the corner."""
    tips = points[:, -1:]
    rows, away = np.arange(len(points)), np.hypot(*np.moveaxis(points - tips, -1, 0))
    far = away >= heads[:, :1]
    base = np.where(far.any(axis=1), points.shape[1] - 1 - far[:, ::-1].argmax(axis=1), 0)
    after = np.minimum(base + 1, points.shape[1] - 1)
    beyond = away[rows, base] - heads[:, 0]
    share = np.clip(beyond / np.maximum(away[rows, base] - away[rows, after], 1e-9), 0, 1)[:, None]
    along = tips[:, 0] - points[rows, base] - share * (points[rows, after] - points[rows, base])
    along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    aside = np.stack([-along[:, 1], along[:, 0]], axis=-1) * heads[:, 1:]
    back = along * heads[:, :1]
    return np.stack([tips[:, 0] + share * (side * aside - back) for share in _HEAD_SHARES for side in (1, -1)], axis=1)


def _depth(points: Array, centers: Array, halves: Array) -> Array:
    """Return how deep each line goes into each box, (e, n)."""
    across, up = (halves[:, axis] - np.abs(points[..., axis, None] - centers[:, axis]) for axis in (0, 1))
    deepest: Array = np.minimum(across, up).max(axis=1)
    return np.maximum(deepest, 0)


def _clear_loop(chips: Chips, node: int, shapes: Shapes) -> float:
    """Return the angle in which a loop stands out: as asked, or turned as little as clears all other boxes."""
    half = chips.halves[node]
    others = np.arange(len(chips.centers)) != node
    first = float(np.arctan2(shapes.loops[node, 1], shapes.loops[node, 0]))
    angles = first + np.radians(_TURNS)
    lines = np.stack([_loop(chips, node, angle, shapes)[0] for angle in angles.tolist()])
    around = np.where(others[:, None], 0.3 * half[1], 0.5 * shapes.room)  # others keep clear of its stroke
    return float(angles[int(np.argmin(_depth(lines, chips.centers, chips.halves + around).max(axis=1)))])


def _loop(chips: Chips, node: int, angle: float, shapes: Shapes) -> tuple[Array, Array]:
    """Return the points (POINTS, 2) of a chip's loop in one direction, and where its number would stand, beyond it."""
    center, half = chips.centers[node], chips.halves[node]
    angles = angle + shapes.loop_size * np.array([_APART, 0.0, -_APART])
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    core = max(half[0] - half[1], 0.0)
    anchor = center + np.array([np.clip(directions[1, 0] * half[0], -core, core), 0.0])
    reach = way_out(directions, np.minimum(half, half[1])) + shapes.room
    start, foot, end = anchor + directions * reach[:, None]
    outward, unit = directions[1], half[1] * shapes.loop_size
    along = np.array([outward[1], -outward[0]])
    far = foot + outward * 3.0 * unit
    time = _TIMES[:, None]
    points: Array = (
        (1 - time) ** 3 * start
        + 3 * time * (1 - time) ** 2 * (far - 1.9 * unit * along)
        + 3 * time**2 * (1 - time) * (far + 1.9 * unit * along)
        + time**3 * end
    )
    top = foot + outward * LOOP_HEIGHT * unit
    return points, top + outward * (np.abs(outward) @ shapes.label + 0.05 * half[1])


def boxes_around(points: Array, pieces: int = 6) -> Chips:
    """Return boxes around the pieces of a line."""
    parts = np.array_split(points, pieces)
    low, high = (np.array([getattr(part, end)(axis=0) for part in parts]) for end in ("min", "max"))
    return Chips((low + high) / 2, (high - low) / 2)


def _with(chips: Chips, more: Chips) -> Chips:
    return Chips(np.vstack([chips.centers, more.centers]), np.vstack([chips.halves, more.halves]))


def _evenly(points: Array) -> Array:
    """Return the same lines with their points at equal distances."""
    steps = np.hypot(*np.moveaxis(np.diff(points, axis=1), -1, 0))
    lengths = np.concatenate([np.zeros((len(points), 1)), np.cumsum(steps, axis=1)], axis=1)
    evenly = np.empty_like(points)
    for index, (total, line) in enumerate(zip(lengths, points, strict=True)):
        for axis in (0, 1):
            evenly[index, :, axis] = np.interp(_TIMES * total[-1], total, line[:, axis])
    return evenly
