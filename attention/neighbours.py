"""Which rows of an embedding table are nearest to some of its rows."""

import numpy as np

from attention.attention_trace import Floats, Integers

NEIGHBOURS = 8  # nearest other tokens kept for each token


def nearest_rows(cosines: Floats, count: int = NEIGHBOURS) -> tuple[Integers, Floats]:
    """Return where the ``count`` largest of each row of ``cosines`` stand, (n, k), largest first, and these, (n, k)."""
    nearest = np.argpartition(-cosines, min(count, cosines.shape[1] - 1), axis=1)[:, :count]
    order = np.argsort(-np.take_along_axis(cosines, nearest, axis=1), axis=1, kind="stable")
    nearest = np.take_along_axis(nearest, order, axis=1)
    return nearest, np.take_along_axis(cosines, nearest, axis=1)
