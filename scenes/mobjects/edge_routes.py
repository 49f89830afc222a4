"""`route`: the way of each edge of a graph, from the border of one chip to the border of another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array

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
LOOP_HEIGHT = 2.45  # of a loop above its chip's border, in half heights of the chip
_APART = 0.55  # angle between a loop's direction and its ends, seen from the chip
_TURNS = (0, 20, -20, 40, -40, 60, -60, 90, -90)  # of a loop that would be in the way, in degrees; first choice first
_ROUNDS = 4  # of trying again
_TIMES = np.linspace(0, 1, POINTS)


@dataclass(frozen=True)
class Routes:
    """The ways of e edges.

    ``points`` (e, POINTS, 2) lead from source to target at equal distances; ``lengths`` (e,) are in the same unit;
    ``labels`` (e, 2) are the centres of the numbers at the sources' ends, NaN where there is none.
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


def route(
    chips: Chips,
    edges: NDArray[np.int64],
    middle: Array,
    room: float,
    label: Array,
    labelled: NDArray[np.bool_],
    loops: Array,
    heads: Array,
) -> Routes:
    """Return ways that leave a chip's border, bend toward the middle, clear all other chips, and end at a border.

    Parameters
    ----------
    chips
        The n nodes.
    edges
        (e, 2), source and target of each; a loop where they are the same.
    middle
        (2,), where edges are drawn to.
    room
        Between a border and the edge's end, and at least between an edge and a chip or number of others.
    label
        (2,), half the width and half the height of a number on an edge.
    labelled
        (e,), which edges have a number where they start.
    loops
        (n, 2), the direction in which each chip's loop stands out.
    heads
        (e, 2), length and half the width of each edge's head, which clears all chips too.
    """
    points = np.empty((len(edges), POINTS, 2))
    labels = np.full((len(edges), 2), np.nan)
    is_loop = edges[:, 0] == edges[:, 1]
    taken = chips
    for index in np.flatnonzero(is_loop):
        node = edges[index, 0]
        points[index], labels[index] = _clear_loop(taken, node, loops[node], room, label)
        taken = _with(taken, _boxes_around(points[index]))
        if labelled[index]:
            taken = _with(taken, Chips(labels[index][None], label[None]))
    labels[is_loop & ~labelled] = np.nan
    between = np.flatnonzero(~is_loop)
    if len(between):
        own = edges[between]
        points[between], labels[between] = _clear(taken, own, middle, room, label, labelled[between], heads[between])
    lengths = np.hypot(*np.moveaxis(np.diff(points, axis=1), -1, 0)).sum(axis=1)
    return Routes(_evenly(points), lengths, labels)


def _clear(
    chips: Chips,
    edges: NDArray[np.int64],
    middle: Array,
    room: float,
    label: Array,
    labelled: NDArray[np.bool_],
    heads: Array,
) -> tuple[Array, Array]:
    """Return points (e, POINTS, 2) and labels (e, 2) of the first way of each edge that clears all that is not its own.

    Where no way does, it is the one that comes least close.
    """
    bends, swerves = (choice.ravel() for choice in np.meshgrid(_BENDS, _SWERVES))
    first = np.zeros(len(edges))
    points, labels = _bent(chips, edges, middle, first + bends[0], first + swerves[0], room, label, labelled)
    for _ in range(_ROUNDS if labelled.any() else 1):  # where one number gives way, another may have to
        for index in np.flatnonzero(_trespasses(points, labels, edges, chips, label, room, heads)):
            others = _others(labels, int(index))
            same = np.repeat(edges[index][None], len(bends), axis=0)
            is_labelled, head = (
                np.repeat(labelled[index], len(bends)),
                np.repeat(heads[index][None], len(bends), axis=0),
            )
            ways, numbers = _bent(chips, same, middle, bends, swerves, room, label, is_labelled)
            best = int(np.argmin(_trespass(ways, numbers, same, chips, others, label, room, head)))
            points[index], labels[index] = ways[best], numbers[best]
    return points, labels


def _trespasses(
    points: Array, labels: Array, edges: NDArray[np.int64], chips: Chips, label: Array, room: float, heads: Array
) -> Array:
    """Return how deep each edge goes into what is not its own, (e,), the numbers of all other edges included."""
    if np.isnan(labels).all():
        return _trespass(points, labels, edges, chips, np.empty((0, 2)), label, room, heads)
    one = [slice(index, index + 1) for index in range(len(edges))]
    return np.concatenate(
        [
            _trespass(points[at], labels[at], edges[at], chips, _others(labels, at.start), label, room, heads[at])
            for at in one
        ]
    )


def _others(labels: Array, index: int) -> Array:
    """Return the numbers that there are besides that of one edge, (k, 2)."""
    others = np.delete(labels, index, axis=0)
    return others[~np.isnan(others[:, 0])]


def _bent(
    chips: Chips,
    edges: NDArray[np.int64],
    middle: Array,
    bends: Array,
    swerves: Array,
    room: float,
    label: Array,
    labelled: NDArray[np.bool_],
) -> tuple[Array, Array]:
    """Return parabolas between borders, (e, POINTS, 2), and where their numbers stand, (e, 2)."""
    (start, end), (start_half, end_half) = chips.centers[edges.T], chips.halves[edges.T]
    along = end - start
    aside = np.stack([-along[:, 1], along[:, 0]], axis=-1)
    halfway = (start + end) / 2
    control = halfway + bends[:, None] * (middle - halfway) + swerves[:, None] * aside
    leaving, first = _border(start, start_half, control, room)
    _, last = _border(end, end_half, control, room)
    beyond = first + leaving * (np.abs(leaving) @ label)[:, None]
    labels = np.where(labelled[:, None], beyond, np.nan)
    first = np.where(labelled[:, None], beyond + leaving * (_exit(leaving, label) + room)[:, None], first)
    time = _TIMES[:, None]
    return (
        (1 - time) ** 2 * first[:, None] + 2 * time * (1 - time) * control[:, None] + time**2 * last[:, None],
        labels,
    )


