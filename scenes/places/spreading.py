"""Standing boxes on a map: near to where they belong, none over another, joined by lines that cross no box."""

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array

_ROUNDS = 400
_GRID = 64  # places that are tried along each axis


def fill(points: Array, width: float, height: float) -> Array:
    """Return ``points`` (n, 2), moved and stretched so that they fill a rectangle around the origin."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high - low > 1e-9, high - low, 1.0)
    shares = np.where(high - low > 1e-9, (points - low) / span - 0.5, 0.0)
    return np.asarray(shares * [width, height])


def spread(points: Array, sizes: Array, width: float, height: float, fixed: int = 0) -> tuple[Array, NDArray[np.bool_]]:
    """Push boxes apart until none overlaps another, inside a rectangle around the origin.

    Parameters
    ----------
    points
        (n, 2), the boxes' centres; those that matter most first.
    sizes
        (n, 2), width and height of each, with the space around it.
    width, height
        Of the rectangle.
    fixed
        How many of the first boxes stay where they are.

    Returns
    -------
    The new centres (n, 2), and which boxes have a place (n,); one that still overlaps a box before it has none.
    """
    room = np.maximum((np.array([width, height]) - sizes) / 2, 0)
    points = np.clip(points, -room, room)
    need = (sizes[:, None] + sizes) / 2
    ahead = np.sign(np.arange(len(points))[:, None] - np.arange(len(points)))  # parts boxes of one centre
    others = ~np.eye(len(points), dtype=bool)
    for turn in range(_ROUNDS):
        apart = points[:, None] - points
        overlap = need - np.abs(apart)
        touching = np.asarray((overlap > 1e-3).all(axis=-1)) & others
        if not touching.any():
            break
        shortest = overlap == overlap.min(axis=-1, keepdims=True)  # the way out along one axis
        if turn % 8 >= 6 and turn < 0.7 * _ROUNDS:  # where that way is blocked, the other one helps
            shortest = ~shortest
        direction = np.where(apart == 0, ahead[..., None], np.sign(apart))
        push = 0.3 * (overlap * direction * shortest * touching[..., None]).sum(axis=1)
        push[:fixed] = 0
        points = np.clip(points + push, -room, room)
    return points, _without_overlap(points, need)


def nearest_free(point: Array, size: Array, boxes: Array, sizes: Array, room: tuple[float, float]) -> Array | None:
    """Return the nearest place to ``point`` where a box overlaps no other one, inside a rectangle around the origin.

    Parameters
    ----------
    point, size
        Where the box belongs, and its width and height.
    boxes, sizes
        (n, 2), centres and sizes of those that stand already.
    room
        Width and height of the rectangle.
    """
    half = np.maximum((np.array(room) - size) / 2, 0)
    axes = [np.linspace(-reach, reach, _GRID) for reach in half.tolist()]
    places = np.concatenate([[np.clip(point, -half, half)], np.stack(np.meshgrid(*axes), axis=-1).reshape(-1, 2)])
    over = np.asarray((np.abs(places[:, None] - boxes) < (sizes + size) / 2).all(axis=-1))
    taken = over.any(axis=1)
    free = places[~taken]
    return np.asarray(free[np.hypot(*(free - point).T).argmin()]) if len(free) else None


def _without_overlap(points: Array, need: Array) -> NDArray[np.bool_]:
    kept = np.zeros(len(points), dtype=bool)
    for index, point in enumerate(points):
        overlap = need[index] - np.abs(point - points)
        kept[index] = not ((overlap > 2e-3).all(axis=-1) & kept).any()
    return kept


def meets(line: Array, points: Array, sizes: Array) -> NDArray[np.bool_]:
    """Return which boxes (n,) a line (2, 2) enters."""
    steps = np.linspace(0, 1, 60)[:, None, None]
    along = line[0] + steps * (line[1] - line[0])  # (60, 1, 2)
    return np.asarray((np.abs(along - points) < sizes / 2).all(axis=-1).any(axis=0))


def cross(first: Array, second: Array) -> bool:
    """Return whether two lines, (2, 2) each, cross."""
    return _sides(first, second) < 0 and _sides(second, first) < 0


def _sides(line: Array, points: Array) -> float:
    """Return a negative number if two points lie on different sides of a line."""
    (x, y), away = line[1] - line[0], points - line[0]
    turns = x * away[:, 1] - y * away[:, 0]
    return float(turns[0] * turns[1])
