"""Where the word's vectors stand on a plane of two cosines, and all that belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenes.comparison_parts.badge import RADIUS
from scenes.drawing.arrays import Array
from scenes.drawing.outlines import ADVANCE
from scenes.places.layout import Region

DOT = 0.24  # radius of the point that the badges leave, in em

_LEAST_SPAN = 0.1  # of cosines across the plane: less is not drawn larger
_BESIDE = 0.3  # from a badge to its chip, in em
_BOWS = (0.0, 0.06, -0.06, 0.12, -0.12, 0.18, -0.18, 0.25, -0.25)  # how far ways may bend, as shares of their length
_STEPS = np.linspace(0, 1, 121)[:, None]
_LONGEST_NUMBER = 5  # characters
_SIDES = np.array([(1, 0), (0, 1), (0, -1), (-1, 0), (1, 1), (1, -1), (-1, 1), (-1, -1)])
_AFTER, _BEFORE = (0, 1, 3, 2, 4, 6, 5, 7), (7, 5, 2, 3, 6, 1, 0, 4)  # sides where a chip is tried, the best one first
_OUT, _MET, _CROSSED = 100.0, 10.0, 1.0  # what it costs to leave the plane, and to cover a box or a line


@dataclass(frozen=True)
class SplitPlaces:
    """Places in scene units; of four points, the first two are before attention, in sentence 1 and 2, then after it.

    Parameters
    ----------
    plot
        The plane between its axes.
    points
        Where the cosines fall, (4, 2).
    badges
        The middles of the badges, (4, 2): the points, but for badges that would cover each other.
    ways
        The way of each sentence from before to after, (k, 2).
    chips
        The middles of the chips beside the badges, (4, 2); not a number, where there is no room for one.
    """

    plot: Region
    points: Array
    badges: Array
    ways: tuple[Array, Array]
    chips: Array

    @property
    def together(self) -> bool:
        """Whether both begin at one point."""
        return bool(np.allclose(*self.points[:2]))


def place_split(cosines: Array, chips: Array, region: Region, size: float, number: float, title: float) -> SplitPlaces:
    """Return places of four vectors on a plane, both axes on one scale.

    Parameters
    ----------
    cosines
        (4, 2), to the right and upward.
    chips
        (4, 2), width and height of what stands beside the badges.
    region
        For plane, numbers and titles.
    size, number
        Of badges and of numbers at the axes, in em, scene units.
    title
        Height of the titles over the upward axis and under the other one.
    """
    _, across = region.cut_left((_LONGEST_NUMBER * ADVANCE + 0.3) * number)
    plot = across.cut_bottom(1.5 * number + title)[1].cut_top(title)[1]
    radius = RADIUS * size
    points = _scaled(cosines, _room(plot, chips, radius, _BESIDE * size))
    ends = _parted(points[2:], points[0] - points[1], 2.1 * radius)
    starts = _parted(points[:2], ends[0] - ends[1], 2 * radius)
    badges = np.concatenate([starts, ends])
    ways = [_way(points[which], ends[which], ends[1 - which], radius) for which in (0, 1)]
    placed = SplitPlaces(plot, points, badges, (ways[0], ways[1]), np.full((4, 2), np.nan))
    return _with_chips(placed, chips, radius, _BESIDE * size)


def spaced(first: float, second: float, least: float) -> tuple[float, float]:
    """Return two numbers, moved apart until ``least`` is between them.

    >>> spaced(1.0, 1.5, 1.0), spaced(3.0, 1.0, 1.0)
    ((0.75, 1.75), (3.0, 1.0))
    """
    missing = max(least - abs(second - first), 0.0) / 2
    way = 1 if second >= first else -1
    return first - way * missing, second + way * missing


def _room(plot: Region, chips: Array, radius: float, gap: float) -> Region:
    """Return where points may stand, so that badges, chips at the right of them, and one under the lowest have room."""
    wide, high = chips.max(axis=0).tolist()
    left, right = plot.left + 2.6 * radius, plot.right - 1.6 * radius
    right = max(right - wide - gap, left + 0.3 * (right - left))
    return Region(left, plot.bottom + 1.2 * radius + high + gap, right, plot.top - 1.6 * radius)


def _scaled(cosines: Array, room: Region) -> Array:
    low, high = cosines.min(axis=0), cosines.max(axis=0)
    spans = np.maximum(high - low, _LEAST_SPAN)
    scale = (np.array([room.width, room.height]) / spans).min()
    return np.asarray((cosines - (low + high) / 2) * scale + room.center)


def _parted(two: Array, lean: Array, least: float) -> Array:
    """Return two points, moved apart to ``least`` in the direction in which they lie, or else the one of ``lean``."""
    apart = two[0] - two[1]
    if np.hypot(*apart) >= least:
        return two
    lean = apart if np.hypot(*apart) > 1e-6 else lean
    upright = abs(lean[0]) < abs(lean[1]) / 3
    way = np.array([0.0, np.sign(lean[1])]) if upright else np.array([np.sign(lean[0]) or -1.0, 0.0])
    return np.asarray(two.mean(axis=0) + np.outer([0.5, -0.5], way) * least)


def _way(start: Array, end: Array, other: Array, radius: float) -> Array:
    """Return the points (k, 2) of a way that bends only where the badge at ``other`` would be in it."""

    def bent(bow: float) -> Array:
        middle = (start + end) / 2 + 2 * bow * (end - start)[::-1] * [-1, 1]
        return np.asarray((1 - _STEPS) ** 2 * start + 2 * _STEPS * (1 - _STEPS) * middle + _STEPS**2 * end)

    def met(bow: float) -> int:
        return int((np.hypot(*(bent(bow) - other).T) < 1.4 * radius).sum())

    return bent(min(_BOWS, key=met))


def _with_chips(placed: SplitPlaces, sizes: Array, radius: float, gap: float) -> SplitPlaces:
    """Find a place beside its badge for each chip: first after attention, then before it."""
    pairs = [(which, np.full(2, radius)) for which in (2, 3)]
    if placed.together:
        pairs.append((0, np.abs(placed.badges[0] - placed.badges[1]) / 2 + radius))
    else:
        pairs += [(which, np.full(2, radius)) for which in (0, 1)]
    boxes = [(middle, np.full(2, 2 * radius)) for middle in placed.badges]
    chips = placed.chips.copy()
    for which, half in pairs:
        middle = placed.points[which] if which == 0 and placed.together else placed.badges[which]
        tried = [
            middle + _SIDES[side] * (half * (0.75 if _SIDES[side].all() else 1) + gap + sizes[which] / 2)
            for side in (_AFTER if which >= 2 else _BEFORE)
        ]
        costs = [_cost(placed, place, sizes[which], boxes, radius) for place in tried]
        if min(costs) < _MET:
            chips[which] = tried[int(np.argmin(costs))]
            boxes.append((chips[which], sizes[which]))
    return SplitPlaces(placed.plot, placed.points, placed.badges, placed.ways, chips)


def _cost(
    placed: SplitPlaces, middle: Array, size: Array, boxes: Sequence[tuple[Array, Array]], radius: float
) -> float:
    """Return what a chip at ``middle`` costs."""
    plot = placed.plot
    low, high = middle - size / 2, middle + size / 2
    out = (low < [plot.left, plot.bottom]).any() or (high > [plot.right, plot.top]).any()
    met = sum(bool((np.abs(middle - other) < (size + room) / 2).all()) for other, room in boxes)
    lines = [*placed.ways, *guides(placed)]
    crossed = sum(bool((np.abs(line - middle) < size / 2 + 0.2 * radius).all(axis=-1).any()) for line in lines)
    return float(_OUT * out + _MET * met + _CROSSED * crossed)


def guides(placed: SplitPlaces) -> list[Array]:
    """Return the lines (k, 2) from the points to the axes: sentence 1's to the left, sentence 2's downward."""
    plot, lines = placed.plot, []
    for index, point in enumerate(placed.points):
        foot = np.array([plot.left, point[1]]) if index % 2 == 0 else np.array([point[0], plot.bottom])
        lines.append(point + _STEPS * (foot - point))
    return lines
