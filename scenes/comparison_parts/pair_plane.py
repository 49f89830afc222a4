"""A plane on which two pairs of vectors are seen to move apart, or together."""

import numpy as np

from scenes.drawing.arrays import Array

_NOTHING = 1e-6


def pair_plane(before: Array, after: Array, others: Array) -> Array:
    """Return two directions (2, d) at right angles, of length 1: to the right, and upward.

    Upward is where the two of a pair differ most, before and after taken together, with the first one higher; to the
    right is the way from the middle of both before to the middle of both after. So a point is the higher, the more
    its cosine with the first vector exceeds that with the second one. Where pairs do not differ, or have not moved,
    the direction in which the other vectors spread most takes the place; zero where there is none.

    Parameters
    ----------
    before, after
        (2, d), of length 1.
    others
        (k, d), shown on the same plane.
    """
    moved = after.mean(axis=0) - before.mean(axis=0)
    apart = after[0] - after[1], before[0] - before[1]
    _, sizes, ways = np.linalg.svd(np.stack(apart), full_matrices=False)
    up = ways[0] if sizes[0] > _NOTHING else None
    if up is not None and next(way @ up for way in apart if abs(way @ up) > _NOTHING / 2) < 0:
        up = -up
    spread = others - others.mean(axis=0) if len(others) else np.zeros((1, before.shape[1]))
    way = _without(moved, up)
    length = float(np.linalg.norm(way))
    right = way / length if length > _NOTHING else _widest(spread, up)
    return np.stack([right, _widest(spread, right) if up is None else up])


def _without(vectors: Array, way: Array | None) -> Array:
    """Return ``vectors`` (…, d) without their part along ``way``."""
    return vectors if way is None else vectors - (vectors @ way)[..., None] * way


def _widest(vectors: Array, aside: Array | None) -> Array:
    """Return the direction (d,), at a right angle to ``aside``, in which ``vectors`` spread most."""
    _, sizes, ways = np.linalg.svd(_without(vectors, aside), full_matrices=False)
    return np.asarray(ways[0]) if sizes[0] > _NOTHING else np.zeros(vectors.shape[1])
