"""`around`: where chips stand around a middle, so that straight edges lead into it and a bar fits across it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array, lengths_along
from scenes.places.layout import Region

_STEPS = 150  # in which an arc is measured
_HALVINGS = 10  # of what is tried as the room between chips
_MOST_ROOM = 12.0  # scene units between two chips
_NEAR = 0.2  # share of a way to the middle, at its end, on which it need not be clear
_CLEAR = 0.8  # between a neighbour and a chip's way to the middle, in gaps
_LOWEST = 0.5  # of the way up: in a narrow region nobody stands nearer to the middle's height


def around(
    region: Region, halves: Array, gap: float, band: float, weights: Array, *, backward: bool = False
) -> Array | None:
    """Return the centres (n, 2) of chips on an arc above the middle and one below it; None where they do not fit.

    They run clockwise from the bottom, as a sentence that is bent over. Nobody stands at the middle's own height, so
    the whole width is free there. What is left of the arcs is shared out by weight.

    Parameters
    ----------
    region
        What all chips together may take, in scene units.
    halves
        Half the width and half the height of each chip, (n, 2).
    gap
        Between neighbours, at least.
    band
        Half the height of what stays free on both sides of the middle.
    weights
        How much of the room that is left each chip shall have, (n,).
    backward
        Whether the sentence runs from right to left.
    """
    count = len(halves)
    found: tuple[float, Array] | None = None
    for above in {count // 2, (count + 1) // 2, *((count // 2 - 1, count // 2 + 2) if count > 5 else ())}:
        for before in {(count - above) // 2, (count - above + 1) // 2}:
            upper = list(range(before, before + above))
            lower = [*range(before + above, count), *range(before)]
            arcs = [
                _on_an_arc(region, halves, gap, band, weights, own, side) for own, side in ((upper, 1), (lower, -1))
            ]
            if arcs[0] is None or arcs[1] is None:
                continue
            room = min(arcs[0][0], arcs[1][0])
            if found is None or room > found[0]:
                places = np.empty((count, 2))
                places[upper], places[lower] = arcs[0][1], arcs[1][1]
                found = room, places
    if found is None:
        return None
    return np.array(region.center) + found[1] * [-1 if backward else 1, 1]


def _on_an_arc(
    region: Region, halves: Array, gap: float, band: float, weights: Array, own: Sequence[int], side: int
) -> tuple[float, Array] | None:
    """Return the room between chips on the upper (1) or lower (-1) arc, and their places (k, 2) around the middle."""
    if not own:
        return _MOST_ROOM, np.empty((0, 2))
    half, weight = halves[list(own)], weights[list(own)]
    reach = np.array([region.width, region.height]) / 2 - half  # of each chip's centre, (k, 2)
    free = band + half[:, 1]
    if reach.min() <= 0 or (free > reach[:, 1]).any():
        return None
    if region.width < 1.4 * region.height:
        free = np.maximum(free, _LOWEST * reach[:, 1])
    turns = np.linspace(np.pi, 0.0, _STEPS)
    circle = np.stack([np.cos(turns), np.sin(turns)], axis=-1)
    ways = circle * reach[:, None]  # (k, steps, 2), clockwise over the top
    ways[..., 1] = free[:, None] + ways[..., 1] * (1 - free / reach[:, 1])[:, None]
    if side < 0:  # clockwise too: from right to left below
        ways = -ways
    line = ways.mean(axis=0)
    lengths = lengths_along(line)
    low, high, best = 0.0, _MOST_ROOM, _placed(ways, lengths, half, gap, 0 * weight)
    if best is None:
        return None
    for _ in range(_HALVINGS):
        tried = (low + high) / 2
        found = _placed(ways, lengths, half, gap, tried * weight)
        low, high, best = (low, tried, best) if found is None else (tried, high, found)
    return low, ways[np.arange(len(own)), best]


def _placed(ways: Array, lengths: Array, half: Array, gap: float, rooms: Array) -> NDArray[np.int64] | None:
    """Return where on their ways chips stand one after another, with half of their ``rooms`` on both sides."""
    steps: list[int] = []
    reached = 0.0
    for index, room in enumerate(rooms.tolist()):
        clear = lengths >= reached + room / 2 - 1e-9
        for step, other in zip(steps, range(index), strict=True):
            apart = np.abs(ways[index] - ways[other, step]) - half[index] - half[other]
            clear &= (apart >= gap - 1e-9).any(axis=1)
            clear &= _passes(ways[index], ways[other, step], half[other] + _CLEAR * gap)
            clear &= _passes(ways[other, step], ways[index], half[index] + _CLEAR * gap)
        if steps:
            clear[: steps[-1] + 1] = False
        if not clear.any():
            return None
        steps.append(int(clear.argmax()))
        reached = float(lengths[steps[-1]]) + room / 2
    return np.array(steps) if reached <= lengths[-1] + 1e-9 else None


def _passes(starts: Array, centers: Array, halves: Array) -> NDArray[np.bool_]:
    """Return whether straight ways to the middle pass boxes; (steps, 2) places of one of both, (2,) of the other."""
    away = np.where(np.abs(starts) < 1e-9, 1e-9, starts)
    one, other = (centers - halves) / away, (centers + halves) / away  # where a way is level with a box's sides
    enters, leaves = np.minimum(one, other).max(axis=-1), np.maximum(one, other).min(axis=-1)
    return np.asarray(np.maximum(enters, _NEAR) >= np.minimum(leaves, 1.0))
