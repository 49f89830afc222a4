"""`WrittenProduct`: the numbers of one row times one column, as facts, and the entry that tells most of itself."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.adding_columns import DECIMALS, runs_that_add_up
from scenes.content.trained_kind import KINDS, TrainedKind
from scenes.drawing.fact import Fact, fitting_decimals

_FEWEST = 3  # terms
_LEAST_TOLD = 0.45  # of the result
_SMALLEST_RESULT = 0.1


class WrittenProduct:
    """What is printed of one entry of a trained product: some terms, what they add up to, the rest, the result.

    Parameters
    ----------
    trace, head, kind
        Give the numbers.
    token, component
        Which entry it is.
    columns
        The neighbouring columns of X whose terms are written out.
    """

    def __init__(
        self,
        trace: AttentionTrace,
        head: int,
        kind: TrainedKind,
        token: int,
        component: int,
        columns: NDArray[np.int64],
    ) -> None:
        x, w = trace.embeddings[token].astype(float), kind.weight(trace)[head][:, component].astype(float)
        made, bias = getattr(trace, kind.field(trace))[head], kind.bias(trace)
        self.token, self.component, self.columns = token, component, columns
        self.hidden = len(x) - len(columns)
        self.before, self.after = bool(columns[0] > 0), bool(columns[-1] < len(x) - 1)
        self.factor_decimals = DECIMALS, fitting_decimals(w) + 1
        decimals = fitting_decimals(made)
        first, end = int(columns[0]), int(columns[-1]) + 1
        terms = x * w
        row, column = f"embeddings[{token}]", f"w_{kind.name}[{head}][:, {component}]"

        def added(stop: int) -> tuple[str, float]:
            return f"sum({row}[{first}:{stop}] * {column}[{first}:{stop}])", float(terms[first:stop].sum())

        written, total = added(end)
        self.terms = [Fact(f"{row}[{k}] * {column}[{k}]", float(terms[k]), decimals) for k in range(first, end)]
        self.sums = [Fact(*added(stop), decimals) for stop in range(first + 1, end + 1)]
        self.rest = Fact(f"sum({row} * {column}) - {written}", float(terms.sum()) - total, decimals)
        self.bias = bias if bias is None else Fact(f"b_{kind.name}[{head}][{component}]", float(bias[head][component]))
        field = f"{kind.field(trace)}[{head}]"
        self.result = Fact(f"{field}[{token}, {component}]", float(made[token, component]), decimals)
        self._factors = x[columns], w[columns]

    @property
    def slips(self) -> int:
        """How often a reader who computes with the printed numbers alone finds another last digit."""
        firsts, seconds = (
            _printed(factors.tolist(), decimals)
            for factors, decimals in zip(self._factors, self.factor_decimals, strict=True)
        )
        decimals = self.result.decimals
        products = [round(one * other, decimals) for one, other in zip(firsts, seconds, strict=True)]
        terms, sums = _values(self.terms), _values(self.sums)
        steps = np.round(np.array([0.0, *sums[:-1]]) + terms, decimals)
        last = sums[-1] + sum(_values([self.rest, *([self.bias] if self.bias else [])]))
        found = np.array([*products, *steps.tolist(), round(last, decimals)])
        return int((np.abs(found - [*terms, *sums, *_values([self.result])]) > 1e-9).sum())

    @property
    def told(self) -> float:
        """How near the written terms come to the result: 1 if the rest is nothing, 0 if it is as large or larger."""
        return max(1 - abs(self.rest.value) / max(abs(self.result.value), 1e-9), 0.0)

    @property
    def speaks(self) -> bool:
        """Whether it is a number worth the while, and mostly what the written terms make of it."""
        return abs(self.result.value) >= _SMALLEST_RESULT and self.told >= _LEAST_TOLD


def clearest_query(
    trace: AttentionTrace, head: int, token: int, most: int, components: NDArray[np.int64], seen: NDArray[np.int64]
) -> WrittenProduct:
    """Return which number of a token's query is written out, and in which columns of X.

    What is printed adds up: first of all the products, then the token's row and its position. Of those it is one that
    has few hidden terms that matter, and then one with many terms, at most ``most``.

    Parameters
    ----------
    trace, head, token, most
        Give the numbers, and how many are written out at most.
    components, seen
        Which columns of Q, and which columns of X, are shown.
    """
    width = trace.embeddings.shape[1]
    counts = range(min(most, width), min(_FEWEST, width) - 1, -1)
    runs = [run for count in counts for run in runs_that_add_up(trace, token, count, seen)]
    runs = runs or [np.arange(counts[0])]
    written = [WrittenProduct(trace, head, KINDS[0], token, each, run) for run in runs for each in components.tolist()]
    return min(written, key=lambda one: (one.slips, not one.speaks, -len(one.columns), -one.told))


def _values(facts: Iterable[Fact]) -> list[float]:
    return [fact.printed for fact in facts]


def _printed(values: Iterable[float], decimals: int) -> list[float]:
    return _values(Fact("", value, decimals) for value in values)
