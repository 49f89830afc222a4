"""`StraightRouter`: straight edges into one chip, with numbers on the long ones and beside the short ones."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array
from scenes.mobjects.edge_ends import apart, border
from scenes.mobjects.edge_routes import POINTS, Chips, Router, Routes, Shapes

_PLACES = 0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74  # of a number along its edge; first choice first
_SEEN = 2.2  # of an edge beside a number on it, at least, in heights of the number
_BESIDE = 0.35  # between an edge and a number beside it, in half heights of the number
_LOOP = 1.3  # of a chip's border that a loop takes beside its head, in half heights of the chip
_TIP = 0.4  # of the room, between an edge's tip and its chip
_OVER, _COVERED, _ASIDE, _CLOSE = 1e6, 40.0, 8.0, 7.0  # costs: on a chip, over an edge, beside its own, by a number
_BY_CHIP, _BY_EDGE = 3.0, 2.5  # costs of a place by a chip, and by another edge
_IN_LINE = 6.0  # cost of a place beside a number on the same line: both would read as one text


class StraightRouter(Router):
    """Edges that go straight; a loop's number goes in with it as it shrinks."""

    __slots__ = ()

    def route(
        self, chips: Chips, pairs: NDArray[np.int64], labelled: NDArray[np.bool_], heads: Array, shapes: Shapes
    ) -> Routes:
        """Return straight ways from border to border, and places for their numbers; all else as :class:`Router` has it.

        Numbers that have no room are left out, those of the widest edges last.
        """
        loops = pairs[:, 0] == pairs[:, 1]
        points, labels = np.empty((len(pairs), POINTS, 2)), np.full((len(pairs), 2), np.nan)
        ends, directions = _ends(chips, pairs, heads, shapes)
        points[~loops] = _straight(chips, pairs[~loops], ends[~loops], shapes)
        drawn_in = replace(shapes, loop_room=shapes.loop_size, loops=directions)
        own = super().route(chips, pairs[loops], labelled[loops], heads[loops], drawn_in)
        points[loops], labels[loops] = own.points, own.labels
        for index in np.argsort(-heads[:, 1], kind="stable").tolist():
            if labelled[index] and not loops[index]:
                labels[index] = _number(index, points, labels, chips, heads, shapes)
        lengths = np.hypot(*np.moveaxis(np.diff(points, axis=1), -1, 0)).sum(axis=1)
        return Routes(points, lengths, labels)


def _ends(chips: Chips, pairs: NDArray[np.int64], heads: Array, shapes: Shapes) -> tuple[Array, Array]:
    """Return where edges end (e, 2), so that heads and loops stand side by side, and where loops stand out (n, 2)."""
    (start, end), half = chips.centers[pairs.T], chips.halves[pairs[:, 1]]
    loops = pairs[:, 0] == pairs[:, 1]
    toward = np.where(loops[:, None], end + 9 * half.max(initial=0.0) * shapes.loops[pairs[:, 1]], start)
    ends = border(end, half, toward, _TIP * shapes.room)
    taken = 2.2 * heads[:, 1] + np.where(loops, _LOOP * shapes.loop_room * half[:, 1], 0.0)
    ends = apart(ends, end, half, pairs[:, 1], taken, _TIP * shapes.room)
    directions = shapes.loops.copy()
    directions[pairs[loops, 1]] = (ends - end)[loops]
    return ends, directions


def _straight(chips: Chips, pairs: NDArray[np.int64], ends: Array, shapes: Shapes) -> Array:
    """Return the points (e, POINTS, 2) of lines from the chips' borders to their ``ends`` (e, 2)."""
    start, half = chips.centers[pairs[:, 0]], chips.halves[pairs[:, 0]]
    first = border(start, half, ends, shapes.room)
    ways: Array = first[:, None] + np.linspace(0, 1, POINTS)[:, None] * (ends - first)[:, None]
    return ways


def _number(index: int, points: Array, labels: Array, chips: Chips, heads: Array, shapes: Shapes) -> Array:
    """Return where the number of an edge hides least: on it, or beside it where it is short; NaN if nowhere."""
    start, end = points[index, 0], points[index, -1]
    length = max(float(np.hypot(*(end - start))), 1e-9)
    along = (end - start) / length
    aside = np.array([-along[1], along[0]])
    stroke = max(float(heads[index, 1] - heads[:, 1].min()), 0.0)
    away = float(np.abs(aside) @ shapes.label) + stroke + _BESIDE * shapes.label[1]
    hidden = 2 * float((shapes.label / np.maximum(np.abs(along), 1e-9)).min())
    seen = length - float(heads[index, 0]) - hidden
    shaft = length - float(heads[index, 0])
    tries = [
        (cost, start + share * shaft * along + side * away * aside)
        for rank, share in enumerate(_PLACES)
        for side in (0, 1, -1)
        for cost in (rank + (_ASIDE if side else _COVERED * (seen < _SEEN * 2 * shapes.label[1])),)
    ]
    places = np.array([place for _, place in tries])
    costs = np.array([cost for cost, _ in tries])
    around = np.abs(places[:, None] - chips.centers) < chips.halves + shapes.label
    costs += _OVER * np.asarray(around.all(axis=-1)).any(axis=1)
    by_chips = np.abs(places[:, None] - chips.centers) < chips.halves + shapes.label + shapes.label[1]
    costs += _BY_CHIP * np.asarray(by_chips.all(axis=-1)).any(axis=1)
    others = np.delete(labels, index, axis=0)
    others = others[~np.isnan(others[:, 0])]
    for price, near in ((_OVER, 2.05), (_CLOSE, 3.0), (_IN_LINE, np.array([3.4, 1.4]))):
        costs += price * np.asarray((np.abs(places[:, None] - others) < near * shapes.label).all(axis=-1)).any(axis=1)
    rest = np.delete(points, index, axis=0)
    gaps = np.abs(places[:, None, None] - rest) - heads[index, 1] / 2
    for price, near in ((_COVERED, 1.1), (_BY_EDGE, 1.7)):
        costs += price * (gaps < near * shapes.label).all(axis=-1).any(axis=-1).sum(axis=1)
    best = int(np.argmin(costs))
    return places[best] if costs[best] < _OVER else np.full(2, np.nan)
