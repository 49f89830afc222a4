"""In which columns of the values a reader who computes with what is printed finds what is printed."""

import numpy as np

from attention import AttentionTrace
from attention.attention_trace import Integers
from scenes.drawing.fact import fitting_decimals

SHARE_DECIMALS = 3  # of weights: enough for most products to hold as printed


def clear_columns(trace: AttentionTrace, head: int, token: int, slots: Integers, most: int) -> Integers:
    """Return up to ``most`` columns in which weights times values, and their sum, hold as printed.

    Of those, it is the ones in which the fewest terms print as nothing, then those that have the largest outputs.

    Parameters
    ----------
    trace, head, token
        Give the numbers.
    slots
        The tokens whose terms are printed, a last -1 for the sum of all others.
    most
        How many columns there is room for.
    """
    weights, values = trace.weights[head][token].astype(float), trace.values[head].astype(float)
    decimals = fitting_decimals(values)
    terms, shown = weights[:, None] * values, slots[slots >= 0]
    products = np.round(weights[shown], SHARE_DECIMALS)[:, None] * np.round(values[shown], decimals)
    printed = np.round(terms[shown], decimals)
    rest = np.round(terms.sum(axis=0) - terms[shown].sum(axis=0), decimals)
    found = np.round(np.concatenate([products, (printed.sum(axis=0) + rest)[None]]), decimals)
    told = np.concatenate([printed, np.round(terms.sum(axis=0), decimals)[None]])
    slips = (np.abs(found - told) > 1e-9).sum(axis=0)
    empty = (printed == 0).sum(axis=0)
    return np.sort(np.lexsort((-np.abs(trace.context[head][token]), empty, slips))[:most])
