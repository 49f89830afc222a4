"""`TensorName`: what a matrix is called, and its shape."""

from collections.abc import Sequence

from manim import DOWN, RIGHT, Group

from scenes.drawing.fact import Fact
from scenes.look.theme import Hue, Rgb, Theme
from scenes.mobjects.formula_terms import FormulaTerms
from scenes.mobjects.label import Label, Part


def shape_parts(field: str, shape: Sequence[int], color: Rgb) -> list[Part]:
    """Return the shape of a tensor, a field of the trace, as parts of a label: ``11 × 64``."""
    sizes = [Fact(f"{field}.shape[{axis}]", float(size), 0) for axis, size in enumerate(shape)]
    parts: list[Part] = [(sizes[0], color)]
    for size in sizes[1:]:
        parts += [("×", color), (size, color)]
    return parts


class TensorName(Group):
    """A symbol in its tensor's colour, and beside or under it a line in small text, as a rule the shape.

    Parameters
    ----------
    symbol
        Typst mathematics, such as ``"W_Q"``.
    line
        Parts of a label, such as :func:`shape_parts` returns; may be empty.
    color
        The tensor's.
    sizes
        Of the symbol and of the line, in em, scene units.
    theme
        Gives the colours for text.
    stacked
        Whether the line stands under the symbol.

    Examples
    --------
    .. code-block:: python

        class Named(DrawingScene):
            def construct(self):
                theme = THEMES["dark"]
                shape = shape_parts("w_query[0]", (64, 32), theme.quiet)
                self.add(TensorName("W_Q", shape, QUERY, (0.8, 0.4), theme))
    """

    def __init__(
        self,
        symbol: str,
        line: Sequence[Part],
        color: Hue,
        sizes: tuple[float, float],
        theme: Theme,
        *,
        stacked: bool = False,
    ) -> None:
        self.symbol = FormulaTerms(symbol, [theme.ink(color)], sizes[0])
        self.lines = [Label(line, theme.quiet, sizes[1])] if line else []
        super().__init__(*self.parts)
        side, gap = (DOWN, 0.15) if stacked else (RIGHT, 0.6)
        for label in self.lines:
            label.next_to(self.symbol, side, buff=gap * sizes[1])

    @property
    def parts(self) -> list[FormulaTerms | Label]:
        """The symbol, and the line if there is one."""
        return [self.symbol, *self.lines]
