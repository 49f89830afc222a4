"""Where edges leave and reach chips: at their borders, and so that no two arrowheads cover each other."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array

_WIDEST_FAN = 0.9 * np.pi  # angle that all edges into one chip take, unless they come from farther around


def border(center: Array, half: Array, toward: Array, room: float) -> Array:
    """Return where (e, 2) a line to ``toward`` leaves each box, ``room`` outside of it.

    Lines go straight down from the flat side of a wide box, and fan out from its ends.
    """
    core = np.maximum(half[:, 0] - half[:, 1], 0)
    anchor = np.stack([np.clip(toward[:, 0], center[:, 0] - core, center[:, 0] + core), center[:, 1]], axis=-1)
    direction = toward - anchor
    direction = direction / np.maximum(np.hypot(*direction.T), 1e-9)[:, None]
    # measured from the anchor, a box's ends are as near as its flat sides
    reach = way_out(direction, np.minimum(half, half[:, 1:]))
    points: Array = anchor + direction * (reach + room)[:, None]
    return points


def way_out(direction: Array, half: Array) -> Array:
    """Return how far it is from the centre of a box to its border, (e,)."""
    result: Array = np.min(half / np.maximum(np.abs(direction), 1e-9), axis=-1)
    return result


def apart(
    points: Array, center: Array, half: Array, targets: NDArray[np.int64], widths: Array, room: float | Array
) -> Array:
    """Return where (e, 2) edges reach their targets, moved so far that their heads stand side by side.

    Parameters
    ----------
    points
        Where they would, (e, 2).
    center, half
        Of each edge's target, (e, 2).
    targets
        (e,), which chip that is.
    widths
        (e,), how wide each head is.
    room
        Between tip and border, of all or of each.
    """
    moved, rooms = points.copy(), np.broadcast_to(room, len(points))
    around = (points - center) / half
    angles = np.arctan2(around[:, 1], around[:, 0])
    for target in np.unique(targets).tolist():
        own = np.flatnonzero(targets == target)
        if len(own) < 2:
            continue
        mean = float(np.angle(np.exp(1j * angles[own]).sum()))
        turns = np.angle(np.exp(1j * (angles[own] - mean)))
        order = np.argsort(turns, kind="stable")
        needed = widths[own[order]] / (half[own[0]].sum() * 2 / np.pi)
        spread = np.empty(len(own))
        spread[order] = _spread(turns[order], needed)
        far = np.abs(spread - turns) > 1e-9
        directions = np.stack([np.cos(mean + spread), np.sin(mean + spread)], axis=-1) * half[own]
        directions /= np.hypot(*directions.T)[:, None]
        ends = center[own] + directions * (way_out(directions, half[own]) + rooms[own])[:, None]
        moved[own] = np.where(far[:, None], ends, points[own])
    return moved


def _spread(turns: Array, needed: Array) -> Array:
    """Return rising angles (k,) as near to ``turns`` as room for each allows, so much as is ``needed`` (k,).

    Angles that are too close share what they have in common: pool-adjacent-violators, Robertson et al. 1988.
    """
    steps = np.array([(one + other) / 2 for one, other in pairwise(needed.tolist())])
    steps *= min(1.0, max(_WIDEST_FAN, float(np.ptp(turns))) / max(float(steps.sum()), 1e-9))
    offsets = np.concatenate([[0.0], np.cumsum(steps)])
    pools: list[tuple[float, int]] = []  # mean and number of those that move together
    for value in (turns - offsets).tolist():
        mean, count = value, 1
        while pools and pools[-1][0] > mean:
            before, more = pools.pop()
            mean, count = (before * more + mean * count) / (more + count), more + count
        pools.append((mean, count))
    levels: Array = np.repeat([mean for mean, _ in pools], [count for _, count in pools]) + offsets
    return levels
