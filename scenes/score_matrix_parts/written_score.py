"""`WrittenScore`: the numbers of one query times one key, as facts."""

from itertools import product

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.focus import most_attended
from scenes.drawing.fact import Fact, print_number

_DECIMALS = 2  # of the terms, as scores have them
_FACTORS = 2, 3  # decimals of what is multiplied
_FEWEST, _MOST = 3, 5  # terms
LONGEST = 6  # characters that a factor may have
_KEYS = 4  # that are tried, until what is printed adds up


class WrittenScore:
    """What is printed of one score: some terms, what they add up to, the rest, the result.

    Parameters
    ----------
    trace, head, query, key
        Give the numbers.
    columns
        Those whose terms are written out, -1 for a gap.
    decimals
        Of the factors.
    """

    def __init__(
        self, trace: AttentionTrace, head: int, query: int, key: int, columns: NDArray[np.int64], decimals: int
    ) -> None:
        self.query, self.key, self.columns, self.decimals = query, key, columns, decimals
        read = columns[columns >= 0].tolist()
        self.hidden = trace.d_k - len(read)
        self._factors = trace.queries[head][query].astype(float)[read], trace.keys[head][key].astype(float)[read]
        terms, result = self._factors[0] * self._factors[1], float(trace.scores[head][query, key])
        own, other = f"queries[{head}][{query}, {{}}]", f"keys[{head}][{key}, {{}}]"
        source = f"{own} * {other}"
        self.terms = [Fact(source.format(at, at), float(term), _DECIMALS) for at, term in zip(read, terms, strict=True)]
        self.sum = Fact(f"sum({source.format(read, read)})", float(terms.sum()), _DECIMALS)
        self.result = Fact(f"scores[{head}][{query}, {key}]", result, _DECIMALS)
        self.rest = Fact(f"{self.result.source} - {self.sum.source}", result - float(terms.sum()), _DECIMALS)

    @property
    def longest(self) -> int:
        """How many characters the longest factor has."""
        return max(len(print_number(one, self.decimals)) for each in self._factors for one in each.tolist())

    @property
    def told(self) -> float:
        """How near the written terms come to the result: 1 if the rest is nothing."""
        return 1 - abs(self.rest.value) / max(abs(self.result.value), 1e-9)

    @property
    def slips(self) -> int:
        """How often a reader who computes with the printed numbers alone finds another last digit."""
        firsts, seconds = ([Fact("", one, self.decimals).printed for one in each.tolist()] for each in self._factors)
        found = [one * other for one, other in zip(firsts, seconds, strict=True)]
        found += [sum(term.printed for term in self.terms), self.sum.printed + self.rest.printed]
        told = [fact.printed for fact in (*self.terms, self.sum, self.result)]
        return sum(abs(round(one, _DECIMALS) - other) > 1e-9 for one, other in zip(found, told, strict=True))


def clearest_score(trace: AttentionTrace, head: int, query: int, keys: NDArray[np.int64], most: int) -> WrittenScore:
    """Return which score of a query is written out, and in which neighbouring columns of Q and K.

    What is printed adds up and is short; of those it is one for what the query attends to most, then the one whose
    terms tell most of the result.

    Parameters
    ----------
    trace, head, query
        Give the numbers.
    keys
        Which keys are shown, -1 for a gap.
    most
        Numbers and gaps that have room beside each other.
    """
    order = [key for key in np.argsort(-trace.weights[head][query], kind="stable").tolist() if key in keys]
    first = None if trace.source else most_attended(trace, trace.weights[head], query)
    others = [key for key in order if key != first and (trace.source is not None or key != query)][:_KEYS]
    tried = [*([first] if first in order else []), *others] or order
    runs = [
        run for count in range(min(_FEWEST, most - 2), _MOST + 1) for run in _runs(trace.d_k, count) if len(run) <= most
    ]
    written = [
        WrittenScore(trace, head, query, key, run, decimals) for key, run, decimals in product(tried, runs, _FACTORS)
    ]
    return min(written, key=lambda one: (one.slips, one.longest > LONGEST, tried.index(one.key), -one.told))


def _runs(width: int, count: int) -> list[NDArray[np.int64]]:
    """Return all runs of ``count`` neighbours among so many columns, with -1 for what is before and after."""
    count = min(count, width)
    starts = range(width - count + 1)
    return [
        np.array([*[-1] * (start > 0), *range(start, start + count), *[-1] * (start + count < width)])
        for start in starts
    ]
