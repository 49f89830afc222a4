"""`DotProduct`: a query times a key, written out as far as there is room."""

import numpy as np
from manim import Group
from numpy.typing import NDArray

from scenes.fonts import MONO
from scenes.mobjects.label import Label
from scenes.mobjects.tensor import fitting_decimals, print_number
from scenes.theme import KEY, QUERY, SCORE, Theme


class DotProduct(Group):
    """The first terms of a dot product, how many more there are, and the true result of all of them.

    Parameters
    ----------
    query, key
        (d_k,).
    score
        Their dot product, as the trace has it.
    decimals
        Printed after the point of the result.
    terms
        How many are written out.
    size
        In em, scene units.
    theme
        Gives the colours.
    """

    def __init__(
        self,
        query: NDArray[np.floating],
        key: NDArray[np.floating],
        score: float,
        decimals: int,
        terms: int,
        size: float,
        theme: Theme,
    ) -> None:
        self.printed_score = print_number(score, decimals)
        places = fitting_decimals(np.concatenate([query, key]))
        self.terms = [
            self._term(
                index, print_number(float(query[index]), places), print_number(float(key[index]), places), size, theme
            )
            for index in range(min(terms, len(query)))
        ]
        hidden = len(query) - len(self.terms)
        self.rest = [Label(f"+ … {hidden} more terms", theme.quiet, size * 0.85)] if hidden else []
        self.result = Label(f"= {self.printed_score}", theme.ink(SCORE), size * 1.15, MONO)
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[Label]:
        """The terms, the rest and the result, in reading order."""
        return [*self.terms, *self.rest, self.result]

    @staticmethod
    def _term(index: int, query: str, key: str, size: float, theme: Theme) -> Label:
        parts = [(query, theme.ink(QUERY)), ("×", theme.quiet), (key, theme.ink(KEY))]
        return Label([("+", theme.quiet), *parts] if index else parts, theme.text, size, MONO)
