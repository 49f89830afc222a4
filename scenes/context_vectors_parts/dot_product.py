"""`DotProduct`: a row times a column, written out as far as there is room."""

from collections.abc import Sequence

import numpy as np
from manim import Group, Scene

from scenes.drawing.arrays import corners
from scenes.drawing.change import Change
from scenes.drawing.fact import Fact
from scenes.look.fonts import MONO
from scenes.look.theme import KEY, QUERY, SCORE, Rgb, Theme
from scenes.mobjects.label import LINE, Label, Part
from scenes.mobjects.tensor import Tensor


class DotProduct(Group):
    """The first terms of a dot product, how many more there are, and the true result of all of them.

    Parameters
    ----------
    first, second
        The first numbers of each factor, as many as terms are written out.
    hidden
        How many more terms there are.
    result
        The whole, as the trace has it.
    size
        In em, scene units.
    theme
        Gives the other colours.
    colors
        Of the first factor, the second one and the result.
    sums
        What the terms add up to so far: after each that is written out, then at some points of the rest. They take
        turns where the result will stand.
    bias
        What is added to all terms, where the model has it.

    Examples
    --------
    .. code-block:: python

        class Score(DrawingScene):
            def construct(self):
                traced = trace("The cat sat.")
                query = [Fact(f"queries[0][1, {k}]", float(traced.queries[0, 1, k])) for k in range(2)]
                key = [Fact(f"keys[0][2, {k}]", float(traced.keys[0, 2, k])) for k in range(2)]
                score = Fact("scores[0][1, 2]", float(traced.scores[0, 1, 2]))
                product = DotProduct(query, key, traced.d_k - 2, score, 0.4, THEMES["dark"])
                stack(product.parts, Region(-6, -2, 6, 2), 0.2)
                self.add(product)
    """

    def __init__(
        self,
        first: Sequence[Fact],
        second: Sequence[Fact],
        hidden: int,
        result: Fact,
        size: float,
        theme: Theme,
        *,
        colors: tuple[Rgb, Rgb, Rgb] = (QUERY, KEY, SCORE),
        sums: Sequence[Fact] = (),
        bias: Fact | None = None,
    ) -> None:
        self.fact = result
        left, right, self.ink = (theme.ink(color) for color in colors)
        signs: list[list[Part]] = [[("+", theme.quiet)] if index else [] for index in range(len(first))]
        self.terms = [
            Label([*sign, (one, left), ("×", theme.quiet), (other, right)], theme.text, size, MONO)
            for sign, one, other in zip(signs, first, second, strict=True)
        ]
        self.sums = [Label([("so far", theme.quiet), (total, theme.text)], theme.text, size, MONO) for total in sums]
        self.rest = [Label(f"+ … {hidden} more terms", theme.quiet, size * 0.85)] if hidden else []
        last: list[Part] = [("+", theme.quiet), (bias, self.ink), ("bias", theme.quiet)] if bias else []
        self.bias = [Label(last, theme.text, size, MONO)] if bias else []
        self.result = Label([("=", theme.quiet), (result, self.ink)], theme.text, size * 1.15, MONO)
        super().__init__(*self.parts, *self.sums)

    @property
    def parts(self) -> list[Label]:
        """The terms, the rest, the bias and the result, in reading order."""
        return [*self.terms, *self.rest, *self.bias, self.result]

    def gather_sums(self) -> None:
        """Move the sums to where the result stands."""
        for total in self.sums:
            total.move_to(self.result)

    def send_result(self, scene: Scene, tensor: Tensor, row: int, column: int) -> None:
        """Let a copy of the result fly into a cell, given by its place, which then shows it alone in its tensor."""
        cell = tensor.region(row, column)
        flying = Label([(self.fact, self.ink)], self.ink, self.result.height / LINE, MONO)
        flying.move_to(self.result)
        size = tensor.number_size(*tensor.cell_size)
        scale = size * LINE / flying.height if size else 0.8 * cell.width / flying.width
        landed = corners(*cell.center, flying.width * scale, flying.height * scale)
        own = np.zeros(tensor.shape)
        own[row, column] = 1
        scene.play(Change(flying, points=landed, opacity=float(size > 0), run_time=0.9))
        scene.play(Change(tensor, shown=own), Change(flying, opacity=0), run_time=0.3)
        scene.remove(flying)
