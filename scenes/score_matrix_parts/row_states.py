"""`RowStates`: what one row of the scores is on its way to probabilities, with what is written about it."""

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.scaling import divisor, logits
from scenes.drawing.fact import Fact
from scenes.drawing.text_fitting import shorten
from scenes.look.theme import SCORE, WEIGHT, Theme
from scenes.mobjects.label import Part
from scenes.score_matrix_parts.row_panel import State

_LONGEST = 5.0  # em of a token's text
_LONG = 999.5  # from which on bars have no room for decimals


class RowStates:
    """The row of one query in all its states, for a :class:`~scenes.score_matrix_parts.row_panel.RowPanel`.

    Parameters
    ----------
    trace, head
        Give the numbers.
    query
        Whose row it is.
    theme
        Gives the colours for text.
    """

    def __init__(self, trace: AttentionTrace, head: int, query: int, theme: Theme) -> None:
        self.trace, self.head, self.query, self.theme = trace, head, query, theme

    @property
    def scores(self) -> State:
        """The scores."""
        return self._state("scores", self.trace.scores, ["q dot k = sum_i q_i k_i"])

    @property
    def scaled(self) -> State:
        """The scores, divided."""
        trace, by = self.trace, divisor(self.trace)
        root = "" if trace.score_divisor is not None else f"sqrt({trace.d_k}) = "
        z = "z = " if trace.position_bias is None and trace.soft_cap is None else ""
        divided = (
            [f"{z}q dot k"] if trace.divisor == 1 else [f"{z}(q dot k) / {by}", f"{by} = {root}{trace.divisor:.2f}"]
        )
        return self._state("scaled_scores", trace.scaled_scores, divided)

    @property
    def capped(self) -> State:
        """The scaled scores, bounded."""
        cap, z = f"{self.trace.soft_cap:g}", "z = " if self.trace.position_bias is None else ""
        formula = f'{z}"cap"(s) = {cap} tanh(s / {cap})'
        return self._state("capped_scores", self.trace.capped_scores, [formula])

    @property
    def biased(self) -> State:
        """What the softmax is taken of, with the bias that it has for one key."""
        row, color, formulas, words = self._state("logits", self.trace.logits, [f"z = {logits(self.trace, 'q dot k')}"])
        return row, color, formulas, self._addition() if self.trace.position_bias is not None else words

    @property
    def masked(self) -> State:
        """The same without what may not be attended to."""
        row, color, formulas, words = self.biased
        allowed = self.trace.mask[self.query].tolist()
        return [fact if seen else None for fact, seen in zip(row, allowed, strict=True)], color, formulas, words

    @property
    def powers(self) -> State:
        """e to the power of each."""
        source, allowed = f"logits[{self.head}][{self.query}", self.trace.mask[self.query]
        powers = np.exp(self.trace.logits[self.head][self.query].astype(float))
        total = Fact(f"sum(exp({source}])[mask[{self.query}]])", float(powers[allowed].sum()))
        row = self._facts(f"exp({source}, {{}}])", powers)
        return self._allowed(row), SCORE, ["e^z"], [("sum", self.theme.quiet), (total, self.theme.text)]

    @property
    def weights(self) -> State:
        """The shares."""
        source, weights = f"weights[{self.head}][{self.query}", self.trace.weights[self.head][self.query].astype(float)
        total = Fact(f"sum({source}])", float(weights.sum()))
        row = self._allowed(self._facts(f"{source}, {{}}]", weights))
        formula = '"softmax"(z) = e^z / (sum e^z)'
        return row, WEIGHT, [formula], [("sum", self.theme.quiet), (total, self.theme.text)]

    def _addition(self) -> list[Part]:
        """Return the sum for one key: of those that get most, the first whose printed numbers add up."""
        before = "scaled_scores" if self.trace.soft_cap is None else "capped_scores"
        rows = [
            self._facts(f"{field}[{self.head}][{self.query}, {{}}]", getattr(self.trace, field)[self.head][self.query])
            for field in (before, "position_bias", "logits")
        ]
        order = np.argsort(-self.trace.weights[self.head][self.query]).tolist()
        key = next((key for key in order if _adds_up([row[key] for row in rows])), order[0])
        scaled, bias, total = (row[key] for row in rows)
        quiet, text = self.theme.quiet, self.theme.text
        name = f"{shorten(self.trace.labels[key], _LONGEST)}:"
        return [(name, quiet), (scaled, text), ("+", quiet), (bias, text), ("=", quiet), (total, text)]

    def _state(self, field: str, values: NDArray[np.floating], formulas: list[str]) -> State:
        """Return the row of some scores, and which magnitude has the full colour in their matrix."""
        row = self._facts(f"{field}[{self.head}][{self.query}, {{}}]", values[self.head][self.query])
        brightest = Fact(f"max(abs({field}[{self.head}]))", float(np.abs(values[self.head]).max()))
        return row, SCORE, formulas, [("full colour:", self.theme.quiet), (brightest, self.theme.text)]

    def _facts(self, source: str, row: NDArray[np.floating]) -> list[Fact]:
        decimals = 2 if np.abs(row[self.trace.mask[self.query]]).max() < _LONG else 0
        return [Fact(source.format(key), float(number), decimals) for key, number in enumerate(row)]

    def _allowed(self, row: list[Fact]) -> list[Fact | None]:
        return [fact if seen else None for fact, seen in zip(row, self.trace.mask[self.query].tolist(), strict=True)]


def _adds_up(facts: list[Fact]) -> bool:
    """Whether the last printed number is the sum of those before it."""
    return abs(sum(fact.printed for fact in facts[:-1]) - facts[-1].printed) < 1e-9
