"""In which of a token's numbers the sum of its row and its position's vector can be checked by a reader."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace

DECIMALS = 2  # of an embedding's numbers


def runs_that_add_up(trace: AttentionTrace, token: int, count: int, seen: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return all runs of ``count`` neighbouring columns of X in which what is printed of one token's sum adds up.

    So 1.12 + 0.23 = 1.36 is not on the picture, true as it may be. Only columns that are ``seen`` are taken.
    """
    exact = np.isin(np.arange(trace.embeddings.shape[1]), seen) & _adds_up(trace, token)
    starts = np.flatnonzero(np.convolve(exact, np.ones(count), "valid") > count - 0.5)
    return [np.arange(start, start + count) for start in starts.tolist()]


def _adds_up(trace: AttentionTrace, token: int) -> NDArray[np.bool_]:
    total = np.asarray(trace.embeddings[token], dtype=float)
    if trace.position_vectors is None or not trace.embeddings_are_sums:
        return np.ones(len(total), dtype=bool)
    terms = (trace.token_vectors[token], trace.position_vectors[token])
    printed = sum(np.round(np.asarray(term, dtype=float), DECIMALS) for term in terms)
    return np.isclose(printed, np.round(total, DECIMALS), atol=1e-6)
