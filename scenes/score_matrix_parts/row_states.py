"""`RowStates`: what one row of the scores is on its way to probabilities, with what is written about it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from attention import AttentionTrace
from scenes.content.scaling import cap, divisor, logits, upright
from scenes.drawing.fact import Fact, print_number
from scenes.drawing.text_fitting import shorten
from scenes.look.theme import SCORE, WEIGHT, Theme
from scenes.mobjects.label import Part
from scenes.score_matrix_parts.row_panel import State
from scenes.words import N_, _, localized

_LONGEST = 5.0  # em of a token's text
_ROOM = 7  # characters that a number beside a bar may have
_DECIMALS, _SHARE_DECIMALS = (1, 2, 0), (2, 3)  # in which order they are tried, until the printed numbers add up

_UNITS = {3: N_("in thousands"), 6: N_("in millions")}  # by how many zeros they have


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

    Attributes
    ----------
    hidden
        The keys that have no bar of their own; their sum is told.
    """

    def __init__(self, trace: AttentionTrace, head: int, query: int, theme: Theme) -> None:
        self.trace, self.head, self.query, self.theme = trace, head, query, theme
        self.hidden: list[int] = []

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
        rounded = _in_formula(f"{trace.divisor:.2f}")
        divided = [f"{z}q dot k"] if trace.divisor == 1 else [f"{z}(q dot k) / {by}", f"{by} = {root}{rounded}"]
        return self._state("scaled_scores", trace.scaled_scores, divided)

    @property
    def capped(self) -> State:
        """The scaled scores, bounded."""
        bound, z = _in_formula(f"{self.trace.soft_cap:g}"), "z = " if self.trace.position_bias is None else ""
        formula = f"{z}{cap()}(s) = {bound} tanh(s / {bound})"
        return self._state("capped_scores", self.trace.capped_scores, [formula])

    @property
    def biased(self) -> State:
        """What the softmax is taken of, with the bias that it has for one key."""
        row, color, formulas, words = self._state("logits", self.trace.logits, [f"z = {logits(self.trace, 'q dot k')}"])
        return row, color, formulas, self._addition() if self.trace.position_bias is not None else words

    @property
    def last(self) -> State:
        """What the softmax is taken of, but for the mask."""
        if self.trace.position_bias is not None:
            return self.biased
        return self.scaled if self.trace.soft_cap is None else self.capped

    @property
    def masked(self) -> State:
        """The same without what may not be attended to."""
        row, color, formulas, words = self.biased
        return self._allowed(row), color, formulas, words

    @property
    def powers(self) -> State:
        """e to the power of each, in a unit with which the largest has up to four digits before the point."""
        logits = self.trace.logits[self.head][self.query].astype(float)
        digits = 3 * int(max(logits[self.trace.mask[self.query]].max() / np.log(10) - 1, 0) // 3)
        unit = f" / 1e{digits}" if digits else ""
        row, told = self._summed(
            f"exp(logits[{self.head}][{self.query}, {{}}]){unit}", np.exp(logits) / 10**digits, _DECIMALS
        )
        said = upright(_(_UNITS[digits])) if digits in _UNITS else f"{upright(_('in units of'))} 10^{digits}"
        return row, SCORE, ["e^z", said] if digits else ["e^z"], told

    @property
    def weights(self) -> State:
        """The shares."""
        weights = self.trace.weights[self.head][self.query].astype(float)
        row, told = self._summed(f"weights[{self.head}][{self.query}, {{}}]", weights, _SHARE_DECIMALS)
        return row, WEIGHT, ['"softmax"(z) = e^z / (sum e^z)'], told

    def _summed(
        self, source: str, values: NDArray[np.floating], decimals: tuple[int, ...]
    ) -> tuple[list[Fact | None], list[Part]]:
        """Return a row and what is said of its sum, printed with the first ``decimals`` with which all adds up.

        Where none does, the sum is a whole number: shares that print 0.99 in all are not said to make 1.00, but 1. If
        even that is not what is printed, the sum is said to be about that.
        """
        allowed = np.flatnonzero(self.trace.mask[self.query]).tolist()
        rest = [key for key in allowed if key in self.hidden]

        def printed(places: int) -> tuple[list[Fact | None], float]:
            row = [Fact(source.format(key), float(value), places) for key, value in enumerate(values)]
            others = Fact(f"sum({source.format(rest)})", float(values[rest].sum()), places) if rest else None
            told = [row[key] for key in allowed if key not in rest] + ([others] if others else [])
            return self._allowed([*row, others]), sum(fact.printed for fact in told)

        def total(places: int) -> Fact:
            return Fact(f"sum({source.format(allowed)})", float(values[allowed].sum()), places)

        tried = [(places, *printed(places)) for places in decimals]
        short = [one for one in tried if max(len(fact.text) for fact in one[1] if fact) <= _ROOM] or tried[:1]
        exact = (one for one in short if total(one[0]).text == print_number(one[2], one[0]))
        places, row, added = next(exact, (0, *short[0][1:]))
        holds = total(places).text == print_number(added, places)
        if len(allowed) > 1:
            exactly, about = _("sum of all {number}:"), _("sum of all {number} ≈")
        else:
            exactly, about = _("sum:"), _("sum ≈")
        says = (exactly if holds else about).format(number=len(allowed))
        return row, [(says, self.theme.quiet), (total(places), self.theme.text)]

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
        """Return the row of some scores, which have no sum, and which magnitude has the full colour in their matrix."""
        row = self._facts(f"{field}[{self.head}][{self.query}, {{}}]", values[self.head][self.query])
        strongest = Fact(f"max(abs({field}[{self.head}]))", float(np.abs(values[self.head]).max()))
        return [*row, None], SCORE, formulas, [(_("strongest cell:"), self.theme.quiet), (strongest, self.theme.text)]

    def _facts(self, source: str, row: NDArray[np.floating]) -> list[Fact]:
        return [Fact(source.format(key), float(number)) for key, number in enumerate(row)]

    def _allowed(self, row: Sequence[Fact | None]) -> list[Fact | None]:
        """Return a row, and what is last in it, without what may not be attended to."""
        seen = [*self.trace.mask[self.query].tolist(), True]
        return [fact if allowed else None for fact, allowed in zip(row, seen, strict=True)]


def _in_formula(number: str) -> str:
    """Return a number as Python prints it as Typst mathematics, where a comma would stand apart."""
    printed = localized(number)
    return printed if printed == number else upright(printed)


def _adds_up(facts: list[Fact]) -> bool:
    """Whether the last printed number is the sum of those before it."""
    return abs(sum(fact.printed for fact in facts[:-1]) - facts[-1].printed) < 1e-9
