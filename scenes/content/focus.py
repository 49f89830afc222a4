"""Which tokens a clip talks about."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace


def strongest_pair(trace: AttentionTrace, weights: NDArray[np.floating], slots: NDArray[np.int64]) -> tuple[int, int]:
    """Return the visible word whose attention to a different visible word is strongest, and that other word.

    Weights are compared with an even share of their row: where a token looks back only, the first ones have few to
    share among.

    Parameters
    ----------
    trace
        Gives the words.
    weights
        (n, n), rows attend to columns.
    slots
        Which tokens are visible, -1 for an ellipsis.
    """
    shown = slots[slots >= 0]
    weights = over_even(trace, weights)[np.ix_(shown, shown)]
    labels = [trace.labels[index] for index in shown]
    words = trace.words[shown]
    if words.sum() > 1:
        weights[~words], weights[:, ~words] = -1, -1
    same = np.array([[a.lower() == b.lower() for b in labels] for a in labels])
    if not same.all():
        weights[same] = -1
    row, column = np.unravel_index(weights.argmax(), weights.shape)
    return int(shown[row]), int(shown[column])


def over_even(trace: AttentionTrace, weights: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return how many times an even share of its row each of ``weights``, (n, n), is."""
    times: NDArray[np.floating] = weights * trace.mask.sum(axis=1, keepdims=True)
    return times


def strongest_rows(weights: NDArray[np.floating], slots: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most ``most`` of ``slots`` in their order: those with the largest weights, and -1 for what is between.

    >>> strongest_rows(np.array([0.1, 0.0, 0.0, 0.5, 0.0, 0.4]), np.arange(6), 5).tolist()
    [0, -1, 3, -1, 5]
    """
    if len(slots) <= most:
        return slots
    visible = slots[slots >= 0]
    order = visible[np.argsort(-weights[visible], kind="stable")]
    for count in range(most, 0, -1):
        rows: list[int] = []
        before = -1
        for slot in [*sorted(order[:count].tolist()), len(weights)]:
            rows += [-1] * (slot > before + 1) + [slot] * (slot < len(weights))
            before = slot
        if len(rows) <= most:
            break
    return np.array(rows)
