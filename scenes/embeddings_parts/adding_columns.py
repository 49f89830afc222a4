"""Which of a vector's numbers are printed where two vectors are added."""

import numpy as np
from numpy.typing import NDArray

_DECIMALS = 2
_FEWEST = 3


def adding_columns(
    terms: list[NDArray[np.floating]],
    total: NDArray[np.floating],
    most: int,
    shown: NDArray[np.int64] | None = None,
) -> NDArray[np.int64]:
    """Return the first neighbouring columns, at most ``most``, in which what is printed of ``terms`` adds up.

    So 1.12 + 0.23 = 1.36 is not on the picture, true as it may be. Where too few neighbours add up, it is the first
    columns.

    Parameters
    ----------
    terms, total
        (d,) each.
    most
        How many columns there is room for.
    shown
        Which columns are seen elsewhere, -1 for those that are not: others are not taken.

    Examples
    --------
    >>> adding_columns([np.array([0.124, 1, 2, 3]), np.array([0.232, 1, 1, 1])], np.array([0.356, 2, 3, 4]), 4).tolist()
    [1, 2, 3]
    """
    printed = sum(np.round(np.asarray(term, dtype=float), _DECIMALS) for term in terms)
    exact = np.isclose(printed, np.round(np.asarray(total, dtype=float), _DECIMALS), atol=1e-6)
    if shown is not None:
        exact &= np.isin(np.arange(len(total)), shown)
    for count in range(min(most, len(total)), _FEWEST - 1, -1):
        runs = np.flatnonzero(np.convolve(exact, np.ones(count), "valid") > count - 0.5)
        if runs.size:
            return np.arange(runs[0], runs[0] + count)
    return np.arange(min(most, len(total)))
