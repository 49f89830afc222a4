"""`find_inside`: where in a ring the token stands that the film follows, so that its edges and numbers are plain."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array
from scenes.places.layout import Region

_RADII = np.linspace(0, 1, 6)  # of places that are tried around its own, by how far it may go
_STEPS = np.linspace(0, 1, 12)  # of the way along an edge
_NUMBERS = np.array([0.5, 0.42, 0.58, 0.34, 0.66])  # where on the way its number may be; first choice first
_TURNS = np.linspace(0, 2 * np.pi, 16, endpoint=False)  # in which its loop may stand out
_EDGE = 1.2  # of an edge that is seen beside its number, in em
_LEAST = 0.2  # clearance that is enough, in em
_PLAIN = 1.6  # clearance beyond which there is nothing to gain, in em
_MOVED = 0.3  # of clearance that it costs to go as far as it may, in em
_OUTWARD = 0.1  # of clearance that it is worth that its loop stands outward, in em
_AROUND = 0.9  # between the token and the others, in em


class Inside(NamedTuple):
    """Where the token stands, and in which direction its loop stands out, (2,) each."""

    place: Array
    loop: Array


def find_inside(
    places: Array,
    halves: Array,
    asker: int,
    told: list[int],
    number: Array,
    loop: float,
    size: float,
    reach: float,
    stage: Region,
) -> Inside | None:
    """Return the place with most room around the numbers of straight edges from those ``told``; None if none has any.

    Parameters
    ----------
    places, halves
        Of the chips on the ring, (n, 2); half the size of ``asker`` is that which it has inside.
    asker
        The one that leaves the ring.
    told
        From which edges come.
    number
        Half the width and half the height of a number, (2,).
    loop
        How far its loop stands out.
    size
        Of the chips' texts, in em.
    reach
        How far it may go from its own place, by the ring's half.
    stage
        Where the number of its loop stays.
    """
    others = np.delete(np.arange(len(places)), asker)
    middle = (places.min(axis=0) + places.max(axis=0)) / 2
    half = np.ptp(places, axis=0) / 2
    moves = _around() * reach
    spots = places[asker] + moves * half  # (c, 2)
    onward = np.hypot(*((spots - middle) / half).T) <= np.hypot(*((places[asker] - middle) / half)) + 1e-6
    spots, moves = spots[onward], moves[onward]
    apart = _apart(spots, places[others], halves[others] + halves[asker]).min(axis=1)
    spots, moves = spots[apart > _AROUND * size], moves[apart > _AROUND * size]
    if not len(spots):
        return None
    starts, ends = _ends(spots, places[told], halves[told], halves[asker])
    ways = starts[:, :, None] + _STEPS[:, None] * (ends - starts)[:, :, None]  # (c, k, steps, 2)
    numbers = _numbers(starts, ends, number)
    turns = np.stack([np.cos(_TURNS), np.sin(_TURNS)], axis=-1)
    tops = spots[:, None] + turns * (halves[asker] + loop)
    loops = tops + turns * number  # (c, turns, 2)

    clearance = _seen(starts, ends, number) - _EDGE * size
    clearance = np.minimum(clearance, _from_each_other(numbers, number))
    clearance = np.minimum(clearance, _apart(numbers, places[others], halves[others] + number).min(axis=(1, 2)))
    clearance = np.minimum(clearance, _from_other_lines(numbers, ways, number))
    clearance = np.minimum(clearance, _past(ways, places, halves, told, others) - 0.2 * size)
    around = _apart(loops, places[others], halves[others] + number).min(axis=2)
    lines = ways.reshape(len(spots), -1, 2)
    for points, room in ((numbers, 2 * number), (lines, number)):
        gaps = np.abs(loops[:, :, None] - points[:, None]) - room
        around = np.minimum(around, gaps.max(axis=-1).min(axis=2))
    beyond = np.abs(loops - stage.center) - np.array([stage.width, stage.height]) / 2 + number
    around = np.minimum(around, -beyond.max(axis=-1))
    away = (spots - middle) / half
    outward = _OUTWARD * size * away / np.maximum(np.hypot(*away.T), 1e-9)[:, None] @ turns.T
    good = np.minimum(around, _PLAIN * size) + outward
    turn = np.where(around >= _LEAST * size, good, around - 9 * size).argmax(axis=1)
    rows = np.arange(len(spots))
    clearance = np.minimum(clearance, around[rows, turn])
    if clearance.max() < _LEAST * size:
        return None
    worth = np.minimum(clearance, _PLAIN * size) - _MOVED * size * np.hypot(*moves.T) / reach + outward[rows, turn]
    best = int(np.where(clearance >= _LEAST * size, worth, -np.inf).argmax())
    return Inside(spots[best], turns[turn[best]])


def _around() -> Array:
    """Return places in a circle around nothing, (c, 2)."""
    radii, turns = (grid.ravel() for grid in np.meshgrid(_RADII, np.linspace(0, 2 * np.pi, 24, endpoint=False)))
    return np.stack([radii * np.cos(turns), radii * np.sin(turns)], axis=-1)


def _apart(points: Array, centers: Array, halves: Array) -> Array:
    """Return how far points (..., 2) are from boxes (n, 2), less than nothing within, (..., n)."""
    result: Array = (np.abs(points[..., None, :] - centers) - halves).max(axis=-1)
    return result


def _ends(spots: Array, places: Array, halves: Array, own: Array) -> tuple[Array, Array]:
    """Return where straight lines leave boxes and reach one at each spot, (c, k, 2) each."""
    along = spots[:, None] - places
    leave, reach = ((half / np.maximum(np.abs(along), 1e-9)).min(axis=-1, keepdims=True) for half in (halves, own))
    return places + np.minimum(leave, 0.5) * along, spots[:, None] - np.minimum(reach, 0.5) * along


def _numbers(starts: Array, ends: Array, half: Array) -> Array:
    """Return where on each line its number is apart from those of the lines before it, near the middle, (c, k, 2)."""
    tries = starts[:, :, None] + _NUMBERS[:, None] * (ends - starts)[:, :, None]  # (c, k, tries, 2)
    chosen = tries[:, :, 0].copy()
    for line in range(1, tries.shape[1]):
        gaps = np.abs(tries[:, line, :, None] - chosen[:, None, :line]) / half
        best = np.minimum(gaps.max(axis=-1).min(axis=-1), 2.4).argmax(axis=-1)
        chosen[:, line] = tries[np.arange(len(tries)), line, best]
    return chosen


def _seen(starts: Array, ends: Array, number: Array) -> Array:
    """Return how much of the least visible line is seen beside its number, (c,)."""
    along = ends - starts
    lengths = np.hypot(*np.moveaxis(along, -1, 0))
    hidden = (2 * number / np.maximum(np.abs(along), 1e-9)).min(axis=-1) * lengths
    result: Array = (lengths - hidden).min(axis=1)
    return result


def _from_each_other(numbers: Array, half: Array) -> Array:
    """Return how far the nearest two numbers are from each other, (c,)."""
    gaps = (np.abs(numbers[:, :, None] - numbers[:, None]) - 2 * half).max(axis=-1)
    one = np.eye(numbers.shape[1], dtype=bool)
    result: Array = np.where(one, np.inf, gaps).min(axis=(1, 2))
    return result


def _from_other_lines(numbers: Array, ways: Array, half: Array) -> Array:
    """Return how far numbers keep from lines that are not their own, (c,)."""
    gaps = (np.abs(numbers[:, :, None, None] - ways[:, None]) - half).max(axis=-1).min(axis=-1)  # (c, k, k)
    one = np.eye(numbers.shape[1], dtype=bool)
    result: Array = np.where(one, np.inf, gaps).min(axis=(1, 2))
    return result


def _past(ways: Array, places: Array, halves: Array, told: list[int], others: NDArray[np.int64]) -> Array:
    """Return how far lines keep from chips that are not their own, (c,)."""
    gaps = _apart(ways, places[others], halves[others]).min(axis=2)  # (c, k, n)
    own = np.asarray(told)[:, None] == others
    result: Array = np.where(own, np.inf, gaps).min(axis=(1, 2))
    return result
