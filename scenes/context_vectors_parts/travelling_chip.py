"""`TravellingChip`: one token's chip, which can go from place to place."""

from typing import Any

import numpy as np

from attention import AttentionTrace
from scenes.drawing.arrays import Array, corners
from scenes.drawing.change import Change
from scenes.look.theme import Theme
from scenes.mobjects.token_chips import TokenChips
from scenes.places.chip_texts import TALL, ChipTexts

_ROOMY = 1.1  # height of its box, as a share of a chip's that has all the room it wants


class TravellingChip(TokenChips):
    """The chip of one token, as :class:`~scenes.mobjects.token_chips.TokenChips` draws it among others.

    Parameters
    ----------
    trace
        Gives the token.
    token
        Its index, or -1 for an ellipsis.
    size
        Of the text, in em, scene units.
    theme
        Gives the colours.

    Examples
    --------
    .. code-block:: python

        class Walk(DrawingScene):
            def construct(self):
                chip = TravellingChip(trace("The cat sat."), 1, 0.5, THEMES["dark"]).stand(-4, 0)
                self.add(chip)
                self.play(chip.go(4, 1, size=0.3))
    """

    def __init__(self, trace: AttentionTrace, token: int, size: float, theme: Theme) -> None:
        super().__init__(ChipTexts.of(trace, np.array([token])), "column", size, theme)
        self.stand(0, 0)

    def stand(self, x: float, y: float, pitch: float = np.inf) -> "TravellingChip":
        """Stand around (``x``, ``y``), no taller than fits where chips follow each other every ``pitch`` units."""
        self.points = self._corners(x, y, float(self.size), pitch)
        return self

    def go(self, x: float, y: float, size: float | None = None, pitch: float = np.inf, **more: Any) -> Change:
        """Return the way to (``x``, ``y``), where the text is ``size`` units high; ``more`` changes on the way."""
        size = float(self.size) if size is None else size
        return Change(self, points=self._corners(x, y, size, pitch), size=size, **more)

    def width_at(self, size: float) -> float:
        """Return the chip's width if its text is ``size`` units high."""
        return self.texts.width() * size

    def _corners(self, x: float, y: float, size: float, pitch: float) -> Array:
        return corners(x, y, self.width_at(size), min(pitch, _ROOMY * TALL * size))
