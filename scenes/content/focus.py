"""Which tokens a clip talks about."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace


def strongest_pair(
    trace: AttentionTrace,
    weights: NDArray[np.floating],
    slots: NDArray[np.int64],
    keys: NDArray[np.int64] | None = None,
) -> tuple[int, int]:
    """Return the visible word whose attention to a different visible word is strongest, and that other word.

    Parameters
    ----------
    trace
        Gives the words.
    weights
        (n, m), rows attend to columns.
    slots, keys
        Which tokens are visible as rows and as columns, -1 for an ellipsis; the same ones, if only rows are given.
    """
    rows, columns = (shown[shown >= 0] for shown in (slots, slots if keys is None else keys))
    weights = weights[np.ix_(rows, columns)].copy()
    asking, asked = trace.words[rows], trace.attended.words[columns]
    if min(asking.sum(), asked.sum()) > (0 if trace.source else 1):
        weights[~asking], weights[:, ~asked] = -1, -1
    labels, others = trace.labels, trace.attended.labels
    same = np.array([[labels[a].lower() == others[b].lower() for b in columns] for a in rows])
    if not same.all() and trace.source is None:
        weights[same] = -1
    row, column = np.unravel_index(weights.argmax(), weights.shape)
    return int(rows[row]), int(columns[column])


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
