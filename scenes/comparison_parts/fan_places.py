"""Where the word's vectors stand as arrows from one point, and all that belongs to them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from scenes.comparison_parts.badge import RADIUS
from scenes.drawing.arrays import Array
from scenes.places.layout import Region

_LEAST = 1e-4  # length of a vector that has a direction
_BESIDE = 0.3  # from a badge or a tip to its chip, in em
_STEPS = np.linspace(0, 1, 41)[:, None]
_SIDES = np.array([(1, 0), (1, 1), (0, 1), (1, -1), (0, -1), (-1, 0), (-1, 1), (-1, -1)])  # the best one first
_FAR = (1.0, 1.8, 2.8)  # how far chips are from what they name; the best one first
_OUT, _MET, _CROSSED = 100.0, 10.0, 1.0  # what it costs to leave the region, and to cover a box or a line


def seen_on_their_plane(two: Array, others: Array) -> Array:
    """Return two vectors (2, d) and ``others`` (k, d) as the plane of the two shows them, (2 + k, 2), y upward.

    All have length one before they fall on it. The two have their true angle; half of it is at the left of upright,
    where the first one is, and half of it at the right. Where they are one, the first two that remain span the plane.

    >>> seen_on_their_plane(np.eye(3)[:2], np.eye(3)[2:]).round(2).tolist()
    [[-0.71, 0.71], [0.71, 0.71], [0.0, 0.0]]
    """
    vectors = np.concatenate([two, others]).astype(float)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    first, second = vectors[:2]
    up = _direction(first + second, np.zeros_like(first))
    right = _direction(second - first, up)
    if not right.any() and len(others) > 1:
        right = _direction(vectors[-1] - vectors[-2], up)
    return np.stack([vectors @ right, vectors @ up], axis=-1)


def _direction(vector: Array, across: Array) -> Array:
    """Return a vector's part at right angles to another, with length one; nothing if there is none."""
    part: Array = vector - (vector @ across) * across
    length = np.linalg.norm(part)
    return part / length if length > _LEAST else np.zeros_like(part)


@dataclass(frozen=True)
class FanPlaces:
    """Places in scene units; of four points, the first two are before attention, in sentence 1 and 2, then after it.

    Parameters
    ----------
    origin
        Where all arrows start, (2,).
    tips
        Where they end, (6, 2): those of the four points, then of the words that tell the contexts.
    badges
        The middles of the badges, (4, 2): the tips, but for badges that would cover each other.
    chips
        The middles of the chips that name the six, (6, 2); not a number, where there is no room for one.
    """

    origin: Array
    tips: Array
    badges: Array
    chips: Array

    @property
    def together(self) -> bool:
        """Whether both are one before attention."""
        return bool(np.allclose(*self.tips[:2]))


def place_fan(vectors: Array, chips: Array, named: NDArray[np.bool_], region: Region, size: float) -> FanPlaces:
    """Return places of six vectors from one point.

    Parameters
    ----------
    vectors
        (6, 2), of length one at most.
    chips
        (6, 2), width and height of what stands beside the tips.
    named
        (2,), which of the last two are drawn.
    region
        For all of it.
    size
        Of badges, in em, scene units.
    """
    radius, gap = RADIUS * size, _BESIDE * size
    drawn = np.concatenate([np.ones(4, dtype=bool), named])
    corners = np.concatenate([vectors[drawn], np.zeros((1, 2))])
    low, high = corners.min(axis=0), corners.max(axis=0)
    wide, tall = chips[drawn].max(axis=0) + gap
    room = region.middle(region.width - 2 * (wide + radius), region.height - 2 * radius - tall)
    spans = np.maximum(high - low, 1e-3)
    scale = float((np.array([room.width, room.height]) / spans).min())
    origin = np.array(region.center) - scale * (low + high) / 2 - [0.0, tall / 2 - radius / 2]
    origin[1] = max(origin[1], region.bottom - scale * low[1])
    tips = origin + scale * vectors
    ends = _parted(tips[2:4], 2.1 * radius)
    badges = np.concatenate([_parted(tips[:2], 2 * radius), ends])
    placed = FanPlaces(origin, tips, badges, np.full((6, 2), np.nan))
    return _with_chips(placed, chips, drawn, region, radius, gap)


def _parted(two: Array, least: float) -> Array:
    """Return two points, moved apart to ``least`` in the direction in which they lie, or else to left and right."""
    apart = two[1] - two[0]
    length = float(np.hypot(*apart))
    if length >= least:
        return two
    way = apart / length if length > 1e-6 else np.array([1.0, 0.0])
    return np.asarray(two.mean(axis=0) + np.outer([-0.5, 0.5], way) * least)


def _with_chips(
    placed: FanPlaces, sizes: Array, drawn: NDArray[np.bool_], region: Region, radius: float, gap: float
) -> FanPlaces:
    """Find a place for each chip: first after attention, then the words that tell the contexts, then before it."""
    badges = [(middle, np.full(2, 2 * radius)) for middle in placed.badges]
    before, after = badges[:2], badges[2:]  # what is there then
    lines = np.where(drawn[:, None, None], placed.origin + _STEPS * (placed.tips - placed.origin)[:, None], np.inf)
    order = [which for which in (2, 3, 4, 5, 0, 1) if drawn[which] and not (which == 1 and placed.together)]
    chips = placed.chips.copy()
    for which in order:
        tip = placed.badges[which] if which < 4 else placed.tips[which]
        half = radius if which in (2, 3) else 0.3 * radius
        if which < 2:
            half = radius + (np.abs(placed.badges[0] - placed.badges[1]).max() / 2 if placed.together else 0.0)
            tip = placed.tips[which] if placed.together else tip
        side = np.sign(placed.tips[which, 0] - placed.origin[0]) if which > 1 and not placed.together else 0
        outward = [-1 if which % 2 == 0 else 1, 1] if which > 1 or side else [1, 1]
        tried = [
            tip + outward * turn * (half * far * (0.75 if turn.all() else 1) + gap + sizes[which] / 2)
            for far in _FAR
            for turn in _SIDES
        ]
        boxes = after if which in (2, 3) else before if which < 2 else [*before, *after]
        there = lines[2:] if which in (2, 3) else lines
        costs = [_cost(place, sizes[which], boxes, there, region, radius) for place in tried]
        if min(costs) < _MET:
            chips[which] = tried[int(np.argmin(costs))]
            for then in [after, before] if which > 3 else [boxes]:
                then.append((chips[which], sizes[which]))
    return replace(placed, chips=chips)


def _cost(
    middle: Array,
    size: Array,
    boxes: Sequence[tuple[Array, Array]],
    lines: Array,
    region: Region,
    radius: float,
) -> float:
    """Return what a chip at ``middle`` costs."""
    low, high = middle - size / 2, middle + size / 2
    out = (low < [region.left, region.bottom]).any() or (high > [region.right, region.top]).any()
    met = sum(bool((np.abs(middle - other) < (size + room) / 2 + 0.1 * radius).all()) for other, room in boxes)
    crossed = sum(bool((np.abs(line - middle) < size / 2 + 0.25 * radius).all(axis=-1).any()) for line in lines)
    return float(_OUT * out + _MET * met + _CROSSED * crossed)