def _border(center: Array, half: Array, toward: Array, room: float) -> tuple[Array, Array]:
    """Return the direction (e, 2) in which a line to ``toward`` leaves each box, and where, ``room`` outside of it.

    Lines go straight down from the flat side of a wide box, and fan out from its ends.
    """
    core = np.maximum(half[:, 0] - half[:, 1], 0)
    anchor = np.stack([np.clip(toward[:, 0], center[:, 0] - core, center[:, 0] + core), center[:, 1]], axis=-1)
    direction = toward - anchor
    direction = direction / np.maximum(np.hypot(*direction.T), 1e-9)[:, None]
    # measured from the anchor, a box's ends are as near as its flat sides
    reach = _exit(direction, np.minimum(half, half[:, 1:]))
    return direction, anchor + direction * (reach + room)[:, None]


def _exit(direction: Array, half: Array) -> Array:
    """Return how far it is from the centre of a box to its border, (e,)."""
    result: Array = np.min(half / np.maximum(np.abs(direction), 1e-9), axis=-1)
    return result


def _trespass(
    points: Array,
    labels: Array,
    edges: NDArray[np.int64],
    chips: Chips,
    others: Array,
    label: Array,
    room: float,
    heads: Array,
) -> Array:
    """Return how deep each edge with its number goes into chips and ``others``' numbers, (e,), 0 where it is clear."""
    depth = _depth(points, chips.centers, chips.halves + 1.3 * room)
    rows = np.arange(len(edges))
    depth[rows, edges[:, 0]] = 0  # the edge's own chips, whose borders it keeps by its ends
    depth[rows, edges[:, 1]] = 0
    head = _depth(_head_corners(points, heads), chips.centers, chips.halves)
    result: Array = np.maximum(depth, head).max(axis=1)
    if len(others):
        result = np.maximum(result, _depth(points, others, np.broadcast_to(label + room, others.shape)).max(axis=1))
    if not np.isnan(labels).all():
        boxes = _with(chips, Chips(others, np.broadcast_to(label, others.shape)))
        number = _depth(np.nan_to_num(labels, nan=1e6)[:, None], boxes.centers, boxes.halves + label)
        result = np.maximum(result, number.max(axis=1))
    return result


def _head_corners(points: Array, heads: Array) -> Array:
    """Return points (e, 6, 2) on both sides of the edges' heads, from the middle of a side to the corner."""
    tips = points[:, -1:]
    far = np.hypot(*np.moveaxis(points - tips, -1, 0)) >= heads[:, :1]
    base = np.where(far.any(axis=1), points.shape[1] - 1 - far[:, ::-1].argmax(axis=1), 0)
    along = tips[:, 0] - points[np.arange(len(points)), base]
    along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
    aside = np.stack([-along[:, 1], along[:, 0]], axis=-1) * heads[:, 1:]
    back = along * heads[:, :1]
    return np.stack(
        [tips[:, 0] + share * (side * aside - back) for share in (0.5, 0.75, 1.0) for side in (1, -1)], axis=1
    )


def _depth(points: Array, centers: Array, halves: Array) -> Array:
    """Return how deep each line goes into each box, (e, n)."""
    across, up = (halves[:, axis] - np.abs(points[..., axis, None] - centers[:, axis]) for axis in (0, 1))
    deepest: Array = np.minimum(across, up).max(axis=1)
    return np.maximum(deepest, 0)


def _clear_loop(chips: Chips, node: int, outward: Array, room: float, label: Array) -> tuple[Array, Array]:
    """Return points and number of a loop that stands out as asked, or turned as little as clears all other boxes."""
    center, half = chips.centers[node], chips.halves[node]
    others = np.arange(len(chips.centers)) != node
    first = float(np.arctan2(outward[1], outward[0]))
    ways = [_loop(center, half, first + turn, room, label) for turn in np.radians(_TURNS)]
    lines = np.stack([points for points, _ in ways])
    around = np.where(others[:, None], 0.3 * half[1], 0.5 * room)  # others keep clear of its stroke
    return ways[int(np.argmin(_depth(lines, chips.centers, chips.halves + around).max(axis=1)))]


def _loop(center: Array, half: Array, angle: float, room: float, label: Array) -> tuple[Array, Array]:
    """Return the points (POINTS, 2) of a loop in one direction, and where its number would stand, beyond it."""
    angles = angle + np.array([_APART, 0.0, -_APART])
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    core = max(half[0] - half[1], 0.0)
    anchor = center + np.array([np.clip(directions[1, 0] * half[0], -core, core), 0.0])
    reach = _exit(directions, np.minimum(half, half[1])) + room
    start, foot, end = anchor + directions * reach[:, None]
    outward, unit = directions[1], half[1]
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
    return points, top + outward * (np.abs(outward) @ label + 0.15 * unit)


def _boxes_around(points: Array, pieces: int = 6) -> Chips:
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
