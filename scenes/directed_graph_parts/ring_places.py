"""Where chips stand on a ring."""

import numpy as np

from scenes.drawing.arrays import Array, lengths_along
from scenes.places.layout import Region

_STEPS = 720  # in which the ring is measured
_ROUNDS = 80  # of moving the chips apart, at most
_STILL = 1e-3  # of an even share of the ring: chips that move less stand
_STEEP = 1.7  # how soon a chip stands beside the ring instead of above it


def ring_places(
    region: Region, halves: Array, gap: float, flattest: float = 2.0, *, backward: bool = False, narrow: bool = False
) -> Array | None:
    """Return the centres (n, 2) of chips on an ellipse; None where they do not fit.

    They run as a clock's hand does, from the top: there the last token meets the first one. Chips touch the ellipse
    with their inner sides, or, if it is narrow, with their outer ones. Each gets the room that it needs, and the rest
    is shared out evenly.

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
        Whether the sentence runs from right to left, and so the other way round.
    narrow
        Whether room across is scarce, so that all of it is taken wherever a chip is short.
    """
    count = len(halves)
    if count == 1:
        return np.array([region.center])
    across, up = region.width / 2, region.height / 2
    if (2 * halves.max(axis=0) >= [across, up]).any():
        return None
    if not narrow:
        across, up = across - 2 * halves[:, 0].max(), up - 2 * halves[:, 1].max()
    axes = np.array([min(across, flattest * up), min(up, flattest * across)])
    aside = -halves if narrow else halves
    places = _beside(axes, _shared_out(axes, aside, gap), aside) * [-1 if backward else 1, 1] + region.center
    return None if _meet(places, halves, gap * 0.5) else places


def _beside(axes: Array, angles: Array, aside: Array) -> Array:
    """Return the centres of chips that are so far ``aside`` of the ellipse, outside, or inside if that is negative."""
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return directions * axes + aside * np.clip(_STEEP * directions, -1, 1)


def _shared_out(axes: Array, aside: Array, gap: float) -> Array:
    """Return the angles (n,) that give each chip its room, and share out what is left."""
    count, halves = len(aside), np.abs(aside)
    turns = np.pi / 2 - np.linspace(0, 2 * np.pi, _STEPS + 1)
    middles = axes + aside.mean(axis=0)
    line = np.stack([np.cos(turns), np.sin(turns)], axis=-1) * middles
    lengths = lengths_along(line)
    total = lengths[-1]
    pairs = halves + np.roll(halves, -1, axis=0) + gap
    steps = np.full(count, total / count)
    for _ in range(_ROUNDS):
        places = _beside(axes, np.interp(_middles(steps), lengths, turns), aside)
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
