"""`DotProduct`: a query times a key, written out as far as there is room."""

from collections.abc import Sequence

from manim import Group

from scenes.fact import Fact
from scenes.fonts import MONO
from scenes.mobjects.label import Label, Part
from scenes.theme import KEY, QUERY, SCORE, Theme


class DotProduct(Group):
    """The first terms of a dot product, how many more there are, and the true result of all of them.

    Parameters
    ----------
    query, key
        The first numbers of each, as many as terms are written out.
    hidden
        How many more terms there are.
    score
        The whole dot product, as the trace has it.
    size
        In em, scene units.
    theme
        Gives the colours.
    """

    def __init__(
        self, query: Sequence[Fact], key: Sequence[Fact], hidden: int, score: Fact, size: float, theme: Theme
    ) -> None:
        self.terms = [
            self._term(first, second, index > 0, size, theme)
            for index, (first, second) in enumerate(zip(query, key, strict=True))
        ]
        self.rest = [Label(f"+ … {hidden} more terms", theme.quiet, size * 0.85)] if hidden else []
        self.result = Label([("=", theme.quiet), (score, theme.ink(SCORE))], theme.text, size * 1.15, MONO)
        super().__init__(*self.parts)

    @property
    def parts(self) -> list[Label]:
        """The terms, the rest and the result, in reading order."""
        return [*self.terms, *self.rest, self.result]

    @staticmethod
    def _term(query: Fact, key: Fact, follows: bool, size: float, theme: Theme) -> Label:
        factors: list[Part] = [(query, theme.ink(QUERY)), ("×", theme.quiet), (key, theme.ink(KEY))]
        return Label([("+", theme.quiet), *factors] if follows else factors, theme.text, size, MONO)
