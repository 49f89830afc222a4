"""The arrays that mobjects keep their state in."""

import numpy as np

from attention.attention_trace import Array as Array


def corners(x: float, y: float, width: float, height: float) -> Array:
    """Return the corner points (3, 3) of an upright rectangle around (``x``, ``y``)."""
    left, right, top, bottom = x - width / 2, x + width / 2, y + height / 2, y - height / 2
    return np.array([[left, top, 0.0], [right, top, 0.0], [left, bottom, 0.0]])


def lengths_along(line: Array) -> Array:
    """Return how far along a line (k, 2) each of its points is, (k,).

    >>> lengths_along(np.array([[0, 0], [3, 4], [3, 5]])).tolist()
    [0.0, 5.0, 6.0]
    """
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
