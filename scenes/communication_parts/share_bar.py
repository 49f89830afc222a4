"""`ShareBar`: shares laid end to end, so that they are seen to make a whole."""

from collections.abc import Sequence

import numpy as np

from scenes.drawing.arrays import Array
from scenes.drawing.cairo_context import Context, set_color
from scenes.drawing.drawn_mobject import DrawnMobject
from scenes.drawing.fact import Fact
from scenes.drawing.outlines import ADVANCE, draw_number
from scenes.look.theme import WEIGHT, Rgb, Theme, contrast, mix

_PALER = 0.35  # how far every other share is mixed with the ground, to tell neighbours apart
_NUMBERS: tuple[Rgb, Rgb] = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))


class ShareBar(DrawnMobject):
    """Probabilities as lengths on one bar, whose whole length is 1.

    ``filled`` (n,) says how much of each share is there, 0 to 1; each follows on what is there of those before it.

    Parameters
    ----------
    shares
        n numbers from 0 to 1.
    width, height
        In scene units; the width is a share of 1.
    theme
        Gives the ground's colour.

    Examples
    --------
    .. code-block:: python

        class Shares(DrawingScene):
            def construct(self):
                row = trace("The cat sat.").weights[0, 1].tolist()
                shares = [Fact(f"weights[0][1, {column}]", share) for column, share in enumerate(row)]
                bar = ShareBar(shares, 8, 0.6, THEMES["dark"])
                self.play(Change(bar, filled=1, order=np.linspace(0, 1, len(shares))))
    """

    changing = ("opacity", "filled")

    def __init__(self, shares: Sequence[Fact], width: float, height: float, theme: Theme) -> None:
        super().__init__(width, height)
        self.shares = tuple(shares)
        self.theme = theme
        self.filled: Array = np.zeros(len(self.shares))

    def facts(self) -> list[Fact]:
        """Return the shares."""
        return list(self.shares)

    def paint(self, context: Context, width: float, height: float) -> None:
        """Draw the ground, then the shares from left to right."""
        set_color(context, self.theme.surface, self.opacity[0])
        context.rectangle(0, 0, width, height)
        context.fill()
        x = 0.0
        for index, share in enumerate(self.shares):
            length = share.value * self.filled[index] * width
            color = mix(WEIGHT, self.theme.surface, _PALER * (index % 2))
            set_color(context, color, self.opacity[0])
            context.rectangle(x, 0, length, height)
            context.fill()
            self._print(context, share, x, length, height, color, float(self.filled[index]))
            x += length

    def _print(
        self, context: Context, share: Fact, x: float, length: float, height: float, ground: Rgb, filled: float
    ) -> None:
        """Write a share on its piece if that is long enough."""
        size = 0.6 * height
        if length > ADVANCE * (len(share.text) + 1) * size:
            color = max(_NUMBERS, key=lambda ink: contrast(ink, ground))
            alpha = float(self.opacity[0]) * filled
            draw_number(context, share.text, x + length / 2, height / 2, size, color, alpha, plated=True)
