"""Projecting vectors of many dimensions to a plane, so that near ones stay near."""

import numpy as np
from numpy.typing import NDArray

from scenes.drawing.arrays import Array

_PERPLEXITY = 5.0  # how many neighbours count
_STEPS = 400
_GATHERING = 100  # of the steps, in which likenesses count more, so that groups form
_TINY = 1e-12


def principal_components(vectors: NDArray[np.floating]) -> Array:
    """Return the two coordinates (n, 2) along which ``vectors`` (n, d) spread the most.

    Each axis points to the side of its farthest point, so the same vectors always give the same picture.
    """
    centred = np.asarray(vectors, dtype=float) - np.mean(vectors, axis=0, dtype=float)
    left, sizes, _ = np.linalg.svd(centred, full_matrices=False)
    points = np.zeros((len(centred), 2))
    kept = min(2, len(sizes))
    points[:, :kept] = left[:, :kept] * sizes[:kept]
    farthest = points[np.abs(points).argmax(axis=0), [0, 1]]
    return points * np.where(farthest < 0, -1.0, 1.0)


def neighbour_map(vectors: NDArray[np.floating]) -> Array:
    """Return points (n, 2) that keep the neighbourhoods of ``vectors`` (n, d) by the angle between them.

    This is t-SNE (van der Maaten and Hinton 2008, "Visualizing Data using t-SNE"), started from the principal
    components instead of at random: the same vectors always give the same map. Few vectors need no such care and get
    their principal components.
    """
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    directions = np.asarray(vectors, dtype=float) / np.maximum(lengths, _TINY)
    points = principal_components(directions)
    count = len(points)
    if count < 3 * _PERPLEXITY:
        return points
    alike = _likenesses(2 - 2 * directions @ directions.T)
    points *= 1e-2 / max(float(points[:, 0].std()), _TINY)
    speed, gains = np.zeros_like(points), np.ones_like(points)
    rate = max(count / 12.0, 10.0)
    for step in range(_STEPS):
        gathering = step < _GATHERING
        near = 1 / (1 + _squared_distances(points))
        np.fill_diagonal(near, 0)
        pull = ((12.0 if gathering else 1.0) * alike - near / near.sum()) * near
        slope = 4 * (pull.sum(axis=1)[:, None] * points - pull @ points)
        gains = np.maximum(np.where(np.sign(slope) != np.sign(speed), gains + 0.2, gains * 0.8), 0.01)
        speed = (0.5 if gathering else 0.8) * speed - rate * gains * slope
        points = points + speed
        points -= points.mean(axis=0)
    return principal_components(points)


def _squared_distances(points: Array) -> Array:
    squares = (points**2).sum(axis=1)
    return np.asarray(np.maximum(squares[:, None] + squares - 2 * points @ points.T, 0))


def _likenesses(squared: Array) -> Array:
    """Return how alike each pair is, (n, n), summing to 1: Gaussians as wide as to hold the wanted neighbours."""
    count = len(squared)
    squared = squared + np.diag(np.full(count, np.inf))
    low, high = np.full(count, 1e-3), np.full(count, 1e4)  # of the precision, halved in logarithms
    for _ in range(40):
        precision = np.sqrt(low * high)
        powers = np.exp(-(squared - squared.min(axis=1, keepdims=True)) * precision[:, None])
        shares = powers / powers.sum(axis=1, keepdims=True)
        entropy = -(shares * np.log(np.maximum(shares, _TINY))).sum(axis=1)
        broad = entropy > np.log(_PERPLEXITY)
        low, high = np.where(broad, precision, low), np.where(broad, high, precision)
    return np.asarray(np.maximum((shares + shares.T) / (2 * count), _TINY))
