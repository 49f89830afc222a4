"""Which rows of a matrix have room for a name beside them, where the rows are thinner than the names are high."""

import numpy as np

from scenes.drawing.arrays import Array


def rows_with_room(matter: Array, apart: float) -> list[int]:
    """Return the rows that are named: those that ``matter`` most, each at least ``apart`` rows from the next.

    >>> rows_with_room(np.array([0.1, 0.5, 0.4, 0.0, 0.9, 0.2]), 2)
    [1, 4]
    >>> rows_with_room(np.array([0.1, 0.5, 0.4]), 1)
    [0, 1, 2]
    """
    named: list[int] = []
    for row in np.argsort(-matter, kind="stable").tolist():
        if all(abs(row - other) >= apart for other in named):
            named.append(row)
    return sorted(named)
