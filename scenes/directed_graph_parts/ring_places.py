"""Where chips stand on a ring."""

import numpy as np

from scenes.drawing.arrays import Array, lengths_along
from scenes.places.layout import Region

_STEPS = 720  # in which the ring is measured
_ROUNDS = 80  # of moving the chips apart, at most
_STILL = 1e-3  # of an even share of the ring: chips that move less stand
_STEEP = 1.7  # how soon a chip stands beside the ring instead of above it


def ring_places(
    region: Region, halves: Array, gap: float, flattest: float = 2.0, *, backward: bool = False
) -> Array | None:
    """Return the centres (n, 2) of chips on an ellipse; None where they do not fit.

    They run as a sentence that is bent over: its first and its last token meet at the bottom. Chips stand outside of
    the ellipse and touch it with their inner sides. Each gets the room that it needs, and the rest is shared out
    evenly.

    Parameters
    ----------
    region
        What all chips together may take, in scene units.
    halves
        Half the width and half the height of each chip, (n, 2).
    gap
        Between neighbours, at least.
    flattest
        Width of the ellipse by its height, and height by width, never more than this.
    backward
        Whether the sentence runs from right to left.
    """
    count = len(halves)
    if count == 1:
        return np.array([region.center])
    across, up = region.width / 2 - 2 * halves[:, 0].max(), region.height / 2 - 2 * halves[:, 1].max()
    if min(across, up) <= 0:
        return None
    axes = np.array([min(across, flattest * up), min(up, flattest * across)])
    places = np.array(region.center) + [-1 if backward else 1, 1] * _beside(
        axes, _shared_out(axes, halves, gap), halves
    )
    return None if _meet(places, halves, gap * 0.5) else places


def _beside(axes: Array, angles: Array, halves: Array) -> Array:
    """Return the centres of chips that touch the ellipse from outside."""
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return directions * axes + halves * np.clip(_STEEP * directions, -1, 1)


def _shared_out(axes: Array, halves: Array, gap: float) -> Array:
    """Return the angles (n,) that give each chip its room, and share out what is left."""
    count = len(halves)
    turns = -np.pi / 2 - np.linspace(0, 2 * np.pi, _STEPS + 1)
    middles = axes + halves.mean(axis=0)
    line = np.stack([np.cos(turns), np.sin(turns)], axis=-1) * middles
    lengths = lengths_along(line)
    total = lengths[-1]
    pairs = halves + np.roll(halves, -1, axis=0) + gap
    steps = np.full(count, total / count)
    for _ in range(_ROUNDS):
        places = _beside(axes, np.interp(_middles(steps), lengths, turns), halves)
        apart = np.abs(np.roll(places, -1, axis=0) - places)
        needed = steps * (pairs / np.maximum(apart, 1e-6)).min(axis=-1)
        wanted = needed + max(total - needed.sum(), 0.0) / count
        moved = 0.3 * (wanted * total / wanted.sum() - steps)
        steps += moved
        if np.abs(moved).max() < _STILL * total / count:
            break
    angles: Array = np.interp(_middles(steps), lengths, turns)
    return angles


def _middles(steps: Array) -> Array:
    """Return where chips stand along the ring, if ``steps`` (n,) lead from each to the next; half of the last first."""
    middles: Array = np.cumsum(steps) - steps + steps[-1] / 2
    return middles


def _meet(places: Array, halves: Array, gap: float) -> bool:
    """Whether any two chips are closer than ``gap`` both ways."""
    distances = np.abs(places[:, None] - places[None, :]) - halves[:, None] - halves[None, :]
    close = np.asarray((distances < gap - 1e-6).all(axis=-1))
    return bool(close[~np.eye(len(places), dtype=bool)].any())
