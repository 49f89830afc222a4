"""`WrittenProduct`: the numbers of one row times one column, as facts, and the entry for which they add up best."""

from collections.abc import Iterable, Sequence

import numpy as np

from attention import AttentionTrace
from scenes.drawing.fact import Fact, fitting_decimals
from scenes.query_key_value_parts.trained_product import TrainedKind

_FEWER = 3


class WrittenProduct:
    """What is printed of one entry of a trained product: its first terms, what they add up to, the rest, the result.

    Parameters
    ----------
    trace, head, kind
        Give the numbers.
    token, component
        Which entry it is.
    count
        How many terms are written out at most.
    """

    def __init__(
        self, trace: AttentionTrace, head: int, kind: TrainedKind, token: int, component: int, count: int
    ) -> None:
        x, w = trace.embeddings[token].astype(float), kind.weight(trace)[head][:, component].astype(float)
        made, bias = getattr(trace, kind.field(trace))[head], kind.bias(trace)
        self.token, self.component = token, component
        self.count, self.hidden = min(count, len(x)), max(len(x) - count, 0)
        self.factor_decimals = fitting_decimals(x) + 1, fitting_decimals(w) + 1
        decimals = fitting_decimals(made)
        row, column = f"embeddings[{token}]", f"w_{kind.name}[{head}][:, {component}]"
        terms, first = (x * w).tolist(), self.count
        self.terms = [Fact(f"{row}[{k}] * {column}[{k}]", terms[k], decimals) for k in range(first)]
        self.sums = [Fact(f"sum({row}[:{k}] * {column}[:{k}])", sum(terms[:k]), decimals) for k in range(1, first + 1)]
        self.rest = Fact(f"sum({row}[{first}:] * {column}[{first}:])", sum(terms[first:]), decimals)
        self.bias = bias if bias is None else Fact(f"b_{kind.name}[{head}][{component}]", float(bias[head][component]))
        field = f"{kind.field(trace)}[{head}]"
        self.result = Fact(f"{field}[{token}, {component}]", float(made[token, component]), decimals)
        self._factors = x[:first], w[:first]

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


def clearest_product(
    trace: AttentionTrace, head: int, kind: TrainedKind, token: int, components: Sequence[int], count: int
) -> WrittenProduct:
    """Return the entry of a token's row whose printed numbers add up best; of several, most terms, then the largest.

    Up to ``_FEWER`` terms fewer than ``count`` are written out where no entry adds up with so many.
    """
    counts = range(count, max(count - _FEWER, 1) - 1, -1)
    written = [WrittenProduct(trace, head, kind, token, each, terms) for terms in counts for each in components]
    return min(written, key=lambda one: (one.slips, -one.count, -abs(one.result.value)))


def _values(facts: Iterable[Fact]) -> list[float]:
    return [fact.printed for fact in facts]


def _printed(values: Iterable[float], decimals: int) -> list[float]:
    return _values(Fact("", value, decimals) for value in values)
