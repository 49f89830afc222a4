"""`bend`: how a row of chips becomes a ring."""

from collections.abc import Callable

import numpy as np

from scenes.drawing.arrays import Array, lengths_along

_ROUNDS = 60  # of moving chips apart
_TURNED = 0.999  # share of a full turn that the bent row takes


def bend(starts: Array, ends: Array, halves: tuple[Array, Array]) -> Callable[[float], Array]:
    """Return a function from 0 to 1 that says where chips (n, 2) are while their line bends to a ring.

    The line is bent evenly, as a rod; it starts where the chips do, in a row or in a column, and ends with its middle
    at the top. It never takes more room than between its first and its last form.

    Parameters
    ----------
    starts, ends
        The chips' centres in the order of the text, (n, 2) each, in a line and on a ring.
    halves
        Half their widths and heights there, (n, 2) each.
    """
    along = starts[-1] - starts[0]
    lengths = lengths_along(starts)
    length = max(float(lengths[-1]), 1e-6)
    lengths -= length / 2
    side = np.sign(ends[-1, 0] - ends[0, 0]) or 1.0  # where the last one ends: right, or left
    begins = float(np.arctan2(along[1], along[0])) if along.any() else 0.0
    turn = (begins - (0.0 if side > 0 else np.pi) + np.pi) % (2 * np.pi) - np.pi  # of the line's middle

    def bent(share: float) -> Array:
        bow = _TURNED * 2 * np.pi * share / length
        angle = begins - share * turn
        forward = np.array([np.cos(angle), np.sin(angle)])
        inward = side * np.array([forward[1], -forward[0]])
        turned = lengths[:, None] * bow
        across, down = (np.sin(turned), 1 - np.cos(turned)) if bow > 1e-9 else (lengths[:, None], 0 * turned)
        points: Array = (across * forward + down * inward) / (bow if bow > 1e-9 else 1.0)
        return points

    def box(share: float) -> tuple[Array, Array]:
        low, high = ((1 - share) * end(starts, axis=0) + share * end(ends, axis=0) for end in (np.min, np.max))
        return low, high

    def fitted(share: float) -> Array:
        (low, high), shape = box(share), bent(share)
        points: Array = low + (shape - shape.min(axis=0)) / np.maximum(np.ptp(shape, axis=0), 1e-9) * (high - low)
        return points

    first, last = fitted(0.0), fitted(1.0)
    least = np.minimum((starts - halves[0]).min(axis=0), (ends - halves[1]).min(axis=0))
    most = np.maximum((starts + halves[0]).max(axis=0), (ends + halves[1]).max(axis=0))

    def there(share: float) -> Array:
        points = fitted(share) + (1 - share) * (starts - first) + share * (ends - last)
        room = halves[0] + share * (halves[1] - halves[0])
        return _loosened(points, room[1:] + room[:-1], least + room, most - room) if 0 < share < 1 else points

    return there


def _loosened(points: Array, pairs: Array, least: Array, most: Array) -> Array:
    """Return points (n, 2) on a line, moved along it until neighbours are as far apart as ``pairs`` (n - 1, 2) ask.

    They stay between ``least`` and ``most`` (n, 2).
    """
    for _ in range(_ROUNDS):
        steps = np.diff(points, axis=0)
        lack = (pairs / np.maximum(np.abs(steps), 1e-6)).min(axis=1) - 1
        push = 0.5 * np.clip(lack, 0, 1)[:, None] * steps
        still = np.zeros((1, 2))
        points = np.clip(points + np.concatenate([still, push]) - np.concatenate([push, still]), least, most)
    return points
