"""The arrays that mobjects keep their state in."""

import numpy as np

from attention.attention_trace import Array as Array


def corners(x: float, y: float, width: float, height: float) -> Array:
    """Return the corner points (3, 3) of an upright rectangle around (``x``, ``y``)."""
    left, right, top, bottom = x - width / 2, x + width / 2, y + height / 2, y - height / 2
    return np.array([[left, top, 0.0], [right, top, 0.0], [left, bottom, 0.0]])
